"""Speech as WAV files: made by pyttsx3 in a child process, kept until the end, played by the sound system's player.

A fixed phrase made beforehand sounds about 60 ms after it is asked for, and can be cut off within a few milliseconds;
pyttsx3's own `say` on Linux does neither.
"""

from __future__ import annotations

import tempfile
import threading
import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from currency_app.errors import VoiceError
from currency_app.speech.engines.player import INSTALL_SPEECH, WavPlayer
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.engines.speaker import Playback

_READY_S = 10.0
_RENDER_S = 5.0
_PROBE_S = 0.5
_BREATH_S = 0.02  # between two phrases made in the background: the camera and the model start at the same time


class Wav(NamedTuple):
    """One text as sound. seconds: how long it lasts."""

    path: Path
    seconds: float


class WavCache:
    """Texts as WAV files in a temporary folder that goes away at `close`, or with the process however it ends.

    start_child: starts the process that makes speech; it is given the folder to remove at its end.
    """

    def __init__(self, start_child: Callable[[Path], EngineProcess]) -> None:
        self._start_child = start_child
        self._folder = tempfile.TemporaryDirectory(prefix="currency-app-", ignore_cleanup_errors=True)
        self._child: EngineProcess | None = None
        self._made: dict[str, Wav] = {}
        self._making = threading.Lock()  # held while the child is asked: one request at a time
        self._turn = threading.Condition()
        self._wanted_now = 0
        self._closed = threading.Event()

    def prepare(self, texts: Sequence[str]) -> None:
        """Make these texts in the background, in this order; what `wav` is asked for goes first."""
        threading.Thread(target=self._make_all, args=(list(texts),), name="speech-prepare", daemon=True).start()

    def wav(self, text: str) -> Wav:
        """The text as sound, made now if it was not yet. VoiceError where no speech can be made."""
        made = self._made.get(text)
        if made is not None:
            return made
        with self._turn:
            self._wanted_now += 1
        try:
            with self._making:
                return self._make(text)
        finally:
            with self._turn:
                self._wanted_now -= 1
                self._turn.notify_all()

    def silence(self) -> Wav:
        """A twentieth of a second of silence, to try a player with."""
        path = Path(self._folder.name) / "silence.wav"
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(22050)
            out.writeframes(bytes(2 * 1102))
        return Wav(path, 0.05)

    def close(self) -> None:
        """End the child and remove the folder; a `wav` under way in another thread ends with VoiceError."""
        self._closed.set()
        with self._turn:
            self._turn.notify_all()
        child = self._child
        if child is not None:
            child.end()
        with self._making:  # free within moments, for the child is gone
            if self._child is not None:
                self._child.end()
                self._child = None
        self._folder.cleanup()

    def _make_all(self, texts: Sequence[str]) -> None:
        for text in texts:
            with self._turn:
                self._turn.wait_for(lambda: self._wanted_now == 0 or self._closed.is_set())
            try:
                with self._making:
                    self._make(text)
            except VoiceError:
                return  # whoever wants to hear it is told
            if self._closed.wait(_BREATH_S):
                return

    def _make(self, text: str) -> Wav:
        """Make one text; the caller holds `_making`. A child that died or hangs is replaced once."""
        for last_try in (False, True):
            if text in self._made:
                return self._made[text]
            if self._closed.is_set():
                raise VoiceError("The voice was closed.")
            try:
                self._made[text] = self._ask(text)
            except VoiceError:
                if self._child is not None:
                    self._child.end()
                    self._child = None
                if last_try:
                    raise
        return self._made[text]

    def _ask(self, text: str) -> Wav:
        path = Path(self._folder.name) / f"{len(self._made)}.wav"
        if self._child is None:
            self._child = self._start_child(Path(self._folder.name))
            if self._closed.is_set():  # `close` came before there was a child to end; `_make` ends it
                raise VoiceError("The voice was closed.")
            try:
                self._child.answer(_READY_S)
            except VoiceError as error:
                raise VoiceError(f"{error} {INSTALL_SPEECH}") from error
        self._child.request(text, path)
        self._child.answer(_RENDER_S)
        return Wav(path, _seconds(path))


class WavSpeaker:
    """Speaks through files and a player: Linux."""

    def __init__(self, cache: WavCache, player: WavPlayer) -> None:
        self.cache = cache
        self._player = player

    def prepare(self, texts: Sequence[str]) -> None:
        """Make these texts in the background."""
        self.cache.prepare(texts)

    def start(self, text: str) -> Playback:
        """Start to sound; a text made beforehand does not block."""
        return self._player.play(*self.cache.wav(text))

    def probe(self, text: str) -> None:
        """Make the text, and play a moment of silence; a player that is still at it after a while has its device."""
        self.cache.wav(text)
        playing = self._player.play(*self.cache.silence())
        enough = threading.Timer(_PROBE_S, playing.stop)
        enough.start()
        try:
            playing.wait()
        finally:
            enough.cancel()

    def close(self) -> None:
        """Let the child and the files go."""
        self.cache.close()


def _seconds(path: Path) -> float:
    """How long a WAV file lasts. VoiceError where there is no sound in it."""
    try:
        with wave.open(str(path), "rb") as made:
            seconds = made.getnframes() / made.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise VoiceError(f"The speech engine wrote no sound: {error}.") from error
    if seconds == 0:
        raise VoiceError("The speech engine wrote no sound.")
    return seconds
