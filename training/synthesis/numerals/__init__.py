"""Corners of notes with their numerals, real ones and drawn ones, for the network that reads nothing else."""

from __future__ import annotations

from training.synthesis.numerals.sampler import CropSampler, LabelledCrop, outputs_of
from training.synthesis.numerals.windows import CROP, NOTE_MARGIN, WindowedNote, note_size, windowed_notes

__all__ = [
    "CROP",
    "NOTE_MARGIN",
    "CropSampler",
    "LabelledCrop",
    "WindowedNote",
    "note_size",
    "outputs_of",
    "windowed_notes",
]
