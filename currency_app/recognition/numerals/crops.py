"""The corners of a note, cut out of a frame at the camera's full resolution.

Every design ever printed has its value in figures in its corners, where nothing else is as large.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.corners import UNIT_SQUARE, project, share_in_frame
from currency_app.recognition.numerals.rule import NumeralRule
from currency_app.recognition.second_look import note_homography, straighten

CROPS = 8
"""Crops of one note: its four corners, then the same ones as they are if the note is the other way up."""
_HALF_TURN = (2, 3, 0, 1)
"""Which corner is where each was, once a note is turned by half a turn."""
MIN_IN_FRAME = 0.5
"""Share of a corner inside the frame, 0..1, from which it can be read: less is mostly black. Chosen on `val`."""
_TO_GREY = {3: cv2.COLOR_BGR2GRAY, 4: cv2.COLOR_BGRA2GRAY}
"""By how many channels a picture has."""


@dataclass(frozen=True, eq=False)
class CornerCrops:
    """The corners of one note."""

    pictures: Image
    """uint8 [CROPS, height, width] grey."""
    in_frame: npt.NDArray[np.bool_]
    """bool [CROPS]: whether most of the corner lies inside the frame."""


def corner_crops(image: Image, corners: Corners, rule: NumeralRule) -> CornerCrops | None:
    """Return a note's corners; None if no note can lie like that.

    First come the note's own top left, top right, bottom right and bottom left. The other four are the same corners
    turned by half a turn, in the same order: top left is then what was bottom right. For nobody can tell which way up a
    note is that nobody knows.

    Args:
        image: the frame, uint8 [h, w, 3] BGR or [h, w, 4] BGRA.
        corners: float32 [4, 2], fractions of the frame.
        rule: how large the straightened note is, and a crop of it.
    """
    to_frame = note_homography(corners, rule.margin)
    if to_frame is None:
        return None
    note = straighten_grey(image, to_frame, rule.width, rule.height)
    high, wide = rule.crop_height, rule.crop_width
    upright = [note[:high, :wide], note[:high, -wide:], note[-high:, -wide:], note[-high:, :wide]]
    size = np.array([wide / rule.width, high / rule.height], np.float32)
    starts = UNIT_SQUARE * (1 - size)
    in_frame = [share_in_frame(project(to_frame, start + UNIT_SQUARE * size)) >= MIN_IN_FRAME for start in starts]
    pictures = [*upright, *(upright[place][::-1, ::-1] for place in _HALF_TURN)]
    return CornerCrops(np.stack(pictures), np.array([*in_frame, *(in_frame[place] for place in _HALF_TURN)]))


def straighten_grey(image: Image, to_frame: Floats, width: int, height: int) -> Image:
    """Return a part of a frame straightened and grey, uint8 [height, width]; see `second_look.straighten`."""
    straight = straighten(image, to_frame, width, height)
    return np.asarray(cv2.cvtColor(straight, _TO_GREY[straight.shape[2]]), np.uint8)
