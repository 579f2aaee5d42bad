"""The pages for people who listen have every phrase that the app can say, as the phrase files have it now."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.phrases_page import PAGE, phrases_page, texts
from tests.support.sources import CHECKOUT

GUIDE = CHECKOUT / "docs" / "user-guide.md"


def one_line(page: Path) -> str:
    return " ".join(page.read_text(encoding="utf-8").split())


def pattern(text: str) -> str:
    """A text as a pattern, in which anything may be filled in."""
    return ".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", text))


def missing(texts: dict[str, str], page: str) -> list[str]:
    """Those of the texts that a page does not have in quotation marks."""
    return [text for text in texts.values() if not re.search(f'"{pattern(text)}"', page)]


def test_the_guide_has_every_phrase() -> None:
    assert missing(texts("en"), one_line(GUIDE)) == []


def test_a_phrase_that_the_guide_lacks_is_found() -> None:
    page = one_line(GUIDE)
    assert missing({"new": "Fold the note"}, page) == ["Fold the note"]
    assert missing({"new": "Counted {amount} twice"}, page) == ["Counted {amount} twice"]


def test_the_page_of_phrases_is_what_the_files_say() -> None:
    written = PAGE.read_text(encoding="utf-8").splitlines()
    assert written == phrases_page().splitlines(), "write it anew: python -m tests.support.phrases_page"
