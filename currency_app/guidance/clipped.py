"""Where the rest of a note must lie if the frame's edge cuts it off.

A network sees where the note is cut off, but hardly how much of it is missing. The shape of the currency's notes tells:
a note of that shape is laid over the corners inside the frame, and the corners outside are taken from it.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners, Floats
from currency_app.recognition.corners import share_in_frame

_MEASUREMENT_ERROR = 0.05
"""Fraction of the frame's sides by which measured corners may be wrong: only farther out are they outside. Chosen by
hand."""
_NEARLY_WHOLE = 0.9
"""Share of the note in view over which nothing is worth completing. Chosen by hand."""
_AT_EDGE = 0.05
"""Fraction of the frame's sides: a corner this near an edge may be where the edge cuts the note. Chosen by hand."""
_TOO_FLAT = 1.4
"""How many times as wide as its shape allows what is left of a note cut lengthwise must be, at least. Chosen by hand: a
note tilted by less than 44 degrees is not so flat."""
_OUTSIDE_WEIGHT = 0.02
"""How much a corner outside the frame counts against one inside: its direction tells something, its distance little.
Chosen by hand."""


def complete_corners(corners: Corners, aspect: float, note_aspect: float) -> Floats:
    """Return the corners, with those outside the frame moved to where they must be by the note's shape.

    A flat note is turned, scaled and shifted to lie over the corners by least squares (Umeyama, "Least-squares
    estimation of transformation parameters between two point patterns", PAMI 1991). Corners stay as they are if all are
    inside, or all outside, or if they cannot be a note's.

    Args:
        corners: float32 [4, 2], fractions of the frame.
        aspect: width over height of the frame.
        note_aspect: width over height of the currency's notes lying flat.

    Returns:
        float32 [4, 2], fractions of the frame.
    """
    cut_along = _cut_along(corners, aspect, note_aspect)
    if not cut_along.any() and share_in_frame(corners) > _NEARLY_WHOLE:
        return corners
    outside = _outside(corners) | cut_along
    # Over corners that cross, or run the wrong way round, no note can be laid.
    a_note = cv2.isContourConvex(corners) and cv2.contourArea(corners, oriented=True) > 0
    if not a_note or not outside.any() or outside.all():
        return corners
    # As complex numbers, turning and scaling in the plane are one factor.
    seen = corners[:, 0].astype(np.float64) * aspect + 1j * corners[:, 1]
    flat = np.array([-note_aspect - 1j, note_aspect - 1j, note_aspect + 1j, -note_aspect + 1j])
    weights = np.where(outside, _OUTSIDE_WEIGHT, 1.0)
    weights /= weights.sum()
    seen_middle, flat_middle = weights @ seen, weights @ flat
    spread = flat - flat_middle
    factor = (weights * (seen - seen_middle)) @ spread.conj() / (weights @ np.abs(spread) ** 2)
    laid = seen_middle + factor * spread
    moved = np.stack([laid.real / aspect, laid.imag], axis=1)
    completed = np.where(outside[:, None], moved, corners).astype(np.float32)
    # If a note of this shape would lie inside, the note looks otherwise: tilted, or in a picture that was stretched.
    return completed if _outside(completed)[outside].all() else corners


def _cut_along(corners: Corners, aspect: float, note_aspect: float) -> npt.NDArray[np.bool_]:
    """Return which corners, bool [4], are where the frame's edge cuts the note lengthwise.

    What is left of such a note is too flat for a whole one.
    """
    sides = np.linalg.norm((corners - np.roll(corners, -1, axis=0)) * [aspect, 1], axis=1)
    cut = np.zeros(4, bool)
    if sides[0] + sides[2] < _TOO_FLAT * note_aspect * (sides[1] + sides[3]):
        return cut
    for long_side in ([0, 1], [2, 3]):
        ends = corners[long_side]
        cut[long_side] = (ends < _AT_EDGE).all(axis=0).any() or (ends > 1 - _AT_EDGE).all(axis=0).any()
    return cut


def _outside(corners: Corners) -> npt.NDArray[np.bool_]:
    """Return which of the corners, bool [4], lie outside the frame by more than the error of measurement."""
    return np.asarray(((corners < -_MEASUREMENT_ERROR) | (corners > 1 + _MEASUREMENT_ERROR)).any(axis=1))
