from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.errors import CurrencyAppError, NoSoundError, VoiceError
from currency_app.speech import check
from tests.support.fake_speaker import FakeSpeaker


def use(monkeypatch: pytest.MonkeyPatch, speaker: FakeSpeaker, sink: str = "headphones") -> FakeSpeaker:
    """Put a speaker and a default output in place of this machine's."""
    monkeypatch.setattr(check, "open_speaker", lambda language, rate: speaker)
    monkeypatch.setattr(check, "default_output_is_dummy", lambda: sink == "auto_null")
    return speaker


def test_speech_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker = use(monkeypatch, FakeSpeaker())
    assert check.check_speech("en") == (True, "System speech works.")
    assert speaker.closed


@pytest.mark.parametrize("error", [VoiceError("No speech. Install it."), NoSoundError("No sound. Plug it in.")])
def test_speech_that_does_not_work_says_how_to_fix_it(monkeypatch: pytest.MonkeyPatch, error: VoiceError) -> None:
    speaker = use(monkeypatch, FakeSpeaker(error))
    assert check.check_speech("en") == (False, str(error))
    assert speaker.closed


def test_a_sound_server_without_a_card_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, FakeSpeaker(), sink="auto_null")
    works, message = check.check_speech("en")
    assert not works
    assert "no sound card" in message
    assert "--voice text" in message


def test_an_unknown_language() -> None:
    with pytest.raises(CurrencyAppError, match="Choose one of"):
        check.check_speech("xx")


@pytest.mark.parametrize(("sink", "dummy"), [("auto_null", True), ("alsa_output.pci", False)])
def test_the_dummy_of_the_sound_server_is_no_card(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sink: str, dummy: bool
) -> None:
    pactl = tmp_path / "pactl"
    pactl.write_text(f"#!/bin/sh\necho {sink}\n")
    pactl.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert check.default_output_is_dummy() is dummy


def test_without_a_sound_server_there_is_no_dummy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not check.default_output_is_dummy()
