"""Reads the file of one language, and refuses one that lacks a phrase or has one that nothing says.

docs/translating.md explains the parts of such a file. What is wrong is told in one sentence, for translators.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from currency_app.controls import ACTIONS
from currency_app.errors import CurrencyAppError
from currency_app.events import HintKind
from currency_app.speech.phrases.plurals import PluralRules

TEXTS: Mapping[str, frozenset[str]] = {
    "amount": frozenset({"number", "unit"}),
    "maybe": frozenset({"amount"}),
    "unknown": frozenset(),
    "demonstration": frozenset({"text"}),
    "ready": frozenset(),
    "demonstration_ready": frozenset(),
    "camera_lost": frozenset(),
    "camera_back": frozenset(),
    "camera_covered": frozenset(),
    "camera_uncovered": frozenset(),
    "disclaimer": frozenset(),
    "welcome": frozenset(),
    "hold": frozenset(),
    "keys": frozenset({"repeat", "total", "stop"}),
    "settings_unusable": frozenset(),
    "nothing_said": frozenset(),
    "total_none": frozenset(),
    "total": frozenset({"amount", "notes"}),
    "undone": frozenset({"amount", "total"}),
    "cleared": frozenset(),
    "restored": frozenset({"total"}),
    "read_back": frozenset({"values"}),
    "unkept": frozenset(),
    "unlisted": frozenset(),
    "front": frozenset(),
    "back": frozenset(),
    "sureness": frozenset({"number"}),
    "rate": frozenset({"number"}),
    "rate_fixed": frozenset(),
    "muted": frozenset(),
    "unmuted": frozenset(),
    "hints_all": frozenset(),
    "hints_few": frozenset(),
    "hints_off": frozenset(),
    "language_name": frozenset(),
    "language_unspoken": frozenset({"language"}),
}
"""The keys of `[texts]`, and what each has in braces."""

WINDOW_TEXTS: Mapping[str, frozenset[str]] = {
    "title": frozenset(),
    "starting": frozenset(),
    "picture": frozenset(),
    "last_note": frozenset({"value"}),
    "menu": frozenset(),
    **dict.fromkeys(
        (
            "settings",
            "settings_note",
            "save",
            "cancel",
            "voice",
            "voice_auto",
            "voice_screen-reader",
            "voice_system",
            "voice_text",
            "voice_off",
            "rate",
            "rate_auto",
            "hints",
            "hints_all",
            "hints_few",
            "hints_off",
            "tones",
            "count",
            "theme",
            "theme_auto",
            "theme_dark",
            "theme_light",
            "theme_contrast",
            "language",
            "language_auto",
        ),
        frozenset(),
    ),
}
"""The keys of `[window]`, and what each has in braces."""

ANSWERS = (
    *("cleared", "unkept", "unlisted", "muted", "unmuted", "rate_fixed"),
    *("hints_all", "hints_few", "hints_off", "language_name"),
)
"""Those of TEXTS that answer keys, and have nothing in braces."""

ACTION_NAMES = frozenset(action.name for action in ACTIONS)
"""The keys of `[actions]`."""

KEY_NAMES = frozenset(action.key for action in ACTIONS if not action.key.isalnum())
"""The keys of `[keys]`: those that nobody would understand if they were read out as they are."""

_TABLES = ("texts", "hints", "window", "actions", "keys", "plurals", "notes", "units", "values")
_NUMBER_WORDS = "number_words"
_TEXT_NUMBER_WORDS = "text_number_words"
_OPTIONAL = ("espeak_voices", _NUMBER_WORDS, _TEXT_NUMBER_WORDS, "spoken")


@dataclass(frozen=True)
class LanguageFile:
    """The words of one language as its file has them."""

    code: str
    """ISO 639 code, the file's name."""
    name: str
    """What the language is called in English."""
    espeak_voice: str
    """The espeak-ng voice."""
    espeak_voices: Mapping[str, str]
    """Other espeak-ng voices for some countries, by ISO 3166 code."""
    number_words: str | None
    """CLDR's rule set for numbers in words, unless a noun has its own; None if numbers stay digits."""
    text_number_words: Mapping[str, str]
    """The rule sets of phrases with a number that need another one, by the keys of TEXTS."""
    plurals: PluralRules
    """Which form a count needs."""
    texts: Mapping[str, str]
    """Whole phrases, by the keys of TEXTS."""
    hints: Mapping[str, str]
    """The sentence of each hint, by HintKind's values."""
    window: Mapping[str, str]
    """What the window calls things, by the keys of WINDOW_TEXTS."""
    actions: Mapping[str, str]
    """What each action is called, by the names of ACTION_NAMES."""
    keys: Mapping[str, str]
    """What each key of KEY_NAMES is called."""
    notes: Mapping[str, str]
    """A count of notes, by plural category; under "number_words" a rule set of its own, if it has one."""
    units: Mapping[str, Mapping[str, str]]
    """What a unit is called, by currency and plural category; under "number_words" a rule set of its own."""
    values: Mapping[str, Mapping[int, str]]
    """Values in words, by currency and value."""
    spoken: Mapping[str, str]
    """How system speech is spelled, if other than written."""


def languages() -> list[str]:
    """Return the codes of the languages that have a file, sorted, such as ["de", "en"]."""
    files = (entry.name for entry in resources.files(__package__).iterdir())
    return sorted(name.removesuffix(".toml") for name in files if name.endswith(".toml"))


@cache
def load_language(code: str) -> LanguageFile:
    """Read one of `languages()`. Raises CurrencyAppError, which says what to change, if its file is not whole."""
    text = (resources.files(__package__) / f"{code}.toml").read_text(encoding="utf-8")
    try:
        return parse_language(code, tomllib.loads(text))
    except ValueError as error:  # a TOMLDecodeError is one too
        raise CurrencyAppError(
            f"The phrases in {code}.toml cannot be used: {error}. See docs/translating.md."
        ) from error


def parse_language(code: str, data: Mapping[str, Any]) -> LanguageFile:
    """Return what a file's TOML says. Raises ValueError if a part is missing, unused, or lacks what is filled in."""
    _check_keys("it", data, {"name", "espeak_voice", *_TABLES}, optional=_OPTIONAL)
    for table in _TABLES:
        if not isinstance(data[table], dict):
            raise ValueError(f"{table} is no table")
    plurals = PluralRules(data["plurals"])
    categories = set(plurals.categories)
    _check_keys("[texts]", data["texts"], TEXTS)
    _check_keys("[hints]", data["hints"], {kind.value for kind in HintKind})
    _check_keys("[window]", data["window"], WINDOW_TEXTS)
    _check_keys("[actions]", data["actions"], ACTION_NAMES)
    _check_keys("[keys]", data["keys"], KEY_NAMES)
    _check_keys("[notes]", data["notes"], categories, optional=(_NUMBER_WORDS,))
    for key, braces in TEXTS.items():
        _check_braces(f"texts.{key}", data["texts"][key], braces)
    for key, braces in WINDOW_TEXTS.items():
        _check_braces(f"window.{key}", data["window"][key], braces)
    for key, sentence in data["hints"].items():
        _check_braces(f"hints.{key}", sentence, frozenset())
    for table in ("actions", "keys"):
        for key, words in data[table].items():
            _check_braces(f"{table}.{key}", words, frozenset())
    for category in categories:
        _check_braces(f"notes.{category}", data["notes"][category], frozenset({"number"}))
    numbered = tuple(key for key, braces in TEXTS.items() if "number" in braces)
    _check_keys(f"[{_TEXT_NUMBER_WORDS}]", data.get(_TEXT_NUMBER_WORDS, {}), (), optional=numbered)
    _check_keys("[values]", data["values"], data["units"])
    for currency, units in data["units"].items():
        _check_keys(f"[units.{currency}]", units, categories, optional=(_NUMBER_WORDS,))
    return LanguageFile(
        code=code,
        name=data["name"],
        espeak_voice=data["espeak_voice"],
        espeak_voices=data.get("espeak_voices", {}),
        number_words=data.get(_NUMBER_WORDS),
        text_number_words=data.get(_TEXT_NUMBER_WORDS, {}),
        plurals=plurals,
        texts=data["texts"],
        hints=data["hints"],
        window=data["window"],
        actions=data["actions"],
        keys=data["keys"],
        notes=data["notes"],
        units=data["units"],
        values={
            currency: {int(value): words for value, words in by_value.items()}
            for currency, by_value in data["values"].items()
        },
        spoken=data.get("spoken", {}),
    )


def _check_keys(where: str, found: Mapping[str, Any], wanted: Any, optional: tuple[str, ...] = ()) -> None:
    missing = sorted(set(wanted) - set(found))
    unused = sorted(set(found) - set(wanted) - set(optional))
    if missing:
        raise ValueError(f"{where} lacks {', '.join(missing)}")
    if unused:
        raise ValueError(f"{where} has {', '.join(unused)}, which nothing says")


def _check_braces(where: str, text: object, wanted: frozenset[str]) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{where} is empty")
    found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    if found != wanted:
        expected = " and ".join(f"{{{name}}}" for name in sorted(wanted)) or "nothing"
        raise ValueError(f"{where} must have {expected} in braces: {text!r}")
