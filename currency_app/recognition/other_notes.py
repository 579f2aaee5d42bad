"""Whether more than one note is in view: the one that was found is hidden, and the frame is looked at again."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.corners import area_in_frame, hull

_GROWN = 1.3
_MOST_COVERED = 0.7
_LEAST_NOTE = 1 / 12
_LEAST_SURE = 0.8
_MOST_SHARED = 0.5


def worth_a_look(corners: Corners) -> bool:
    """Whether a note with these corners could be one of several: it leaves room, and is no speck itself."""
    return _LEAST_NOTE <= area_in_frame(corners) < _MOST_COVERED


def without_note(picture: Image, corners: Corners) -> Image:
    """A copy of a picture, uint8 [h, w, 3], in which the note and its edges have the colour of what is around.

    corners: float32 [4, 2], fractions of this picture. A note is covered with some of its surroundings, for its corners
    are not exact and the rest of an edge is still a note to the network.
    """
    hidden = np.zeros(picture.shape[:2], np.uint8)
    centre = corners.mean(axis=0)
    grown = ((hull(corners) - centre) * _GROWN + centre) * picture.shape[1::-1]
    cv2.fillConvexPoly(hidden, np.round(np.clip(grown, -9999, 9999)).astype(np.int32), 1)
    around = picture[hidden == 0]
    copy = picture.copy()
    copy[hidden == 1] = np.median(around[::7], axis=0) if len(around) else 0
    return copy


def is_another(note: float, corners: Corners, first: Floats) -> bool:
    """Whether what was seen with the first note hidden is a second one.

    note: probability, 0..1, of all values together. corners, first: float32 [4, 2] of both, fractions of the frame.
    """
    if note < _LEAST_SURE or not np.isfinite(corners).all() or not cv2.isContourConvex(corners):
        return False
    if area_in_frame(corners) < _LEAST_NOTE:
        return False
    shared, _ = cv2.intersectConvexConvex(hull(corners), hull(first))
    return float(shared) < _MOST_SHARED * cv2.contourArea(corners)
