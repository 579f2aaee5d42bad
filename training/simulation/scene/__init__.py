"""One simulated frame: how the note is held and moves, how all is drawn, and its truth."""

from __future__ import annotations

from training.simulation.scene.face import Face
from training.simulation.scene.grip import SIDES, Hand
from training.simulation.scene.hold import DOLLAR_ASPECT, FRAME_ASPECT, FRAME_HEIGHT, FRAME_WIDTH, Hold
from training.simulation.scene.layers import motion_kernel, shift_sigma
from training.simulation.scene.material import Material, drawn_material, read_material, usual_splits
from training.simulation.scene.motion import HandPath, Sway
from training.simulation.scene.render import HeldObject, draw_frame
from training.simulation.scene.surroundings import Room, Surroundings
from training.simulation.scene.truth import (
    Truth,
    apparent_aspect,
    hint_called_for,
    hints_allowed,
    light_inside,
    shorter_side,
)

__all__ = [
    "DOLLAR_ASPECT",
    "FRAME_ASPECT",
    "FRAME_HEIGHT",
    "FRAME_WIDTH",
    "SIDES",
    "Face",
    "Hand",
    "HandPath",
    "HeldObject",
    "Hold",
    "Material",
    "Room",
    "Surroundings",
    "Sway",
    "Truth",
    "apparent_aspect",
    "draw_frame",
    "drawn_material",
    "hint_called_for",
    "hints_allowed",
    "light_inside",
    "motion_kernel",
    "read_material",
    "shift_sigma",
    "shorter_side",
    "usual_splits",
]
