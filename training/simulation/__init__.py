"""Simulated presentations: a virtual hand shows a note to a modelled camera, with the truth of every frame."""

from __future__ import annotations

from training.simulation.clips import write_clips
from training.simulation.closed_loop import ClosedLoop
from training.simulation.empty import empty_scene
from training.simulation.moved import moved_photo
from training.simulation.presentation import Presentation, play, presentations
from training.simulation.user import GIVES_UP_S

__all__ = [
    "GIVES_UP_S",
    "ClosedLoop",
    "Presentation",
    "empty_scene",
    "moved_photo",
    "play",
    "presentations",
    "write_clips",
]
