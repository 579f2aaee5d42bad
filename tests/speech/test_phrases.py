from __future__ import annotations

import pytest

from currency_app.errors import CurrencyAppError
from currency_app.events import HintKind
from currency_app.speech.phrases import Phrases, languages

DOLLARS = {"en": {"one": "dollar", "other": "dollars"}}


def test_a_value_is_a_number_and_its_unit() -> None:
    phrases = Phrases("en", DOLLARS)
    assert phrases.value(20, "USD") == "20 dollars"
    assert phrases.value(1, "USD") == "1 dollar"


def test_a_unit_without_a_name_is_its_iso_code() -> None:
    assert Phrases("en").value(20, "EUR") == "20 EUR"
    assert Phrases("en", {"fr": {"other": "dollars"}}).value(1, "USD") == "1 USD"


def test_a_unit_without_a_singular_keeps_its_one_name() -> None:
    assert Phrases("en", {"en": {"other": "yen"}}).value(1, "JPY") == "1 yen"


def test_doubt_and_demonstration_are_said() -> None:
    phrases = Phrases("en", DOLLARS)
    assert phrases.maybe(20, "USD") == "Maybe 20 dollars. Turn the note over"
    assert phrases.demonstration(phrases.value(20, "USD")) == "Demonstration: 20 dollars"


@pytest.mark.parametrize(
    ("amount", "count", "text"),
    [(0, 0, "No notes counted"), (1, 1, "Total 1 dollar in 1 note"), (45, 3, "Total 45 dollars in 3 notes")],
)
def test_total(amount: int, count: int, text: str) -> None:
    assert Phrases("en", DOLLARS).total(amount, count, "USD") == text


@pytest.mark.parametrize("language", languages())
def test_every_language_says_everything(language: str) -> None:
    phrases = Phrases(language)
    hints = [phrases.hint(kind) for kind in HintKind]
    assert all(hints)
    assert len(set(hints)) == len(HintKind), "two hints that sound alike help nobody"
    assert phrases.espeak_voice
    assert all(phrases.fixed_phrases([1, 20], "USD"))


@pytest.mark.parametrize("code", ["en", "EN", "en-US", "en_GB"])
def test_a_regional_code_finds_its_language(code: str) -> None:
    assert Phrases(code).language == "en"


@pytest.mark.parametrize("code", ["xx", "", "../en"])
def test_an_unknown_language_names_those_there_are(code: str) -> None:
    with pytest.raises(CurrencyAppError, match=r"Choose one of: .*en") as caught:
        Phrases(code)
    assert "\n" not in str(caught.value)


def test_fixed_phrases_hold_all_that_can_be_said_once() -> None:
    phrases = Phrases("en", DOLLARS)
    fixed = phrases.fixed_phrases([1, 20], "USD")
    assert {"1 dollar", "20 dollars", "Maybe 20 dollars. Turn the note over", phrases.ready()} <= set(fixed)
    assert {phrases.hint(kind) for kind in HintKind} <= set(fixed)
    assert len(fixed) == len(set(fixed))


def test_the_demonstrations_phrases_are_marked() -> None:
    fixed = Phrases("en", DOLLARS).fixed_phrases([20], "USD", demonstration=True)
    assert "Demonstration: 20 dollars" in fixed
    assert "20 dollars" not in fixed
