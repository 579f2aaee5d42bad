"""Class names: `usd_20_front` is 20 US dollars seen from the front, `background` is no note.

`usd_20` is 20 US dollars whose side is not labelled. If the sides of a value are learnt, `usd_20` is no output of its
own: either side is a right answer to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from currency_app.errors import DataError

BACKGROUND = "background"
"""The class of images without a note."""
_NAME = re.compile(r"(?P<currency>[a-z]{3})_(?P<value>[1-9][0-9]*)(?:_(?P<side>front|back))?")


class NamedLabel(Protocol):
    """A label of a network or of a bundle."""

    @property
    def name(self) -> str:
        """Its class name, such as usd_20_front."""
        ...


@dataclass(frozen=True)
class Label:
    """One output of the network."""

    name: str
    """Its class name, such as usd_20_front."""
    value: int | None
    """In units of the currency, such as 20; None for the background."""
    side: str | None
    """`front` or `back`; None if the label names none."""


def parse_label(name: str, currency: str) -> Label:
    """Return the label of a class name; every name that is no value of this currency is background."""
    match = _NAME.fullmatch(name)
    if match is None or match["currency"] != currency:
        return Label(BACKGROUND, None, None)
    return Label(name, int(match["value"]), match["side"])


def ordered_labels(names: Iterable[str], currency: str) -> tuple[Label, ...]:
    """Return the network's outputs for these class names: by value, front before back, background last.

    A value whose sides are labelled in some names has no output without a side. Raises DataError if no name is a value
    of the currency.
    """
    found = {label.name: label for label in (parse_label(name, currency) for name in names) if label.value is not None}
    if not found:
        raise DataError(f"No image is labelled with a value of {currency}: name classes like {currency}_20_front.")
    two_sided = {label.value for label in found.values() if label.side is not None}
    outputs = [label for label in found.values() if label.side is not None or label.value not in two_sided]
    side_order = {"front": 0, "back": 1, None: 2}
    notes = sorted(outputs, key=lambda label: (label.value, side_order[label.side]))
    return (*notes, Label(BACKGROUND, None, None))


def right_outputs(name: str, labels: Sequence[NamedLabel]) -> list[int]:
    """Return the indices of the outputs that are right for a class name, at least one.

    They are the name's own output; for a name without a side, the outputs of all sides of its value; else the
    background. labels: the network's outputs in their order, the background last.
    """
    right = [index for index, label in enumerate(labels) if label.name == name or label.name in _sides_of(name)]
    return right or [len(labels) - 1]


def name_like(name: str, currency: str) -> str:
    """Return how to name a class in place of a name that is none, as a clause of a sentence."""
    if re.match(rf"{currency}_[0-9]*[.,][0-9]", name.lower()):
        return (
            f"values are whole numbers, so count those of all notes in a smaller unit, as in {currency}_500_front, and "
            "give that unit's name in the recipe"
        )
    return f"name it like {currency}_20_front"


def names_currency(name: str, currency: str) -> bool:
    """Whether a class name speaks of a currency's notes, with a value or without: eur_20_front, inr_eur_mixed."""
    return currency in name.lower().split("_")


def _sides_of(name: str) -> tuple[str, str]:
    """Return the names of both sides of a value that is named without one."""
    return f"{name}_front", f"{name}_back"
