"""An engine, a loudspeaker and a page in virtual time: what of the app's words is heard, and what is printed."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass
from pathlib import Path

from currency_app.errors import NoSoundError, NoSpeechError, VoiceError
from currency_app.speech.engines import Playback, WavSpeaker
from currency_app.speech.engines.player import BEGIN_S
from currency_app.speech.engines.synthesis import WavCache
from tests.support.chaos.virtual_time import VirtualTime

_LETTER_S = 0.06
"""Seconds that a letter sounds."""
_RATE = 1000
"""Samples a second of the files: enough to last as long as speech."""
_BEGINS_S = 0.06
"""Seconds from a player's start to the first sound."""


@dataclass
class Words:
    """Words that sounded: from when to when, in seconds, whether to their end, and when they were taken."""

    text: str
    begin_s: float
    end_s: float
    whole: bool
    taken_s: float = 0.0


class ChaosSound:
    """The engine, the sound device and all that was heard. What is public may be set at any time.

    engine: "works", "killed", "hangs", "slow" or "missing". device: "works", "gone", "hangs" or "late".
    """

    def __init__(self, time: VirtualTime) -> None:
        self.engine = "works"
        self.device = "works"
        self.heard: list[Words] = []
        self.time = time
        self.texts: dict[Path, str] = {}
        self.folders: list[Path] = []

    def speaker(self, language: str, rate: int | None, warn: object = None) -> WavSpeaker:
        """Return a speaker, as `platforms.open_speaker` does."""
        return WavSpeaker(WavCache(lambda folder: _Engine(self, folder)), _Player(self))  # type: ignore


class _Engine:
    """An `EngineProcess`, which dies of the engine's trouble."""

    def __init__(self, sound: ChaosSound, folder: Path) -> None:
        self._sound = sound
        self._wanted: tuple[str, Path] | None = None
        self._ready = False
        self._dead = False
        sound.folders.append(folder)
        if sound.engine == "missing":
            raise NoSpeechError("The speech engine's process cannot be started: No such file or directory.")

    def request(self, text: str, path: Path | None) -> None:
        assert path is not None
        if self._dead:
            raise VoiceError("The speech engine's process ended.")
        self._wanted = (text, path)

    def answer(self, timeout_s: float) -> None:
        time = self._sound.time
        takes_s = (0.02 if self._ready else 0.3) * (40 if self._sound.engine == "slow" else 1)
        until = time.now + min(takes_s, timeout_s)
        while time.now < until and not self._dead and self._sound.engine != "killed":
            time.sleep(min(0.05, max(until - time.now, 0.001)))
        if self._sound.engine == "killed" or self._dead:
            self._dead = True
            raise VoiceError("The speech engine does not work: its process ended.")
        if self._sound.engine == "hangs" or takes_s > timeout_s:
            time.block(lambda: self._dead, timeout_s)
            raise VoiceError(f"The speech engine did not answer within {timeout_s:.0f} seconds.")
        self._ready = True
        if self._wanted is not None:
            text, path = self._wanted
            self._write(path, round(_RATE * _LETTER_S * len(text)))
            self._sound.texts[path] = text
            self._wanted = None

    def end(self) -> None:
        self._dead = True

    def _write(self, path: Path, samples: int) -> None:
        try:
            with path.open("wb") as raw, wave.open(raw, "wb") as file:
                file.setparams((1, 2, _RATE, 0, "NONE", ""))
                file.writeframes(b"\x00\x40" * samples)
        except OSError as error:
            raise VoiceError("The speech engine does not work: it could not write.") from error


class _Player:
    """A `WavPlayer` on the one loudspeaker."""

    def __init__(self, sound: ChaosSound) -> None:
        self._sound = sound

    def play(self, wav: Path, seconds: float) -> Playback:
        return _Playing(self._sound, self._sound.texts.get(wav, ""), seconds)


class _Playing:
    """A `WavPlayback`, which gives up on a device that does not play as that does."""

    def __init__(self, sound: ChaosSound, text: str, seconds: float) -> None:
        self._sound = sound
        self._text = text
        self._seconds = seconds
        self._stopped = False
        self._words: Words | None = None

    def wait(self) -> None:
        time, sound = self._sound.time, self._sound
        began = time.now
        begins_s = 1.2 if sound.device == "late" else _BEGINS_S
        time.block(self._is_stopped, begins_s)
        if sound.device == "hangs":
            time.block(lambda: self._is_stopped() or sound.device != "hangs", max(BEGIN_S - time.now + began, 0.0))
        if self._is_stopped():
            return
        if sound.device in ("gone", "hangs"):
            raise NoSoundError(f"No sound device takes the speech (it is {sound.device}).")
        words = self._words = Words(self._text, time.now, time.now, whole=False)
        if self._text:
            sound.heard.append(words)
        time.block(lambda: self._is_stopped() or sound.device in ("gone", "hangs"), self._seconds)
        words.end_s = time.now
        if self._is_stopped():
            return
        if sound.device in ("gone", "hangs") and words.end_s - words.begin_s < self._seconds - 1e-6:
            raise NoSoundError(f"No sound device takes the speech (it is {sound.device}).")
        words.whole = True

    def sounding(self) -> bool:
        return self._words is not None and self._sound.time.now - self._words.begin_s > 0.05

    def stop(self) -> None:
        self._stopped = True

    def _is_stopped(self) -> bool:
        return self._stopped


class Page(io.StringIO):
    """A stream that keeps each line with when it was written."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__()
        self.lines: list[tuple[float, str]] = []
        self._time = time
        self._open = ""

    def write(self, text: str) -> int:
        *lines, self._open = (self._open + text).split("\n")
        self.lines += [(self._time.now, line) for line in lines]
        return len(text)

    @property
    def printed(self) -> list[tuple[float, str]]:
        """The lines, and what of the last one there is."""
        return [*self.lines, *([(self._time.now, self._open)] if self._open else [])]
