"""Class names: `usd_20_front` is 20 US dollars seen from the front, `background` is no note."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from currency_app.errors import DataError

BACKGROUND = "background"
_NAME = re.compile(r"(?P<currency>[a-z]{3})_(?P<value>[1-9][0-9]*)(?:_(?P<side>front|back))?")


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

    Raises DataError where no name is a value of the currency.
    """
    found = {label.name: label for label in (parse_label(name, currency) for name in names) if label.value is not None}
    if not found:
        raise DataError(f"No image is labelled with a value of {currency}: name classes like {currency}_20_front.")
    side_order = {"front": 0, "back": 1, None: 2}
    notes = sorted(found.values(), key=lambda label: (label.value, side_order[label.side]))
    return (*notes, Label(BACKGROUND, None, None))
