"""Class names: `usd_20_front` is 20 US dollars seen from the front, `background` is no note.

`usd_20` is 20 US dollars of which nobody says which side is seen. Where the sides of a value are learnt, it is no class
of its own: either side is a right answer to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from currency_app.errors import DataError

BACKGROUND = "background"
_NAME = re.compile(r"(?P<currency>[a-z]{3})_(?P<value>[1-9][0-9]*)(?:_(?P<side>front|back))?")


class NamedLabel(Protocol):
    """A label of a network or of a bundle."""

    @property
    def name(self) -> str:
        """As classes are named."""
        ...


@dataclass(frozen=True)
class Label:
    """One output of the network. value is None for the background; side is None where a label names none."""

    name: str
    value: int | None
    side: str | None


def parse_label(name: str, currency: str) -> Label:
    """The label of a class name. Every name that is not a value of this currency counts as background."""
    match = _NAME.fullmatch(name)
    if match is None or match["currency"] != currency:
        return Label(BACKGROUND, None, None)
    return Label(name, int(match["value"]), match["side"])


def ordered_labels(names: Iterable[str], currency: str) -> tuple[Label, ...]:
    """The network's outputs for these class names: by value, front before back, background last.

    A value whose sides are told in some names has no output without a side. Raises DataError where no name is a value
    of the currency.
    """
    found = {label.name: label for label in (parse_label(name, currency) for name in names) if label.value is not None}
    if not found:
        raise DataError(f"No image is labelled with a value of {currency}: name classes like {currency}_20_front.")
    two_sided = {label.value for label in found.values() if label.side is not None}
    kept = [label for label in found.values() if label.side is not None or label.value not in two_sided]
    side_order = {"front": 0, "back": 1, None: 2}
    notes = sorted(kept, key=lambda label: (label.value, side_order[label.side]))
    return (*notes, Label(BACKGROUND, None, None))


def right_outputs(name: str, labels: Sequence[NamedLabel]) -> list[int]:
    """Places of the outputs that are right for a class name, at least one.

    That of its own label; for a name without a side, those of all sides of its value; else that of the background.
    labels: the network's outputs in their order, the background last.
    """
    right = [place for place, label in enumerate(labels) if label.name == name or label.name in _sides_of(name)]
    return right or [len(labels) - 1]


def names_currency(name: str, currency: str) -> bool:
    """Whether a class name speaks of a currency's notes, with a value or without one: eur_20_front, inr_eur_mixed."""
    return currency in name.lower().split("_")


def _sides_of(name: str) -> tuple[str, str]:
    return f"{name}_front", f"{name}_back"
