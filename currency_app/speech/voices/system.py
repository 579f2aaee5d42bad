"""System speech: a thread that says the newest utterance, unless a more important one is being said.

There is no queue of hints or values. A camera makes news faster than anyone can speak, and old news about where a note
is misleads. Only the newest STATUS waits until a value has sounded, because nobody would say it again.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.engines.speaker import Playback, Speaker

ErrorHandler = Callable[[Utterance, VoiceError | None], None]
"""Called with each utterance that could not be heard and why; None for one that was cut off before its end."""

_END_S = 2.0
"""Seconds that `close` waits for the thread, which ends within moments once its sound was stopped; chosen by hand."""

AWAKE_S = 3.0
"""Seconds without sound after which a loudspeaker may sleep.

PulseAudio and PipeWire suspend an idle one after 5 s, and before that it costs nothing to be too careful."""


class SystemVoice:
    """Says utterances through a `Speaker`, which makes the sound on this platform.

    `say` cuts off what is being said, or still being made, if that has a lower or equal priority. Else a STATUS is kept
    until it may sound, and a hint is dropped. A value that is cut off before its end is handed to `on_error`, as is a
    STATUS that a value cuts off: it may be long, and to say it again after each value would be a nuisance. It never
    blocks and never raises.

    Args:
        speaker: makes the sound; `close` closes it too.
        on_error: gets what could not be heard, on any thread; `FallbackVoice` prints it.
        prepare: texts that are likely to be said, made ready in the background.
        clock: returns seconds, as time.monotonic does.
    """

    def __init__(
        self,
        speaker: Speaker,
        on_error: ErrorHandler,
        prepare: Sequence[str] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = "system"
        self._speaker = speaker
        self._on_error = on_error
        self._clock = clock
        self._changed = threading.Condition()
        self._next: Utterance | None = None
        self._current: Utterance | None = None
        self._kept: Utterance | None = None
        self._cut_by: Utterance | None = None
        self._playing: Playback | None = None
        self._begun = False
        self._ended = False
        self._waking = False
        self._sounded_at = -math.inf
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="speech", daemon=True)
        self._thread.start()
        if prepare:
            speaker.prepare(prepare)

    def say(self, utterance: Utterance) -> bool:
        """Say it now, or when it may; return False if it is dropped, because something more important is being said."""
        passed_over = None
        with self._changed:
            ahead = self._next or self._current
            if self._closed:
                return False
            if ahead is not None and ahead.priority > utterance.priority:
                if utterance.priority is not Priority.STATUS:
                    return False
                self._kept = utterance
                return True
            if self._next is not None:
                passed_over = self._unheard(self._next, utterance, begun=False)
            self._next = utterance
            if self._current is not None and self._cut_by is None and not self._ended:
                self._cut_by = utterance
                self._begun = self._playing is not None
            playing = self._playing
            self._changed.notify_all()
        if playing is not None:
            playing.stop()
        if passed_over is not None:
            self._on_error(passed_over, None)
        return True

    def wake(self) -> None:
        """Wake the loudspeaker with a moment of silence, if there has been no sound for AWAKE_S."""
        with self._changed:
            busy = self._next is not None or self._current is not None or self._closed
            if busy or self._clock() - self._sounded_at < AWAKE_S:
                return
            self._sounded_at = self._clock()
            self._waking = True
            self._changed.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Block until everything is said, at most timeout_s seconds. Return whether it is quiet."""
        with self._changed:
            return self._changed.wait_for(lambda: self._next is None and self._current is None, timeout_s)

    def close(self) -> None:
        """Stop at once and end the thread. Safe to call twice."""
        with self._changed:
            waiting, self._next, self._kept = self._next, None, None
            self._closed = True
            playing = self._playing
            self._changed.notify_all()
        if playing is not None:
            playing.stop()
        self._speaker.close()
        if self._thread is not threading.current_thread():
            self._thread.join(_END_S)
        if waiting is not None and waiting.priority is Priority.VALUE:
            self._on_error(waiting, None)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._current = self._cut_by = None
                if self._next is None and self._kept is not None:
                    self._next, self._kept = _renewed(self._kept), None
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._next is not None or self._closed or self._waking)
                if self._closed:
                    return
                self._current, self._next, self._waking = self._next, None, False
                self._ended = False
                utterance = self._current
            if utterance is None:
                self._lead_in()
            else:
                self._say_whole(utterance)

    def _say_whole(self, utterance: Utterance) -> None:
        error: VoiceError | None = None
        try:
            self._sound(lambda: self._speaker.start(utterance.text))
        except VoiceError as why:
            error = why
        except Exception as why:  # a thread that ended here would be silent for good
            error = VoiceError(f"Speech failed: {type(why).__name__}: {' '.join(str(why).split()) or 'no details'}.")
        with self._changed:
            self._sounded_at = self._clock()
            cut_by, closed = self._cut_by, self._closed
            unheard = None
            if cut_by is not None:
                unheard = self._unheard(utterance, cut_by, begun=self._begun)
            elif closed:
                unheard = utterance if utterance.priority is Priority.VALUE else None
        if unheard is not None:
            self._on_error(unheard, None)
        elif error is not None and cut_by is None and not closed:
            self._on_error(utterance, error)

    def _unheard(self, utterance: Utterance, newer: Utterance, *, begun: bool) -> Utterance | None:
        """Return what a newer utterance cut off, if its words would be lost; keep a STATUS that has not begun.

        "Maybe 20 dollars. Turn the note over" is not lost if "20 dollars" follows, nor is a value that is said again.
        """
        if utterance.priority is Priority.VALUE:
            return None if f" {newer.text}." in f" {utterance.text}." else utterance
        if utterance.priority is Priority.STATUS and newer.priority is Priority.VALUE:
            if begun:
                return utterance
            self._kept = self._kept or utterance
        return None

    def _lead_in(self) -> None:
        with contextlib.suppress(Exception):  # the words that follow find out what is wrong, and report it
            self._sound(self._speaker.wake)

    def _sound(self, start: Callable[[], Playback | None]) -> None:
        playing = start()
        if playing is None:
            return
        with self._changed:
            # `say` may have come while the speech was made, when there was nothing to stop yet.
            overtaken = self._next is not None or self._closed
            self._playing = playing
        try:
            if overtaken:
                playing.stop()
            playing.wait()
        finally:
            with self._changed:
                self._playing = None
                self._ended = True


def _renewed(utterance: Utterance) -> Utterance:
    """Return what had to wait in the words of now."""
    text = utterance.text if utterance.renew is None else utterance.renew()
    return utterance if text == utterance.text else replace(utterance, text=text)
