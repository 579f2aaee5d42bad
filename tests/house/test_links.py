"""The pages for readers name only what is there: links, headings, files, folders and modules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import CHECKOUT

PAGES = [
    *(CHECKOUT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(CHECKOUT.glob("docs/*.md")),
    *sorted(CHECKOUT.glob("models/*/MODEL_CARD.md")),
]
FOLDERS = "currency_app|training|tests|docs|models|tools"
"""Top-level folders: what begins with one of them in a page is a path, or with a dot the name of a module."""


def page_id(page: Path) -> str:
    return str(page.relative_to(CHECKOUT))


def prose(page: Path) -> str:
    """A page without its blocks of code, in which brackets and quotes mean something else."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"^(?: {4}|\t).*$", "", text, flags=re.MULTILINE)


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.*)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def quoted(page: Path) -> Iterator[str]:
    """What stands between backticks in a page, word by word."""
    for code in re.findall(r"`([^`\n]+)`", prose(page)):
        yield from code.split()


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        linked = page.parent / path if path else page
        if not linked.exists() or (anchor and anchor not in anchors(linked)):
            broken.append(target)
    assert broken == []


def test_the_index_names_every_page() -> None:
    index = (CHECKOUT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in CHECKOUT.glob("docs/*.md")} - {"README.md"}
    assert {name for name in pages if f"({name})" not in index} == set()


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_every_path_is_there(page: Path) -> None:
    """NAME stands for any name: the path up to it must exist."""
    missing = []
    for word in quoted(page):
        if re.match(rf"(?:{FOLDERS})/", word):
            path = word.rstrip("/.,;:").partition("/NAME")[0]
            if not any(CHECKOUT.glob(path)):
                missing.append(word)
    assert missing == []


def test_where_modules_went_they_are() -> None:
    """Of the tables at the end of CONTRIBUTING.md: the column that says what the modules are called now."""
    page = (CHECKOUT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## Where modules went")[2]
    missing, seen = [], 0
    for row in re.findall(r"^\| `.*$", page, re.MULTILINE):
        _, _, new, *leaves = row.split("|")
        for module in re.findall(r"`((?:currency_app|training)[\w.]*)`", new):
            leaf_names = re.findall(r"`(\w+)`", leaves[0]) or [""]
            for name in (f"{module}.{leaf}".rstrip(".") for leaf in leaf_names):
                path = CHECKOUT / name.replace(".", "/")
                seen += 1
                if not (path.is_dir() or path.with_suffix(".py").is_file()):
                    missing.append(name)
    assert missing == []
    assert seen > 100
