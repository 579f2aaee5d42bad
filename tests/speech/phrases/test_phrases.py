from __future__ import annotations

from dataclasses import replace

import pytest

from currency_app.errors import CurrencyAppError
from currency_app.events import HintKind
from currency_app.speech.answers import Answers
from currency_app.speech.phrases import Phrases, languages

YEN = {"en": {"one": "yen", "other": "yens"}, "es": {"one": "yen", "other": "yenes"}}


@pytest.mark.parametrize(
    ("language", "one", "twenty"),
    [
        ("en", "1 dollar", "20 dollars"),
        ("es", "un dólar", "veinte dólares"),
        ("fr", "un dollar", "vingt dollars"),
        ("de", "ein Dollar", "zwanzig Dollar"),
    ],
)
def test_a_value_is_said_as_people_say_it(language: str, one: str, twenty: str) -> None:
    phrases = Phrases(language)
    assert [phrases.value(value, "USD") for value in (1, 20)] == [one, twenty]


@pytest.mark.parametrize(("language", "text"), [("en", "3 euros"), ("es", "tres euros"), ("de", "drei Euro")])
def test_a_value_without_words_by_hand_follows_the_rules_for_numbers(language: str, text: str) -> None:
    assert Phrases(language).value(3, "EUR") == text


@pytest.mark.parametrize(
    ("language", "one", "twenty"), [("en", "1 yen", "20 yens"), ("es", "1 yen", "20 yenes"), ("fr", "1 yen", "20 yens")]
)
def test_another_currency_is_digits_and_the_name_in_its_bundle_if_need_be_in_english(
    language: str, one: str, twenty: str
) -> None:
    for phrases in (Phrases(language, YEN), Phrases(language, names_by_currency={"JPY": YEN})):
        assert [phrases.value(value, "JPY") for value in (1, 20)] == [one, twenty]
        assert phrases.has_words("JPY") is (language != "fr")
        assert phrases.has_words("USD")


@pytest.mark.parametrize(("language", "text"), [("en", "20 dollars"), ("es", "20 dólares"), ("de", "20 Dollar")])
def test_large_letters_have_digits(language: str, text: str) -> None:
    phrases = Phrases(language)
    assert phrases.shown_value(20, "USD") == text
    assert text in phrases.shown_maybe(20, "USD")
    assert Phrases("fr", YEN).shown_value(1, "JPY") == "1 yen"


def test_a_unit_without_a_name_is_its_iso_code() -> None:
    assert Phrases("en").value(20, "JPY") == "20 JPY"
    assert Phrases("en", {"fr": {"other": "yens"}}).value(1, "JPY") == "1 JPY"
    assert not Phrases("en").has_words("JPY")


def test_a_unit_without_a_singular_keeps_its_one_name() -> None:
    for language in ("en", "es"):
        assert Phrases(language, {language: {"other": "yen"}}).value(1, "JPY") == "1 yen"


def test_doubt_and_demonstration_are_said() -> None:
    phrases = Phrases("en")
    assert phrases.maybe(20, "USD") == "Maybe 20 dollars. Turn the note over"
    assert phrases.demonstration(phrases.value(20, "USD")) == "Demonstration: 20 dollars"


@pytest.mark.parametrize(
    ("language", "none", "one", "more"),
    [
        ("en", "No notes counted", "Total 1 dollar, 1 note", "Total 21 dollars, 3 notes"),
        ("es", "Ningún billete contado", "Total: un dólar, un billete", "Total: veintiún dólares, tres billetes"),
        ("fr", "Aucun billet compté", "Total : un dollar, un billet", "Total : vingt-et-un dollars, trois billets"),
        (
            "de",
            "Keine Scheine gezählt",
            "Insgesamt ein Dollar, ein Schein",
            "Insgesamt einundzwanzig Dollar, drei Scheine",
        ),
    ],
)
def test_total(language: str, none: str, one: str, more: str) -> None:
    phrases = Phrases(language)
    assert [phrases.total_none(), phrases.total(1, 1, "USD"), phrases.total(21, 3, "USD")] == [none, one, more]


def test_a_million_has_a_form_of_its_own() -> None:
    assert Phrases("es").total(1_000_000, 21, "EUR") == "Total: un millón de euros, veintiún billetes"


def test_a_noun_may_have_number_words_of_its_own() -> None:
    spanish = Phrases("es")
    notes = {"one": "{number} nota", "other": "{number} notas", "number_words": "spellout-cardinal-feminine"}
    spanish._file = replace(spanish._file, notes=notes)
    assert spanish.total(21, 21, "USD") == "Total: veintiún dólares, veintiuna notas"


@pytest.mark.parametrize(
    ("rate", "words"), [(205, "doscientas cinco"), (81, "ochenta y una"), (185, "ciento ochenta y cinco")]
)
def test_a_phrase_may_have_number_words_of_its_own(rate: int, words: str) -> None:
    assert Answers(Phrases("es")).rate(rate) == f"{words} palabras por minuto"


def test_only_system_speech_is_spelled_differently() -> None:
    french = Phrases("fr")
    assert french.maybe(10, "USD") == "Peut-être dix dollars. Retournez le billet"
    assert french.spoken(french.maybe(10, "USD")) == "Peut-être disse dollars. Retournez le billet"
    assert french.spoken(french.value(10, "EUR")) == "dix euros"


@pytest.mark.parametrize(
    ("code", "tag", "voice"),
    [
        ("es", "es", "es-419+f2"),
        ("es_ES", "es-ES", "es+f2"),
        ("es_ES.UTF-8", "es-ES", "es+f2"),
        ("es_ES@euro", "es-ES", "es+f2"),
        ("es-MX", "es-MX", "es-419+f2"),
        ("en-gb", "en-GB", "en-us+f2"),
    ],
)
def test_a_country_may_choose_the_voice(code: str, tag: str, voice: str) -> None:
    phrases = Phrases(code)
    assert (phrases.tag, phrases.espeak_voice) == (tag, voice)


@pytest.mark.parametrize("code", ["en", "EN", "en-US", "en_GB"])
def test_a_regional_code_finds_its_language(code: str) -> None:
    assert Phrases(code).language == "en"


@pytest.mark.parametrize("code", ["xx", "", "../en", "auto"])
def test_an_unknown_language_names_those_there_are(code: str) -> None:
    with pytest.raises(CurrencyAppError, match=rf"Choose one of: auto, {', '.join(languages())}\.$") as caught:
        Phrases(code)
    assert "\n" not in str(caught.value)


def test_fixed_phrases_hold_all_that_can_be_said_once() -> None:
    phrases = Phrases("en")
    fixed = phrases.fixed_phrases([1, 20], "USD")
    assert {"1 dollar", "20 dollars", "Maybe 20 dollars. Turn the note over", phrases.ready()} <= set(fixed)
    assert {phrases.hint(kind) for kind in HintKind} <= set(fixed)
    assert len(fixed) == len(set(fixed))


def test_the_demonstrations_phrases_are_marked() -> None:
    fixed = Phrases("en").fixed_phrases([20], "USD", demonstration=True)
    assert "Demonstration: 20 dollars" in fixed
    assert "20 dollars" not in fixed
