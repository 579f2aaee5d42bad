"""The page docs/phrases.md, made of the phrase files: `python -m tests.support.phrases_page` writes it anew."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from currency_app.speech.phrases import Phrases, languages
from tests.support.sources import CHECKOUT

PAGE = CHECKOUT / "docs" / "phrases.md"
NO_PHRASE = {"amount"}
"""Keys of `[texts]` that are a frame for others, without a word of their own."""
_FILES = CHECKOUT / "currency_app" / "speech" / "phrases"
_CURRENCIES = ("USD", "EUR")
_HEAD = """# Phrases in other languages than English

What the app says in each language, and after the colon what it says in English at that place: first the values, then
everything else. The [user guide](user-guide.md#what-it-says-and-what-to-do) says what to do about each. Nobody who
speaks Spanish, French or German has [listened](translating.md#what-is-checked-and-what-is-not) yet.

Choose a language by its code, as in `currency-app settings language es`, or with the key 9 while the app runs.
"""


def phrase_file(language: str) -> dict[str, Any]:
    """The file of a language as it is written."""
    return tomllib.loads((_FILES / f"{language}.toml").read_text(encoding="utf-8"))


def texts(language: str) -> dict[str, str]:
    """What is said, by its key, hints included; what is filled in stands in braces."""
    file = phrase_file(language)
    return {key: text for table in ("texts", "hints") for key, text in file[table].items() if key not in NO_PHRASE}


def phrase_lines(language: str) -> Iterator[str]:
    """The lines of the page of phrases for a language: each phrase, and what English says in its place."""
    here, english = Phrases(language), Phrases("en")
    for currency in _CURRENCIES:
        for value in phrase_file(language)["values"][currency]:
            yield f'- "{here.value(int(value), currency)}": {english.value(int(value), currency)}'
    for key in texts(language):
        yield f'- "{_filled(key, here)}": {_filled(key, english)}'


def _filled(key: str, phrases: Phrases) -> str:
    """A text with an example of what is filled in."""
    twenty, total = phrases.value(20, "USD"), phrases.total(45, 3, "USD")
    examples = {
        "amount": phrases.value(45, "USD") if key == "total" else twenty,
        "notes": phrases.notes(3),
        "total": "T" if key == "keys" else total,
        "text": twenty,
        "values": f"{twenty}, {phrases.value(5, 'USD')}",
        "number": phrases.number(98 if key == "sureness" else 185, key),
        "language": Phrases("de").text("language_name"),
        "repeat": "R",
        "stop": "Q",
    }
    return texts(phrases.language)[key].format(**examples)


def phrases_page() -> str:
    """The whole page."""
    sections = (
        "\n".join([f"\n## {Phrases(language).name}, `{language}`\n", *phrase_lines(language)]) + "\n"
        for language in languages()
        if language != "en"
    )
    return _HEAD + "".join(sections)


if __name__ == "__main__":
    PAGE.write_text(phrases_page(), encoding="utf-8")
