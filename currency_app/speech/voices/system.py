"""System speech: a thread that says the newest utterance, unless a more important one is being said.

There is no queue. A camera makes news faster than anyone can speak, and old news about where a note is misleads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from currency_app.errors import VoiceError
from currency_app.events import Utterance
from currency_app.speech.engines.speaker import Playback, Speaker

ErrorHandler = Callable[[Utterance, VoiceError], None]
"""Called with each utterance that could not be heard and why, on the voice's own thread."""

_END_S = 2.0
"""Seconds that `close` waits for the thread, which ends within moments once its sound was stopped; chosen by hand."""


class SystemVoice:
    """Says utterances through a `Speaker`, which makes the sound on this platform.

    `say` cuts off what is being said, or still being made, if that has a lower or equal priority; else it drops the new
    utterance. It never blocks and never raises.

    Args:
        speaker: makes the sound; `close` closes it too.
        on_error: gets what could not be heard; `FallbackVoice` prints it.
        prepare: texts that are likely to be said, made ready in the background.
    """

    def __init__(self, speaker: Speaker, on_error: ErrorHandler, prepare: Sequence[str] = ()) -> None:
        self.name = "system"
        self._speaker = speaker
        self._on_error = on_error
        self._changed = threading.Condition()
        self._next: Utterance | None = None
        self._current: Utterance | None = None
        self._playing: Playback | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="speech", daemon=True)
        self._thread.start()
        if prepare:
            speaker.prepare(prepare)

    def say(self, utterance: Utterance) -> None:
        """Say it now, or drop it if something of a higher priority is being said or about to be."""
        with self._changed:
            ahead = self._next or self._current
            if self._closed or (ahead is not None and ahead.priority > utterance.priority):
                return
            self._next = utterance
            playing = self._playing
            self._changed.notify_all()
        if playing is not None:
            playing.stop()

    def wait(self, timeout_s: float) -> bool:
        """Block until everything is said, at most timeout_s seconds. Return whether it is quiet."""
        with self._changed:
            return self._changed.wait_for(lambda: self._next is None and self._current is None, timeout_s)

    def close(self) -> None:
        """Stop at once and end the thread. Safe to call twice."""
        with self._changed:
            self._closed = True
            self._next = None
            playing = self._playing
            self._changed.notify_all()
        if playing is not None:
            playing.stop()
        self._speaker.close()
        if self._thread is not threading.current_thread():
            self._thread.join(_END_S)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._current = None
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._next is not None or self._closed)
                if self._closed:
                    return
                utterance, self._next = self._next, None
                self._current = utterance
            assert utterance is not None
            try:
                self._sound(utterance)
            except VoiceError as error:
                if not self._closed:
                    self._on_error(utterance, error)

    def _sound(self, utterance: Utterance) -> None:
        playing = self._speaker.start(utterance.text)
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
