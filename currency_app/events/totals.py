"""What becomes of the running total: it grows, and what was counted is taken back or cleared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Total:
    """The running total after whatever has changed it: a sighting, an undo or a clear."""

    t: float
    """Seconds of source time when it changed."""
    amounts: Mapping[str, int]
    """What was counted, in units of each currency, by ISO code; empty if nothing counts."""
    notes: int
    """How many notes, of all currencies."""


@dataclass(frozen=True)
class Undone:
    """The user has taken back the last note that was counted, or the last clear."""

    t: float
    """Seconds of source time."""
    currency: str | None
    """ISO code of the note that no longer counts; None if a clear was taken back."""
    value: int | None
    """That note's value in units of the currency; None if a clear was taken back."""


@dataclass(frozen=True)
class Cleared:
    """The user has begun to count anew."""

    t: float
    """Seconds of source time."""
