"""Notes with parts that are not their own: numerals, words or portraits of others, and designs that nobody prints."""

from __future__ import annotations

from training.synthesis.parts.layout import DRAWN
from training.synthesis.parts.made_up import made_up_note
from training.synthesis.parts.pool import NoteParts

__all__ = ["DRAWN", "NoteParts", "made_up_note"]
