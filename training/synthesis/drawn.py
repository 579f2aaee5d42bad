"""The demonstration's drawn notes as training material, so that the shipped model can read the demonstration."""

from __future__ import annotations

from training.dataset.notes import FlatNote, flat_note
from training.synthesis.parts import DRAWN


def drawn_notes(currency: str, variants: int = 4) -> list[FlatNote]:
    """Return every face of the drawn notes in a few variants.

    currency: ISO code in lower case; the list is empty if the demonstration has no notes of it. variants: how many of
    each face, each with another serial number and slightly other ink, paper and register.
    """
    from currency_app.demo.notes import DRAWN_VALUES, draw_note

    if currency != "usd":
        return []
    return [
        flat_note(f"usd_{value}_{side}", draw_note(value, side, seed=seed), DRAWN)
        for value in DRAWN_VALUES
        for side in ("front", "back")
        for seed in range(variants)
    ]
