"""The first start says what the app cannot tell, later ones do not, and nothing else is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.speech.greeting import greeting
from currency_app.speech.phrases import Phrases

PHRASES = Phrases("en")
READY = "Ready. Hold a note in front of the camera"
DISCLAIMER = "This does not tell whether money is genuine"


@pytest.fixture(autouse=True)
def state_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def test_the_disclaimer_is_said_once_ever() -> None:
    assert greeting(PHRASES, demonstration=False) == f"{DISCLAIMER}. {READY}"
    assert greeting(PHRASES, demonstration=False) == READY
    assert greeting(PHRASES, demonstration=False) == READY


def test_the_demonstration_says_so_instead_of_asking_for_a_note() -> None:
    first, second = (greeting(PHRASES, demonstration=True) for _ in range(2))
    assert first == f"{DISCLAIMER}. {second}"
    assert second.startswith("Demonstration: ")
    assert "Hold a note" not in second


def test_only_an_empty_mark_is_kept(state_folder: Path) -> None:
    greeting(PHRASES, demonstration=False)
    kept = [path for path in state_folder.rglob("*") if path.is_file()]
    assert [path.relative_to(state_folder).as_posix() for path in kept] == ["currency-app/started"]
    assert kept[0].stat().st_size == 0


def test_without_settings_the_mark_is_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    greeting(PHRASES, demonstration=False)
    assert (tmp_path / ".local" / "state" / "currency-app" / "started").exists()


@pytest.mark.parametrize("folder", ["a file", "a" * 300, "/dev/null"])
def test_where_nothing_can_be_kept_every_start_is_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / folder))
    for _ in range(2):
        assert greeting(PHRASES, demonstration=False).startswith(DISCLAIMER)


def test_an_account_without_a_home_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert greeting(PHRASES, demonstration=False) == f"{DISCLAIMER}. {READY}"
