from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from currency_app.errors import CurrencyAppError, NoSoundError, VoiceError
from currency_app.speech import check
from tests.support.fake_speaker import FakeSpeaker
from tests.support.observations import BUNDLE


def use(monkeypatch: pytest.MonkeyPatch, speaker: FakeSpeaker) -> FakeSpeaker:
    """Put a speaker in place of this machine's."""
    monkeypatch.setattr(check, "open_speaker", lambda language, rate, warn: speaker)
    return speaker


def test_speech_that_works(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker = use(monkeypatch, FakeSpeaker())
    assert check.check_speech("en") == (True, "System speech works in English.")
    assert speaker.closed


@pytest.mark.parametrize("error", [VoiceError("No speech. Install it."), NoSoundError("No sound. Plug it in.")])
def test_speech_that_does_not_work_says_how_to_fix_it(monkeypatch: pytest.MonkeyPatch, error: VoiceError) -> None:
    speaker = use(monkeypatch, FakeSpeaker(error))
    assert check.check_speech("en") == (False, str(error))
    assert speaker.closed


def test_a_sentence_is_said_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    speaker = use(monkeypatch, FakeSpeaker())
    worked: list[tuple[bool, str]] = []
    saying = threading.Thread(target=lambda: worked.append(check.check_speech("en", "20 dollars")))
    saying.start()
    speaker.playing(0).fail(NoSoundError("No sound. Plug it in."))
    saying.join()
    assert (worked, speaker.asked, speaker.closed) == ([(False, "No sound. Plug it in.")], ["20 dollars"], True)


def test_speech_is_checked_in_the_language_and_with_the_voice_of_its_country(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def open_speaker(language: str, rate: int | None, warn: Callable[[str], object]) -> FakeSpeaker:
        asked.append(language)
        warn("No voice speaks it.")
        return FakeSpeaker()

    use(monkeypatch, FakeSpeaker())
    monkeypatch.setattr(check, "open_speaker", open_speaker)
    assert check.check_speech("es_ES") == (True, "System speech works in Spanish. No voice speaks it.")
    assert asked == ["es-ES"]


def test_an_unknown_language() -> None:
    for look in (check.check_speech, lambda language: check.check_language([], language)):
        with pytest.raises(CurrencyAppError, match="Choose one of"):
            look("xx")


@pytest.mark.parametrize(
    ("language", "locale", "line"),
    [
        ("de", "fr_FR.UTF-8", "German (de)."),
        ("auto", "fr_FR.UTF-8", "French (fr-FR), by LC_ALL=fr_FR.UTF-8."),
        ("auto", "C", "English (en), by LC_ALL=C."),
        (
            "auto",
            "pl_PL",
            "English (en), by LC_ALL=pl_PL; there are no phrases in pl-PL. "
            "docs/translating.md says how to add a language.",
        ),
    ],
)
def test_the_language_and_what_chose_it_are_told(
    monkeypatch: pytest.MonkeyPatch, language: str, locale: str, line: str
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    assert check.check_language([BUNDLE], language) == (True, line)


def test_a_currency_without_words_is_told() -> None:
    yen = replace(BUNDLE, currency="JPY", names={"en": {"one": "yen", "other": "yen"}})
    assert check.check_language([BUNDLE, yen], "en") == (True, "English (en).")
    assert check.check_language([BUNDLE, yen], "es") == (
        True,
        "Spanish (es); no words for JPY, so '100 yen' is said. docs/translating.md says how to add them.",
    )
