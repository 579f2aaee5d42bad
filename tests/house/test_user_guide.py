"""The pages for people who listen have every phrase that the app can say, as the phrase files have it now."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from currency_app.speech.phrases import Phrases, languages
from tests.support.sources import CHECKOUT

FILES = CHECKOUT / "currency_app" / "speech" / "phrases"
GUIDE = CHECKOUT / "docs" / "user-guide.md"
PAGE = CHECKOUT / "docs" / "phrases.md"
NO_PHRASE = {"amount"}
"""Keys of `[texts]` that are a frame for others, without a word of their own."""
CURRENCIES = ("USD", "EUR")
OTHERS = [language for language in languages() if language != "en"]


def phrase_file(language: str) -> dict[str, Any]:
    return tomllib.loads((FILES / f"{language}.toml").read_text(encoding="utf-8"))


def texts(language: str) -> dict[str, str]:
    """What is said, by its key, hints included; what is filled in stands in braces."""
    file = phrase_file(language)
    return {key: text for table in ("texts", "hints") for key, text in file[table].items() if key not in NO_PHRASE}


def one_line(page: Path) -> str:
    return " ".join(page.read_text(encoding="utf-8").split())


def pattern(text: str) -> str:
    """A text as a pattern, in which anything may be filled in."""
    return ".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", text))


def missing(texts: dict[str, str], page: str) -> list[str]:
    """Those of the texts that a page does not have in quotation marks."""
    return [text for text in texts.values() if not re.search(f'"{pattern(text)}"', page)]


def phrase_lines(language: str) -> Iterator[str]:
    """The lines of the page of phrases for a language: each phrase, and what English says in its place."""
    here, english = Phrases(language), Phrases("en")
    for currency in CURRENCIES:
        for value in phrase_file(language)["values"][currency]:
            yield f'- "{here.value(int(value), currency)}": {english.value(int(value), currency)}'
    for key in texts(language):
        yield f'- "{filled(key, here)}": {filled(key, english)}'


def filled(key: str, phrases: Phrases) -> str:
    """A text with an example of what is filled in."""
    twenty, total = phrases.value(20, "USD"), phrases.total(45, 3, "USD")
    examples = {
        "amount": phrases.value(45, "USD") if key == "total" else twenty,
        "notes": phrases.notes(3),
        "total": "T" if key == "keys" else total,
        "text": twenty,
        "values": f"{twenty}, {phrases.value(5, 'USD')}",
        "number": phrases.number(98 if key == "sureness" else 185),
        "language": Phrases("de").text("language_name"),
        "repeat": "R",
        "stop": "Q",
    }
    return texts(phrases.language)[key].format(**examples)


def test_the_guide_has_every_phrase() -> None:
    assert missing(texts("en"), one_line(GUIDE)) == []


def test_a_phrase_that_the_guide_lacks_is_found() -> None:
    page = one_line(GUIDE)
    assert missing({"new": "Fold the note"}, page) == ["Fold the note"]
    assert missing({"new": "Counted {amount} twice"}, page) == ["Counted {amount} twice"]


@pytest.mark.parametrize("language", OTHERS)
def test_the_page_of_phrases_has_every_phrase_of_the_language(language: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    name = Phrases(language).name
    section = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)
    assert section is not None, f"{PAGE.name} has no section for {name}"
    listed = [line for line in section[1].splitlines() if line.startswith("- ")]
    assert listed == list(phrase_lines(language))
