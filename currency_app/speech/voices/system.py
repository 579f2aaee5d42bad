"""System speech: a thread that says the newest utterance, unless a more important one is being said.

A second thread watches it, because whatever makes speech may hang: words that do not sound in time are handed over.

There is no queue of hints or values. A camera makes news faster than anyone can speak, and old news about where a note
is misleads. Only the newest STATUS waits until a value has sounded, because nobody would say it again.
"""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.engines.speaker import Playback, Speaker
from currency_app.speech.voices.wanted import AWAKE_S, REACH_S, ErrorHandler, Wanted

_LOOK_S = 0.05
"""Seconds between two looks at whether words sound."""

_END_S = 2.0
"""Seconds that `close` waits for the thread, which ends within moments once its sound was stopped; chosen by hand."""


class SystemVoice:
    """Says utterances through a `Speaker`, which makes the sound on this platform.

    `say` cuts off what is being said, or still being made, if that has a lower or equal priority. Else a STATUS is kept
    until it may sound, and a hint is dropped. A value that is cut off before its end is handed to `on_error`, as is a
    STATUS that a value cuts off: it may be long, and to say it again after each value would be a nuisance. It never
    blocks and never raises.

    What is not known to sound REACH_S after `say` is handed to `on_error` too, whatever keeps it: an engine, a player,
    or a loudspeaker that wakes. It is said all the same as soon as that is possible: words that are printed and then
    heard are better than words that are neither.

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
        self._next: Wanted | None = None
        self._current: Wanted | None = None
        self._kept: Wanted | None = None
        self._cut_by: Utterance | None = None
        self._playing: Playback | None = None
        self._begun = False
        self._ended = False
        self._waking = False
        self._sounded_at = -math.inf
        self._closed = False
        threading.Thread(target=self._watch, name="speech-watch", daemon=True).start()
        self._thread = threading.Thread(target=self._work, name="speech", daemon=True)
        self._thread.start()
        if prepare:
            speaker.prepare(prepare)

    def say(self, utterance: Utterance) -> bool:
        """Say it now, or when it may; return False if it is dropped, because something more important is being said."""
        passed_over = None
        wanted = Wanted(utterance, self._clock())
        with self._changed:
            ahead = self._next or self._current
            if self._closed:
                return False
            if ahead is not None and ahead.utterance.priority > utterance.priority:
                if utterance.priority is not Priority.STATUS:
                    return False
                self._kept = wanted
                return True
            if self._next is not None:
                passed_over = self._unheard(self._next, utterance, begun=False)
            self._next = wanted
            if self._current is not None and self._cut_by is None and not self._ended:
                self._cut_by = utterance
                self._begun = self._playing is not None and self._playing.sounding()
            playing = self._playing
            self._changed.notify_all()
        if playing is not None:
            playing.stop()
        if passed_over is not None:
            self._on_error(passed_over, None)
        return True

    def take_back(self, utterance: Utterance) -> None:
        """Silence this utterance at once if it is being said, and forget it if it is next."""
        with self._changed:
            if self._next is not None and self._next.utterance == utterance:
                self._next = None
                self._changed.notify_all()
            if self._current is None or self._current.utterance != utterance or self._ended:
                return
            self._current.handed_over, self._cut_by = True, self._cut_by or utterance
            playing = self._playing
        if playing is not None:
            playing.stop()

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
        with self._changed:
            left = [wanted for wanted in (self._current, waiting) if wanted is not None and not wanted.handed_over]
            for wanted in left:
                wanted.handed_over = True
        for wanted in left:
            if wanted.utterance.priority is Priority.VALUE:
                self._on_error(wanted.utterance, None)

    def _watch(self) -> None:
        """Hand over what does not sound in time."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or any(self._not_looked_at()))
                if self._closed:
                    return
                self._changed.wait(_LOOK_S)
                late = [wanted for wanted in self._not_looked_at() if self._clock() - wanted.asked_at >= REACH_S]
                lost = [self._late(wanted) for wanted in late]
            for utterance in lost:
                if utterance is not None:
                    self._on_error(utterance, None)

    def _not_looked_at(self) -> Iterator[Wanted]:
        """Yield what is on its way, and a STATUS that is kept, if what it waits for hangs."""
        waits = self._current is not None and (self._ended or not self._current.handed_over)
        on_its_way = (self._current, self._next, None if waits else self._kept)
        return (wanted for wanted in on_its_way if wanted is not None and not wanted.looked_at)

    def _late(self, wanted: Wanted) -> Utterance | None:
        """Return what is to be handed over, as it does not sound in time."""
        wanted.looked_at = True
        if wanted is self._current:
            if self._cut_by is not None:
                lost = self._unheard(wanted, self._cut_by, begun=self._begun)
                wanted.handed_over = lost is not None
                return lost
            if self._playing is not None and self._playing.sounding():
                return None
        elif wanted is self._next:  # the thread hangs: nobody knows when it could be said
            self._next = None
        else:
            self._kept = None
        wanted.handed_over = True
        self._changed.notify_all()
        return wanted.utterance if wanted is self._current else wanted.renewed()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._current = self._cut_by = None
                if self._next is None and self._kept is not None:
                    self._next, self._kept = Wanted(self._kept.renewed(), self._clock()), None
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._next is not None or self._closed or self._waking)
                if self._closed:
                    return
                self._current, self._next, self._waking = self._next, None, False
                self._ended = False
                wanted = self._current
            if wanted is None:
                self._lead_in()
            else:
                self._say_whole(wanted)

    def _say_whole(self, wanted: Wanted) -> None:
        error: VoiceError | None = None
        try:
            self._sound(lambda: self._speaker.start(wanted.utterance.text))
        except VoiceError as why:
            error = why
        except Exception as why:  # a thread that ended here would be silent for good
            error = VoiceError(f"Speech failed: {type(why).__name__}: {' '.join(str(why).split()) or 'no details'}.")
        with self._changed:
            self._sounded_at = self._clock()
            cut_by, closed = self._cut_by, self._closed
            unheard: Utterance | None = wanted.utterance
            if cut_by is not None:
                unheard, error = self._unheard(wanted, cut_by, begun=self._begun), None
            elif closed:
                unheard, error = wanted.utterance if wanted.utterance.priority is Priority.VALUE else None, None
            elif error is None:
                unheard = None
            if wanted.handed_over:
                unheard = None
            wanted.looked_at = self._ended = True
            wanted.handed_over |= unheard is not None
        if unheard is not None or error is not None:
            self._on_error(unheard, error)

    def _unheard(self, wanted: Wanted, newer: Utterance, *, begun: bool) -> Utterance | None:
        """Return what a newer utterance cut off, if its words would be lost; keep a STATUS that has not begun."""
        if wanted.is_lost_to(newer, begun=begun):
            return wanted.utterance
        if not begun and wanted.may_be_kept(newer):
            self._kept = self._kept or Wanted(wanted.utterance, wanted.asked_at)
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
            overtaken = self._next is not None or self._cut_by is not None or self._closed
            self._playing = playing
        try:
            if overtaken:
                playing.stop()
            playing.wait()
        finally:
            with self._changed:
                self._playing = None
                self._ended = True
