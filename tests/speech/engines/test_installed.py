"""The voices that are installed, as the engine's own process lists them."""

from __future__ import annotations

import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from currency_app.speech.engines.installed import InstalledVoice, installed_voices


def test_the_engine_lists_its_voices_by_language() -> None:
    voices = installed_voices("linux")
    if not voices:
        pytest.skip("espeak-ng is not installed")
    for language in ("en", "es", "fr", "de"):
        assert any(voice.speaks(language) for voice in voices), language
    assert not any(voice.speaks("e") for voice in voices)
    assert len({voice.id for voice in voices}) == len(voices)


@pytest.mark.parametrize("output", [b"", b"not JSON"])
def test_an_engine_that_answers_nothing_has_no_voices(monkeypatch: pytest.MonkeyPatch, output: bytes) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **options: Any) -> SimpleNamespace:
        asked.append(command)
        return SimpleNamespace(stdout=output)

    monkeypatch.setattr(subprocess, "run", run)
    assert installed_voices("darwin") == []
    assert "--driver" not in asked[0]
    assert installed_voices("linux") == []
    assert asked[1][-2:] == ["--driver", "espeak"]


def test_an_engine_that_hangs_has_no_voices(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(command: list[str], **options: Any) -> None:
        raise subprocess.TimeoutExpired(command, 15)

    monkeypatch.setattr(subprocess, "run", hang)
    assert installed_voices() == []


def test_a_voice_speaks_a_language_of_any_country() -> None:
    voice = InstalledVoice("a", "Paulina", ("es-mx",))
    assert voice.speaks("es")
    assert not voice.speaks("en")
    assert not InstalledVoice("b", "Fred", ()).speaks("en")
