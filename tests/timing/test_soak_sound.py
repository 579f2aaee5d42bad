"""Where no sound server is installed, a soak hears by a program in place of the player."""

from __future__ import annotations

import os
import sys
import time
import wave
from pathlib import Path

import pytest

from currency_app.speech.engines.player import WavPlayer
from tests.support.soak.sound import LoggingEar

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the soak runs on Linux")


def write_sound(path: Path, level: int) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(level.to_bytes(2, "little") * 4000)
    return path


def test_what_is_played_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    players = tmp_path / "players"
    players.mkdir()
    ear = LoggingEar(players)
    monkeypatch.setenv("PATH", ear.env["PATH"])
    assert os.environ["PATH"].startswith(str(players))
    sound, other = write_sound(tmp_path / "a.wav", 1), write_sound(tmp_path / "b.wav", 2)
    decided_s = time.perf_counter()
    WavPlayer().play(sound, 4000 / 22050).wait()
    heard_s = ear.onset(decided_s, sound)
    assert heard_s is not None
    assert decided_s < heard_s < time.perf_counter()
    assert ear.onset(decided_s, other) is None
    assert ear.onset(decided_s, tmp_path / "absent.wav") is None
    assert ear.onset(time.perf_counter() + 1, sound) is None
