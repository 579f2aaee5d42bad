"""Speech on Linux: WAV files made by pyttsx3 in a child process and played by the sound system's player.

A phrase made in advance sounds about 60 ms after it is asked for, and can be cut off within a few milliseconds;
pyttsx3's own `say` on Linux does neither. Files are kept until the app ends, and made again if something removes them,
as what cleans /tmp by age does.
"""

from __future__ import annotations

import contextlib
import threading
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

from currency_app.errors import NoSpeechError, VoiceError
from currency_app.speech.engines.player import INSTALL_SPEECH
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.engines.wav_file import SoundFolder, Wav, cut_lead, measured, unwritable

_READY_S = 10.0
"""Seconds in which a new child process must have its engine ready; generous, chosen by hand."""

_RENDER_S = 1.0
"""Seconds in which one text must have been made, else the engine hangs; it takes some 0.02 s. Chosen by hand, so that
words which wait for a text that hangs are still heard within 2 s, from a new engine."""

_PAUSE_S = 0.02
"""Seconds between two phrases made in the background, since the camera and the model start at the same time."""

_TURN_S = 0.1
"""Seconds in which silence must have its turn to be written, as words may be waiting for it to end; chosen by hand."""

_ROOM_BYTES = 300_000
"""Bytes for which there must be room before a text is made: six seconds at espeak's rate, as the longest text has."""

LEAD_IN_S = 0.4
"""Seconds of silence that wake a loudspeaker.

Bluetooth, HDMI and sleeping cards swallow the first third of a second of what they play."""

_SILENCE_RATE = 22050
"""Samples per second of the silence: espeak's rate."""


class WavCache:
    """Keeps texts as WAV files in a temporary folder, which is removed at `close` or however the process ends.

    start_child: starts the process that makes speech; its argument is the folder to remove at its end.
    """

    def __init__(self, start_child: Callable[[Path], EngineProcess]) -> None:
        self._start_child = start_child
        self._folder = SoundFolder("currency-app-")
        self._child: EngineProcess | None = None
        self._ever_ready = False
        self._made: dict[str, Wav] = {}
        self._silence: Wav | None = None
        self._count = 0
        self._making = threading.Lock()  # held while the child works: one request at a time
        self._turn = threading.Condition()
        self._wanted_now = 0
        self._closed = threading.Event()

    def prepare(self, texts: Sequence[str]) -> None:
        """Make these texts in the background, in this order; a text that `wav` waits for goes first."""
        with contextlib.suppress(RuntimeError):  # no thread to be had now: `wav` makes what is wanted
            threading.Thread(target=self._make_all, args=(list(texts),), name="speech-prepare", daemon=True).start()

    def made(self, text: str) -> Wav | None:
        """Return a text that was made before; None if it must still be made. Never blocks."""
        made = self._made.get(text)
        return made if made is not None and made.is_whole() else None

    def wav(self, text: str, still_wanted: Callable[[], bool] = lambda: True) -> Wav:
        """Return a text as sound, made now if there is no file of it.

        Raises VoiceError if no speech can be made, or if it is its turn to be made and it is no longer wanted.
        """
        made = self.made(text)
        if made is not None:
            return made
        with self._turn:
            self._wanted_now += 1
        try:
            with self._making:
                if not still_wanted():
                    raise VoiceError("The words were cut off.")
                return self._make(text, tries=2)
        finally:
            with self._turn:
                self._wanted_now -= 1
                self._turn.notify_all()

    def silence(self) -> Wav:
        """Return LEAD_IN_S of silence. Raises VoiceError if it cannot be written now."""
        silence = self._silence
        if silence is not None and silence.is_whole():
            return silence
        if not self._making.acquire(timeout=_TURN_S):
            raise VoiceError("The sound files are being made.")
        try:
            path = self._usable_folder() / "silence.wav"
            with path.open("wb") as raw, wave.open(raw, "wb") as out:
                out.setparams((1, 2, _SILENCE_RATE, 0, "NONE", ""))
                out.writeframes(bytes(2 * round(LEAD_IN_S * _SILENCE_RATE)))
            self._silence = measured(path)
            return self._silence
        except OSError as error:
            raise unwritable(error) from error
        finally:
            self._making.release()

    def close(self) -> None:
        """End the child and remove the folder; a `wav` under way in another thread ends with VoiceError."""
        self._closed.set()
        with self._turn:
            self._turn.notify_all()
        child = self._child
        if child is not None:
            child.end()
        with self._making:  # free within moments, because the child is gone
            if self._child is not None:
                self._child.end()
                self._child = None
            self._folder.remove()

    def _make_all(self, texts: Sequence[str]) -> None:
        with contextlib.suppress(VoiceError):
            self.silence()
        failed_before = False
        for text in texts:
            with self._turn:
                self._turn.wait_for(lambda: self._wanted_now == 0 or self._closed.is_set())
            try:
                with self._making:
                    self._make(text, tries=1)
                failed_before = False
            except VoiceError as error:
                if failed_before or isinstance(error, NoSpeechError):
                    return  # the `wav` that needs this text raises the error
                failed_before = True
            if self._closed.wait(_PAUSE_S):
                return

    def _make(self, text: str, *, tries: int) -> Wav:
        """Make one text and return it; the caller holds `_making`. A child that died or hangs is ended."""
        for left in reversed(range(tries)):
            made = self.made(text)
            if made is not None:
                return made
            if self._closed.is_set():
                raise VoiceError("The voice was closed.")
            folder = self._usable_folder()
            try:
                self._made[text] = self._synthesize(text, folder)
            except VoiceError:
                self._end_child()
                if not left:
                    raise
        return self._made[text]

    def _usable_folder(self) -> Path:
        """Return the folder, a new one if there is none any more; the caller holds `_making`."""
        folder = self._folder.usable()
        if folder is not None:
            return folder
        self._end_child()  # it would remove the old folder at its end
        self._made.clear()
        if self._closed.is_set():
            raise VoiceError("The voice was closed.")
        return self._folder.make()

    def _end_child(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _synthesize(self, text: str, folder: Path) -> Wav:
        if self._child is None:
            self._child = self._start_child(folder)
            if self._closed.is_set():  # `close` found no child to end yet; `_make` ends this one
                raise VoiceError("The voice was closed.")
            try:
                self._child.answer(_READY_S)
            except VoiceError as error:
                # An engine that has worked is not missing, whatever keeps it from starting again.
                kind = VoiceError if self._ever_ready else type(error)
                raise kind(f"{error} {INSTALL_SPEECH}") from error
        self._ever_ready = True
        self._count += 1
        path = folder / f"{self._count}.wav"
        try:
            path.write_bytes(bytes(_ROOM_BYTES))  # on a full disk the engine would not answer for seconds
        except OSError as error:
            raise unwritable(error) from error
        self._child.request(text, path)
        self._child.answer(_RENDER_S)
        return cut_lead(measured(path))
