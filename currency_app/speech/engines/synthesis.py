"""Speech on Linux: WAV files made by pyttsx3 in a child process and played by the sound system's player.

A phrase made in advance sounds about 60 ms after it is asked for, and can be cut off within a few milliseconds;
pyttsx3's own `say` on Linux does neither. Files are kept until the app ends.
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
"""Seconds in which a new child process must have its engine ready; generous, chosen by hand."""

_RENDER_S = 5.0
"""Seconds in which one text must have been made; generous, chosen by hand."""

_PROBE_S = 0.5
"""A player that still plays the test silence after so many seconds has a sound device; chosen by hand."""

_PAUSE_S = 0.02
"""Seconds between two phrases made in the background, since the camera and the model start at the same time."""

_SILENCE_RATE, _SILENCE_SAMPLES = 22050, 1102
"""Samples per second and samples of the test silence: a twentieth of a second at espeak's rate."""


class Wav(NamedTuple):
    """One text as a WAV file."""

    path: Path
    """The file."""
    seconds: float
    """How long it lasts."""


class WavCache:
    """Keeps texts as WAV files in a temporary folder, which is removed at `close` or however the process ends.

    start_child: starts the process that makes speech; its argument is the folder to remove at its end.
    """

    def __init__(self, start_child: Callable[[Path], EngineProcess]) -> None:
        self._start_child = start_child
        self._folder = tempfile.TemporaryDirectory(prefix="currency-app-", ignore_cleanup_errors=True)
        self._child: EngineProcess | None = None
        self._made: dict[str, Wav] = {}
        self._making = threading.Lock()  # held while the child works: one request at a time
        self._turn = threading.Condition()
        self._wanted_now = 0
        self._closed = threading.Event()

    def prepare(self, texts: Sequence[str]) -> None:
        """Make these texts in the background, in this order; a text that `wav` waits for goes first."""
        threading.Thread(target=self._make_all, args=(list(texts),), name="speech-prepare", daemon=True).start()

    def wav(self, text: str) -> Wav:
        """Return a text as sound, made now if it was not before. Raises VoiceError if no speech can be made."""
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
        """Return a twentieth of a second of silence, to try a player with."""
        path = Path(self._folder.name) / "silence.wav"
        with wave.open(str(path), "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(_SILENCE_RATE)
            out.writeframes(bytes(2 * _SILENCE_SAMPLES))
        return Wav(path, 0.05)

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
        self._folder.cleanup()

    def _make_all(self, texts: Sequence[str]) -> None:
        for text in texts:
            with self._turn:
                self._turn.wait_for(lambda: self._wanted_now == 0 or self._closed.is_set())
            try:
                with self._making:
                    self._make(text)
            except VoiceError:
                return  # the `wav` that needs this text raises the error
            if self._closed.wait(_PAUSE_S):
                return

    def _make(self, text: str) -> Wav:
        """Make one text and return it; the caller holds `_making`. A child that died or hangs is replaced once."""
        for last_try in (False, True):
            if text in self._made:
                return self._made[text]
            if self._closed.is_set():
                raise VoiceError("The voice was closed.")
            try:
                self._made[text] = self._synthesize(text)
            except VoiceError:
                if self._child is not None:
                    self._child.end()
                    self._child = None
                if last_try:
                    raise
        return self._made[text]

    def _synthesize(self, text: str) -> Wav:
        path = Path(self._folder.name) / f"{len(self._made)}.wav"
        if self._child is None:
            self._child = self._start_child(Path(self._folder.name))
            if self._closed.is_set():  # `close` found no child to end yet; `_make` ends this one
                raise VoiceError("The voice was closed.")
            try:
                self._child.answer(_READY_S)
            except VoiceError as error:
                raise VoiceError(f"{error} {INSTALL_SPEECH}") from error
        self._child.request(text, path)
        self._child.answer(_RENDER_S)
        return Wav(path, _seconds(path))


class WavSpeaker:
    """The `Speaker` of Linux, which plays WAV files."""

    def __init__(self, cache: WavCache, player: WavPlayer) -> None:
        self.cache = cache
        self._player = player

    def prepare(self, texts: Sequence[str]) -> None:
        """Make these texts in the background."""
        self.cache.prepare(texts)

    def start(self, text: str) -> Playback:
        """Start to sound; does not block if the text was made in advance."""
        return self._player.play(*self.cache.wav(text))

    def probe(self, text: str) -> None:
        """Make the text, and play a moment of silence; a player that still plays after a while has its device."""
        self.cache.wav(text)
        playing = self._player.play(*self.cache.silence())
        enough = threading.Timer(_PROBE_S, playing.stop)
        enough.start()
        try:
            playing.wait()
        finally:
            enough.cancel()

    def close(self) -> None:
        """End the child and remove the files."""
        self.cache.close()


def _seconds(path: Path) -> float:
    """Return how long a WAV file lasts. Raises VoiceError if there is no sound in it."""
    try:
        with wave.open(str(path), "rb") as made:
            seconds = made.getnframes() / made.getframerate()
    except (OSError, EOFError, wave.Error) as error:
        raise VoiceError(f"The speech engine wrote no sound: {error}.") from error
    if seconds == 0:
        raise VoiceError("The speech engine wrote no sound.")
    return seconds
