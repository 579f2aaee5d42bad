"""Windows' own function plays tones, as far as that can be told elsewhere."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from currency_app.errors import NoSoundError
from currency_app.tones.worker import player_here


@pytest.fixture
def winsound(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str | None, int]]:
    """What was to be played, and how; the file "broken.wav" cannot be."""
    played: list[tuple[str | None, int]] = []

    def play(name: str | None, flags: int) -> None:
        played.append((name, flags))
        if name == "broken.wav":
            raise RuntimeError("Failed to play sound")

    module = ModuleType("winsound")
    vars(module).update(SND_FILENAME=0x20000, SND_NODEFAULT=2, PlaySound=play)
    monkeypatch.setitem(sys.modules, "winsound", module)
    return played


def test_a_file_is_played_and_silenced(winsound: list[tuple[str | None, int]]) -> None:
    playing = player_here("win32").play(Path("tone.wav"), 0.1)
    playing.wait()
    assert not playing.sounding()
    playing.stop()
    assert winsound == [("tone.wav", 0x20002), (None, 0)]


def test_without_a_device_it_says_what_to_do(winsound: list[tuple[str | None, int]]) -> None:
    with pytest.raises(NoSoundError, match="Connect loudspeakers or headphones"):
        player_here("win32").play(Path("broken.wav"), 0.1).wait()
