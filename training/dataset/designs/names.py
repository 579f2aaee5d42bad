"""The names of a currency's designs, from a short list: `usd.toml` beside this module, or one in the data folder.

A design is what the notes of one series look like. The column `series` of a manifest says which design a note has.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from currency_app.errors import DataError
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage

LISTS = Path(__file__).resolve().parent
"""Folder of the lists that come with the package, CODE.toml each."""
UNNAMED = ""
"""In place of a design's name: nobody has said which it is."""
_NOT_KNOWN = ("", "unknown")
"""Words of a manifest that name no design, in every currency."""
_KEYS = {"name", "values", "look"}


@dataclass(frozen=True)
class Design:
    """One design in a currency's list."""

    name: str
    """As the column `series` says it."""
    values: tuple[int, ...] = ()
    """The values that have notes of this design; empty if the list does not say it."""
    look: str = ""
    """What it is recognised by, for people who label pictures."""


@dataclass(frozen=True)
class DesignList:
    """The designs of one currency. Without a list, every name counts as it stands."""

    path: Path | None = None
    """The file; None without a list."""
    designs: tuple[Design, ...] = ()
    """The oldest first."""
    not_known: tuple[str, ...] = ()
    """More words of manifests that name no design, such as "old/unknown"."""

    def design_of(self, series: str) -> str:
        """Return the name of the design that a manifest's `series` names; UNNAMED if it names none.

        Capitals and spaces do not matter. A name that a list lacks names no design: it may be a slip of the pen.
        """
        if _plain(series) in map(_plain, (*_NOT_KNOWN, *self.not_known)):
            return UNNAMED
        if self.path is None:
            return " ".join(series.split())
        return next((design.name for design in self.designs if _plain(design.name) == _plain(series)), UNNAMED)

    def is_listed(self, series: str) -> bool:
        """Whether a manifest's `series` is in the list, or says that it is not known; yes without a list."""
        known = (*_NOT_KNOWN, *self.not_known, *(design.name for design in self.designs))
        return self.path is None or _plain(series) in map(_plain, known)

    def ordered(self, names: Iterable[str]) -> list[str]:
        """Return names of designs, each once, as the list has them; those that it lacks after them, UNNAMED last."""
        places = {design.name: place for place, design in enumerate(self.designs)}
        return sorted(set(names), key=lambda name: (name == UNNAMED, places.get(name, len(places)), name))


def read_design_list(folder: Path, currency: str) -> DesignList:
    """Return the list of a currency's designs: `designs_CODE.toml` in the data folder, else the package's, else none.

    folder: the data folder. currency: ISO code in lower case. Raises DataError if the list is wrong.
    """
    own, shipped = folder / f"designs_{currency}.toml", LISTS / f"{currency}.toml"
    path = own if own.is_file() else shipped
    return _read(path) if path.is_file() else DesignList()


def name_designs(images: Iterable[LabelledImage], currency: str, known: DesignList) -> list[LabelledImage]:
    """Return the rows, with the `series` of the currency's notes as `DesignList.design_of` has it."""
    return [
        replace(image, series=known.design_of(image.series))
        if image.series and parse_label(image.class_name, currency).value is not None
        else image
        for image in images
    ]


def _read(path: Path) -> DesignList:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Windows' editors may begin it with a mark
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not a TOML file: {error}.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: let this account read it, or copy it again.") from error
    entries, not_known = table.get("designs"), table.get("not_known", [])
    if set(table) - {"designs", "not_known"} or not _are(str, not_known) or not isinstance(entries, list):
        raise DataError(f"{path} must hold [[designs]], and may hold not_known = [names]: see docs/designs.md.")
    designs = tuple(_design(entry, path) for entry in entries)
    names = [_plain(name) for name in (*(design.name for design in designs), *not_known)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise DataError(f"{path} has the name {twice!r} twice: remove one.")
    return DesignList(path, designs, tuple(not_known))


def _design(entry: Any, path: Path) -> Design:
    if not isinstance(entry, dict) or set(entry) - _KEYS or not str(entry.get("name", "")).strip():
        raise DataError(f"{path}: each of [[designs]] needs a name and may have values and look, not {entry!r}.")
    name, values, look = entry["name"], entry.get("values", []), entry.get("look", "")
    if not (_are(str, [name, look]) and _are(int, values)):
        raise DataError(f"{path}: name and look are texts, values whole numbers in brackets, unlike {entry!r}.")
    return Design(" ".join(name.split()), tuple(values), look)


def _are(kind: type, items: Any) -> bool:
    return isinstance(items, list) and all(isinstance(i, kind) and not isinstance(i, bool) for i in items)


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
