"""Where the rest of a note must lie that is cut off by the frame's edge.

A network sees where the note is cut off, but hardly how much of it is missing. The note's shape tells: it is laid over
the corners inside the frame, and the corners outside are taken from it.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners, Floats
from currency_app.recognition.corners import share_in_frame

_BEYOND = 0.05
_NEARLY_WHOLE = 0.9
_AT_EDGE = 0.05
_FLAT = 1.4
_OUTSIDE = 0.02
"""How much a corner outside the frame counts against one inside: its direction tells something, its distance little."""


def completed(corners: Corners, aspect: float, note_aspect: float) -> Floats:
    """Corners, float32 [4, 2] fractions of a frame, of which those outside it were moved to where they must be.

    aspect: width over height of the frame. note_aspect: of the note lying flat. The flat note is turned, sized and
    shifted to lie over the corners by least squares (Umeyama, "Least-squares estimation of transformation parameters
    between two point patterns", PAMI 1991). Corners stay as they are where all are inside, or
    all outside, or where they are those of no note.
    """
    cut_along = _cut_along(corners, aspect, note_aspect)
    if not cut_along.any() and share_in_frame(corners) > _NEARLY_WHOLE:
        return corners
    outside = _outside(corners) | cut_along
    # Corners that cross, or run the wrong way round, are those of no note that could be laid over them.
    a_note = cv2.isContourConvex(corners) and cv2.contourArea(corners, oriented=True) > 0
    if not a_note or not outside.any() or outside.all():
        return corners
    # Turning and sizing in the plane are one factor of complex numbers.
    seen = corners[:, 0].astype(np.float64) * aspect + 1j * corners[:, 1]
    flat = np.array([-note_aspect - 1j, note_aspect - 1j, note_aspect + 1j, -note_aspect + 1j])
    weights = np.where(outside, _OUTSIDE, 1.0)
    weights /= weights.sum()
    seen_middle, flat_middle = weights @ seen, weights @ flat
    spread = flat - flat_middle
    factor = (weights * (seen - seen_middle)) @ spread.conj() / (weights @ np.abs(spread) ** 2)
    laid = seen_middle + factor * spread
    moved = np.stack([laid.real / aspect, laid.imag], axis=1)
    found = np.where(outside[:, None], moved, corners).astype(np.float32)
    # A note of this shape would lie inside, so it has another one: tilted, or seen in a picture that was stretched.
    return found if _outside(found)[outside].all() else corners


def _cut_along(corners: Corners, aspect: float, note_aspect: float) -> npt.NDArray[np.bool_]:
    """Which corners are where the frame's edge cuts a note lengthwise, so that what is left is too flat for a note."""
    sides = np.linalg.norm((corners - np.roll(corners, -1, axis=0)) * [aspect, 1], axis=1)
    cut = np.zeros(4, bool)
    if sides[0] + sides[2] < _FLAT * note_aspect * (sides[1] + sides[3]):
        return cut
    for long_side in ([0, 1], [2, 3]):
        ends = corners[long_side]
        cut[long_side] = (ends < _AT_EDGE).all(axis=0).any() or (ends > 1 - _AT_EDGE).all(axis=0).any()
    return cut


def _outside(corners: Corners) -> npt.NDArray[np.bool_]:
    """Which of the corners lie outside the frame, by more than measurement is wrong."""
    return np.asarray(((corners < -_BEYOND) | (corners > 1 + _BEYOND)).any(axis=1))
