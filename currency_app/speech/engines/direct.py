"""Speech on Windows and macOS, whose own engine makes the sound. Not measured on such machines.

pyttsx3 2.99 has been reported to stay silent from the second text on, to hang, and not to stop. One process for each
text avoids all three: its engine is always new, and ending the process silences it. The next process is started in
advance, so that its start-up is not heard as a delay.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

from currency_app.errors import NoSpeechError, VoiceError
from currency_app.speech.engines.player import LATE_S
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.engines.speaker import Playback

_READY_S = 20.0
"""Seconds in which a new process must have its engine ready; generous, chosen by hand."""

_LETTER_S = 0.2
"""Seconds that a letter of a text may take: at 80 words per minute, the slowest rate, it takes 0.15 s."""


class DirectSpeaker:
    """Speaks each text through a process of its own that owns an engine.

    start_child: starts such a process, which then waits for its text.
    """

    def __init__(self, start_child: Callable[[], EngineProcess]) -> None:
        self._start_child = start_child
        self._lock = threading.Lock()
        self._spare: EngineProcess | None = None
        self._starting: EngineProcess | None = None
        self._ever_ready = False
        self._closed = False

    def prepare(self, texts: Sequence[str]) -> None:
        """Start the first process in advance, in the background; the texts themselves need no preparation."""
        with contextlib.suppress(RuntimeError):  # no thread to be had now: `start` starts the process itself
            threading.Thread(target=self._start_spare, name="speech-prepare", daemon=True).start()

    def start(self, text: str) -> Playback:
        """Start to sound, once the process is ready."""
        child = self._take()
        try:
            child.answer(_READY_S)
            self._ever_ready = True
            child.request(text, None)
        except NoSpeechError as error:
            child.end()
            # An engine that has worked is not missing, whatever keeps it from starting again.
            raise (VoiceError(str(error)) if self._ever_ready else error) from None
        except VoiceError:
            child.end()
            raise
        finally:
            self._starting = None
        self.prepare([])
        return _EnginePlayback(child, LATE_S + _LETTER_S * len(text))

    def wake(self) -> None:
        """Do nothing: the engine says words only."""

    def probe(self, text: str) -> None:
        """Start an engine and leave it unused."""
        child = self._take()
        try:
            child.answer(_READY_S)
        finally:
            self._starting = None
            child.end()

    def close(self) -> None:
        """End the process that waits for a text; one that speaks is stopped through its `Playback`."""
        with self._lock:
            self._closed = True
            waiting = [child for child in (self._spare, self._starting) if child is not None]
            self._spare = None
        for child in waiting:
            child.end()

    def _take(self) -> EngineProcess:
        with self._lock:
            if self._closed:
                raise VoiceError("The voice was closed.")
            child, self._spare = self._spare or self._start_child(), None
            self._starting = child
        return child

    def _start_spare(self) -> None:
        with self._lock:
            if self._closed or self._spare is not None:
                return
            try:
                self._spare = self._start_child()
            except VoiceError:
                return  # the next `start` tries again and raises this error


class _EnginePlayback:
    """The `Playback` of one process that speaks."""

    def __init__(self, child: EngineProcess, limit_s: float) -> None:
        self._child = child
        self._limit_s = limit_s
        self._stopped = False

    def wait(self) -> None:
        try:
            self._child.answer(self._limit_s)
        except VoiceError:
            if not self._stopped:
                raise
        finally:
            self._child.end()

    def stop(self) -> None:
        self._stopped = True
        self._child.end()
