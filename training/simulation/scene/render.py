"""One frame and the truth about it: the room, what is held before it, and the camera that sees both."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Drawing
from currency_app.recognition.corners import share_in_frame
from training.simulation.scene.face import Face
from training.simulation.scene.grip import Hand
from training.simulation.scene.hold import FRAME_ASPECT, FRAME_HEIGHT, FRAME_WIDTH, Hold
from training.simulation.scene.layers import blurred, lay_over, shift_sigma
from training.simulation.scene.motion import motion_blur
from training.simulation.scene.surroundings import Surroundings
from training.simulation.scene.truth import Truth, shorter_side

_SIZE = np.array([FRAME_WIDTH, FRAME_HEIGHT])
"""Width and height of a frame, pixels."""
_STEP = 4
"""Pixels between those at which the truth's light and covering are measured: chosen for speed."""


@dataclass(frozen=True, eq=False)
class HeldObject:
    """What is held before the camera: a note or something like it, a hand, both or nothing."""

    faces: Sequence[Face] = ()
    """The sides that can be seen: two of a note that is turned over, else one; none for an empty hand."""
    hand: Hand | None = None
    """The hand that holds it; None for nothing, or a thing that hangs in the air."""

    def face(self, side: int) -> Face | None:
        """Return the side of this number; None for an empty hand."""
        return self.faces[side] if self.faces else None

    def aspect(self, side: int) -> float:
        """Return width over height of a side lying flat; of the note that an empty hand was drawn for."""
        face = self.face(side)
        if face:
            return face.aspect
        return self.hand.note_aspect if self.hand else 1.0


def draw_frame(
    surroundings: Surroundings,
    held: HeldObject,
    hold_at: Callable[[float], Hold],
    t: float,
    rng: np.random.Generator,
    side: int = 0,
) -> tuple[Drawing, Truth]:
    """Draw the frame at t seconds, uint8 [480, 640, 3] BGR, and return it with its truth.

    hold_at: the hold at any moment, in seconds, sway and all; what changes while the shutter is open is blurred.
    side: which of the faces is seen. rng: for the sensor's noise.
    """
    hold = hold_at(t)
    scene = surroundings.room.view(t)
    if abs(hold.light - 1) > 0.02 and (hold.light > 1 or not surroundings.backlit):
        # Too much light is a lamp or the sun on the note: the room behind gets some of it only.
        scene = cv2.convertScaleAbs(scene, alpha=hold.light ** (-0.6 if hold.light > 1 else 1))
    aspect = held.aspect(side)
    exposure = surroundings.camera.exposure_s(hold.light)
    shift, spread = motion_blur(hold_at, t, exposure, aspect)
    approach = math.log(hold_at(t + exposure).cover / hold.cover) / exposure
    sigma = math.hypot(surroundings.camera.defocus(hold.cover, approach), spread)
    # The shutter opens at t: in the middle of its time the note is half a smear further.
    corners = (hold.corners(aspect) + shift / 2 / _SIZE).astype(np.float32)
    masks = _draw_held(scene, held, side, hold, corners, shift, sigma)
    frame = surroundings.camera.capture(scene, t, hold.light, rng)
    return frame, _truth(frame, t, held.face(side), corners, masks, math.hypot(sigma, shift_sigma(shift)))


def _draw_held(
    scene: Drawing, held: HeldObject, side: int, hold: Hold, corners: Corners, shift: Drawing, sigma: float
) -> tuple[Drawing, Drawing]:
    """Draw note and hand into the scene, in place; return the opacity of each, uint8 [120, 160], 0..255."""
    face, hand = held.face(side), held.hand
    pixels = corners * _SIZE
    places, outlines = None, [pixels] if face else []
    if hand:
        centre, width = pixels.mean(axis=0), hold.width(held.aspect(side)) * FRAME_WIDTH
        places = hand.placed(float(centre[0]), float(centre[1]), width, hold.roll, hold.fingers)
        outlines.append(hand.outline(places))
    note_mask, hand_mask = (np.zeros((FRAME_HEIGHT // _STEP, FRAME_WIDTH // _STEP), np.uint8) for _ in range(2))
    box = _box(outlines, 8 + math.ceil(3 * sigma + float(np.abs(shift).max()) / 2))
    if box is None:
        return note_mask, hand_mask
    left, top, *size = box
    layer = np.zeros((size[1], size[0], 4), np.uint8)
    if face:
        layer = face.draw(pixels - [left, top], (size[0], size[1]))
        _keep(note_mask, layer, left, top)
    if hand and places is not None:
        moved = places.copy()
        moved[:, 2] -= [left, top]
        over = hand.draw(moved, (size[0], size[1]))
        _keep(hand_mask, over, left, top)
        lay_over(layer, over)
    if hold.light < 0.98:
        layer = _darkened(layer, hold.light)
    layer = blurred(layer, sigma, shift)
    x, y = max(left, 0), max(top, 0)
    seen = layer[y - top : FRAME_HEIGHT - top, x - left : FRAME_WIDTH - left]
    lay_over(scene[y : y + seen.shape[0], x : x + seen.shape[1]], np.ascontiguousarray(seen))
    return note_mask, hand_mask


def _darkened(layer: Drawing, light: float) -> Drawing:
    """Return the layer in a share, 0..1, of the light, as opaque as before."""
    levels = np.arange(256)
    dark = np.round(levels * light)
    return np.asarray(cv2.LUT(layer, np.stack([dark, dark, dark, levels], 1).astype(np.uint8)[None]))


def _box(outlines: Sequence[Drawing], rim: int) -> tuple[int, int, int, int] | None:
    """Return left, top, width and height, pixels, of what is drawn; None if nothing is in the frame.

    rim: pixels around it for its blur. The box may reach out of the frame.
    """
    if not outlines:
        return None
    points = np.concatenate(outlines)
    low = np.maximum(np.floor(points.min(axis=0)) - rim, -rim).astype(int)
    high = np.minimum(np.ceil(points.max(axis=0)) + rim, _SIZE + rim).astype(int)
    if (high <= 0).any() or (low >= _SIZE).any():
        return None
    # Whole fours, for strong blur is drawn at a quarter of the size.
    width, height = ((high - low + 3) // 4 * 4).tolist()
    return int(low[0]), int(low[1]), width, height


def _keep(mask: Drawing, layer: Drawing, left: int, top: int) -> None:
    """Write a layer's opacity at every fourth pixel of the frame into the mask.

    left, top: of the layer in the frame, pixels.
    """
    first_x, first_y = math.ceil(max(left, 0) / _STEP), math.ceil(max(top, 0) / _STEP)
    part = layer[first_y * _STEP - top : FRAME_HEIGHT - top : _STEP, first_x * _STEP - left :: _STEP, 3]
    target = mask[first_y : first_y + part.shape[0], first_x : first_x + part.shape[1]]
    target[:] = part[: target.shape[0], : target.shape[1]]


def _truth(
    frame: Drawing, t: float, face: Face | None, corners: Corners, masks: tuple[Drawing, Drawing], blur: float
) -> Truth:
    small = cv2.cvtColor(np.ascontiguousarray(frame[::_STEP, ::_STEP]), cv2.COLOR_BGR2GRAY).astype(np.float32)
    note, hand = (mask.astype(np.float32) / 255 for mask in masks)
    in_view = float(note.sum())
    if face is None or face.class_name is None or share_in_frame(corners) <= 0:
        return Truth(t, None, None, FRAME_ASPECT, light=float(small.mean()))
    bare = note * (1 - hand)
    light = float((small * bare).sum() / bare.sum()) if bare.sum() > 1 else float(small.mean())
    hidden = float((note * hand).sum() / in_view) if in_view > 1 else 0.0
    blur /= shorter_side(corners, (FRAME_WIDTH, FRAME_HEIGHT))
    return Truth(t, face.class_name, corners, FRAME_ASPECT, face.aspect, hidden, light, blur)
