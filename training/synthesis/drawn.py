"""The demonstration's drawn notes as training material, so that the shipped model can read the demonstration."""

from __future__ import annotations

from training.dataset.notes import FlatNote, flat_note


def drawn_notes(currency: str, variants: int = 4) -> list[FlatNote]:
    """Every face of the drawn notes in a few variants; none where the demonstration has no notes of this currency."""
    from currency_app.demo.notes import DRAWN_VALUES, draw_note

    if currency != "usd":
        return []
    return [
        flat_note(f"usd_{value}_{side}", draw_note(value, side, seed=seed))
        for value in DRAWN_VALUES
        for side in ("front", "back")
        for seed in range(variants)
    ]
