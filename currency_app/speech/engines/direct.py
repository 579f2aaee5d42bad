"""Speech on Windows and macOS, whose own engine makes the sound. Not measured on such machines.

pyttsx3 2.99 has been reported to stay silent from the second text on, to hang, and not to stop. One process for each
text avoids all three: its engine is always new, and ending the process silences it. The next process is started in
advance, so that its start-up is not heard as a delay. It is made ready on a thread of its own: a text that is cut off
before that leaves it to the next one.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

from currency_app.errors import VoiceError
from currency_app.speech.engines.player import LATE_S
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.engines.speaker import Playback

_READY_S = 10.0
"""Seconds in which a new process must have its engine ready, else another one is started; generous, chosen by hand."""

_LETTER_S = 0.2
"""Seconds that a letter of a text may take: at 80 words per minute, the slowest rate, it takes 0.15 s."""


class DirectSpeaker:
    """Speaks each text through a process of its own that owns an engine.

    start_child: starts such a process, which then waits for its text.
    """

    def __init__(self, start_child: Callable[[], EngineProcess]) -> None:
        self._start_child = start_child
        self._changed = threading.Condition()
        self._spare: EngineProcess | None = None
        self._starting: EngineProcess | None = None
        self._is_starting = False
        self._trouble: VoiceError | None = None
        self._ever_ready = False
        self._closed = False

    def prepare(self, texts: Sequence[str]) -> None:
        """Make the first process ready in the background; the texts themselves need no preparation."""
        with contextlib.suppress(RuntimeError):  # no thread to be had now: `take` tries again
            self._begin_to_start()

    def start(self, text: str) -> Playback:
        """Return at once; the text sounds as soon as an engine is ready, once somebody waits for it."""
        with self._changed:
            self._check_open()
        self.prepare([])
        return _EnginePlayback(self, text)

    def wake(self) -> None:
        """Do nothing: the engine says words only."""

    def probe(self, text: str) -> None:
        """Make an engine ready, and keep it for the first text."""
        child = self.take(lambda: False)
        if child is not None:
            self.give_back(child)

    def close(self) -> None:
        """End the process that waits for a text; one that speaks is stopped through its `Playback`."""
        with self._changed:
            self._closed = True
            waiting = [child for child in (self._spare, self._starting) if child is not None]
            self._spare = None
            self._changed.notify_all()
        for child in waiting:
            child.end()

    def take(self, cut_off: Callable[[], bool]) -> EngineProcess | None:
        """Wait until a process has its engine ready, and return it; None if the text was cut off.

        cut_off: tells that; call `look_again` when it changes. Raises VoiceError if there is no engine, or not in time.
        """
        try:
            self._begin_to_start()
        except RuntimeError as error:
            raise VoiceError(f"The speech engine's process cannot be used: {error}.") from error
        with self._changed:
            self._changed.wait_for(lambda: not self._is_starting or self._closed or cut_off())
            self._check_open()
            if cut_off():
                return None
            child, self._spare = self._spare, None
            if child is not None:
                return child
            trouble = self._trouble or VoiceError("The speech engine's process was taken.")
            # An engine that has worked is not missing, whatever keeps it from starting again.
            raise VoiceError(str(trouble)) if self._ever_ready else trouble

    def give_back(self, child: EngineProcess) -> None:
        """Keep a process that was not needed for the next text."""
        with self._changed:
            if self._spare is None and not self._closed:
                self._spare = child
                return
        child.end()

    def look_again(self) -> None:
        """Wake up a `take` whose text was cut off."""
        with self._changed:
            self._changed.notify_all()

    def _check_open(self) -> None:
        if self._closed:
            raise VoiceError("The voice was closed.")

    def _begin_to_start(self) -> None:
        """Start a process on a thread of its own, unless there is one.

        Raises RuntimeError if no thread is to be had.
        """
        with self._changed:
            if self._closed or self._is_starting or self._spare is not None:
                return
            threading.Thread(target=self._make_ready, name="speech-prepare", daemon=True).start()
            self._is_starting = True

    def _make_ready(self) -> None:
        child, trouble = None, None
        try:
            child = self._start_child()
            with self._changed:
                self._starting = child
                self._check_open()
            child.answer(_READY_S)
        except VoiceError as error:
            trouble = error
            if child is not None:
                child.end()
        with self._changed:
            self._starting, self._is_starting, self._trouble = None, False, trouble
            usable = child if trouble is None and not self._closed else None
            self._ever_ready |= trouble is None
            self._spare = usable
            self._changed.notify_all()
        if child is not None and usable is None:
            child.end()


class _EnginePlayback:
    """The `Playback` of one text, said by a process of its own."""

    def __init__(self, speaker: DirectSpeaker, text: str) -> None:
        self._speaker = speaker
        self._text = text
        self._lock = threading.Lock()
        self._child: EngineProcess | None = None
        self._stopped = False

    def wait(self) -> None:
        child = self._speaker.take(lambda: self._stopped)
        if child is None:
            return
        with self._lock:
            if self._stopped:
                self._speaker.give_back(child)
                return
            self._child = child
        try:
            child.request(self._text, None)
            self._speaker.prepare([])
            child.answer(LATE_S + _LETTER_S * len(self._text))
        except VoiceError:
            if not self._stopped:
                raise
        finally:
            child.end()

    def sounding(self) -> bool:
        return self._child is not None and self._child.begun

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            child = self._child
        if child is not None:
            child.end()
        else:
            self._speaker.look_again()
