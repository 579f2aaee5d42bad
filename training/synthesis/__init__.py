"""Make training pictures: notes put into scenes the way a hand holds them and a webcam sees them."""

from __future__ import annotations

from training.synthesis.drawn import drawn_notes
from training.synthesis.fonts import matplotlib_fonts, no_fonts
from training.synthesis.layouts import LAYOUTS, lay_flat, lay_notes
from training.synthesis.pose import turned_note
from training.synthesis.sampler import Mix, Sampler
from training.synthesis.scene import Sample, composite
from training.synthesis.second_look import closer_look
from training.synthesis.surface import render_note

__all__ = [
    "LAYOUTS",
    "Mix",
    "Sample",
    "Sampler",
    "closer_look",
    "composite",
    "drawn_notes",
    "lay_flat",
    "lay_notes",
    "matplotlib_fonts",
    "no_fonts",
    "render_note",
    "turned_note",
]
