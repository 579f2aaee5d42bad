"""Dollars and euros together: two bundles that need no file, and what each sees of a frame by itself."""

from __future__ import annotations

from dataclasses import replace

from currency_app.arrays import Corners
from currency_app.events import Observation
from currency_app.recognition.bundle import Bundle
from tests.support.observations import CENTRED, bundle_of, seen

USD = bundle_of()
EUR = replace(
    bundle_of((5, 10, 20, 50, 100, 200, 500), currency="EUR"),
    names={"en": {"one": "euro", "other": "euros"}},
    note_aspect=1.8,
)
BOTH = (USD, EUR)
Shown = tuple[int | None, float]
"""A value and its chance, or None and the chance of no note."""
NOTHING: Shown = (None, 0.99)


def alone(t: float, shown: Shown, bundle: Bundle, corners: Corners = CENTRED) -> Observation:
    value, chance = shown
    return seen(t, {} if value is None else {value: chance}, corners=corners, bundle=bundle)
