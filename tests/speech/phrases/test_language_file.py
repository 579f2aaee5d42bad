"""A phrase that is missing, unused or not translated is found, in any language there is or will be."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from currency_app.controls import ACTIONS
from currency_app.errors import CurrencyAppError
from currency_app.events import HintKind, Sighting
from currency_app.recognition.bundle import load_bundles
from currency_app.speech import Answers
from currency_app.speech.phrases import Phrases, language_file, languages, numbers
from currency_app.speech.phrases.language_file import ACTION_NAMES, KEY_NAMES, TEXTS, load_language, parse_language
from currency_app.tally import CountedNote

ENGLISH = load_language("en")
OTHERS = [language for language in languages() if language != "en"]


def spanish() -> dict[str, Any]:
    return tomllib.loads((resources.files(language_file.__package__) / "es.toml").read_text(encoding="utf-8"))


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    data = spanish()
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda data: data.pop("espeak_voice"), "it lacks espeak_voice"),
        (lambda data: data.pop("notes"), "it lacks notes"),
        (lambda data: data.update(colour="red"), "it has colour, which nothing says"),
        (lambda data: data.update(texts="none"), "texts is no table"),
        (lambda data: data["texts"].pop("ready"), r"\[texts\] lacks ready"),
        (lambda data: data["texts"].update(bye="Adiós"), r"\[texts\] has bye, which nothing says"),
        (lambda data: data["texts"].update(ready=" "), r"texts\.ready is empty"),
        (lambda data: data["texts"].update(maybe="Quizá"), r"texts\.maybe must have {amount} in braces"),
        (lambda data: data["texts"].update(maybe="Quizá {amount} {unit}"), r"texts\.maybe must have {amount}"),
        (lambda data: data["hints"].pop("tilted"), r"\[hints\] lacks tilted"),
        (lambda data: data["hints"].update(jump="Salta"), r"\[hints\] has jump"),
        (lambda data: data["hints"].update(tilted="{n}"), r"hints\.tilted must have nothing in braces"),
        (lambda data: data["notes"].update(one="billete"), r"notes\.one must have {number}"),
        (lambda data: data["notes"].update(number="words"), r"\[notes\] has number, which nothing says"),
        (lambda data: data["notes"].pop("many"), r"\[notes\] lacks many"),
        (lambda data: data["units"]["USD"].pop("many"), r"\[units\.USD\] lacks many"),
        (lambda data: data["values"].pop("EUR"), r"\[values\] lacks EUR"),
        (lambda data: data["plurals"].update(one="n is 1"), "'n is 1' is no plural rule"),
    ],
)
def test_what_is_wrong_is_told(change: Callable[[dict[str, Any]], object], problem: str) -> None:
    parse_language("es", spanish())
    with pytest.raises(ValueError, match=problem):
        parse_language("es", changed(change))


def test_a_broken_file_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xx.toml").write_text('name = "X')
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    with pytest.raises(
        CurrencyAppError, match=r"^The phrases in xx\.toml cannot be used: .*See docs/translating\.md\.$"
    ):
        load_language("xx")


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language: str) -> None:
    file = load_language(language)
    for one, english in ((file.texts, ENGLISH.texts), (file.hints, ENGLISH.hints), (file.notes, ENGLISH.notes)):
        for key in one:
            assert one[key] != english.get(key) or key == "amount", f"{key} is not translated"
    for key, text in file.window.items():
        # Some words of the window are the same in both languages.
        assert text != ENGLISH.window[key] or text in ("Total", "Menu"), f"{key} is not translated"
    for currency, values in file.values.items():
        same = [value for value in values if values[value] == ENGLISH.values[currency][value]]
        assert not same


@pytest.mark.parametrize("language", languages())
def test_every_value_of_the_shipped_models_is_written_by_hand(language: str) -> None:
    file = load_language(language)
    for bundle in load_bundles("usd,eur"):
        assert sorted(file.values[bundle.currency]) == sorted(bundle.values)
        assert len(set(file.values[bundle.currency].values())) == len(bundle.values)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "left right up down closer farther"),
        ("es", "izquierda derecha sube baja acerca aleja"),
        ("fr", "gauche droite levez baissez approchez éloignez"),
        ("de", "links rechts oben unten näher weiter"),
    ],
)
def test_every_direction_is_the_right_one(language: str, words: str) -> None:
    hints = ("move_left", "move_right", "move_up", "move_down", "move_closer", "move_back")
    for hint, word in zip(hints, words.split(), strict=True):
        having = [key for key, text in load_language(language).hints.items() if word in text.lower().split()]
        assert having == [hint]


@pytest.mark.parametrize("language", languages())
def test_no_hint_is_said_like_another(language: str) -> None:
    assert len(set(load_language(language).hints.values())) == len(HintKind)


@pytest.mark.parametrize("language", languages())
def test_what_is_spelled_differently_is_said_somewhere(language: str) -> None:
    phrases = Phrases(language)
    said = [phrases.value(value, code) for code, values in load_language(language).values.items() for value in values]
    said += [phrases.notes(count) for count in range(1, 30)]
    assert all(any(written in text for text in said) for written in load_language(language).spoken)


class Asked(dict[str, str]):
    """A table that keeps which of its phrases were used."""

    def __init__(self, table: dict[str, str]) -> None:
        super().__init__(table)
        self.keys_used: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self.keys_used.add(key)
        return super().__getitem__(key)


def test_no_phrase_is_unused() -> None:
    phrases, texts, hints = Phrases("en"), Asked(dict(ENGLISH.texts)), Asked(dict(ENGLISH.hints))
    actions, keys = Asked(dict(ENGLISH.actions)), Asked(dict(ENGLISH.keys))
    phrases._file = replace(ENGLISH, texts=texts, hints=hints, actions=actions, keys=keys)
    for demonstration in (False, True):
        phrases.fixed_phrases([1], "JPY", demonstration=demonstration)
    phrases.introduction({"repeat": "R", "total": "T", "stop": "Q"})
    phrases.settings_unusable()
    answers, notes = Answers(phrases), [CountedNote(0.0, "JPY", 1, side) for side in ("front", "back")]
    answers.undone(notes[0], notes)
    answers.undone(None, notes)
    answers.read_back(notes)
    for note in notes:
        answers.details(Sighting(0.0, note.currency, note.value, note.side, 0.99))
    answers.rate(200)
    answers.unspoken("Klingon")
    answers.help({action.name: action.key for action in ACTIONS})
    assert texts.keys_used == set(TEXTS)
    assert hints.keys_used == {kind.value for kind in HintKind}
    assert actions.keys_used == ACTION_NAMES
    assert keys.keys_used == KEY_NAMES


@pytest.mark.parametrize(("language", "rule_set"), [("xx", "spellout-cardinal-masculine"), ("es", "spellout-loud")])
def test_number_words_that_do_not_exist_name_the_file(language: str, rule_set: str) -> None:
    with pytest.raises(CurrencyAppError, match=rf"choose other number_words in {language}\.toml"):
        numbers.number_in_words(21, language, rule_set)
