"""Whether more than one note is in view: the one that was found is hidden, and the frame is looked at again."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

_PICTURE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
_GROWN = 1.3
_MOST_COVERED = 0.7
_LEAST_NOTE = 1 / 12
_LEAST_SURE = 0.8
_MOST_SHARED = 0.5


def area_in_frame(corners: Floats) -> float:
    """Share of the frame that lies inside corners, float32 [4, 2] fractions of it; whatever their order, 0..1."""
    if not np.isfinite(corners).all():
        return 0.0
    area, _ = cv2.intersectConvexConvex(_hull(corners), _PICTURE)
    return min(float(area), 1.0)


def share_in_frame(corners: Floats) -> float:
    """Share of what lies inside corners, float32 [4, 2] fractions of the frame, that is also inside the frame, 0..1."""
    if not np.isfinite(corners).all():
        return 0.0
    return min(area_in_frame(corners) / max(float(cv2.contourArea(_hull(corners))), 1e-6), 1.0)


def worth_a_look(corners: Floats) -> bool:
    """Whether a note with these corners could be one of several: it leaves room, and is no speck itself."""
    return _LEAST_NOTE <= area_in_frame(corners) < _MOST_COVERED


def without_note(picture: Image, corners: Floats) -> Image:
    """A copy of a picture, uint8 [h, w, 3], in which the note and its edges have the colour of what is around.

    corners: float32 [4, 2], fractions of this picture. A note is covered with some of its surroundings, for its corners
    are not exact and the rest of an edge is still a note to the network.
    """
    hidden = np.zeros(picture.shape[:2], np.uint8)
    centre = corners.mean(axis=0)
    grown = ((_hull(corners) - centre) * _GROWN + centre) * picture.shape[1::-1]
    cv2.fillConvexPoly(hidden, np.round(np.clip(grown, -9999, 9999)).astype(np.int32), 1)
    around = picture[hidden == 0]
    copy = picture.copy()
    copy[hidden == 1] = np.median(around[::7], axis=0) if len(around) else 0
    return copy


def is_another(note: float, corners: Floats, first: Floats) -> bool:
    """Whether what was seen with the first note hidden is a second one.

    note: probability, 0..1, of all values together. corners, first: float32 [4, 2] of both, fractions of the frame.
    """
    if note < _LEAST_SURE or not np.isfinite(corners).all() or not cv2.isContourConvex(corners):
        return False
    if area_in_frame(corners) < _LEAST_NOTE:
        return False
    shared, _ = cv2.intersectConvexConvex(_hull(corners), _hull(first))
    return float(shared) < _MOST_SHARED * cv2.contourArea(corners)


def _hull(corners: Floats) -> Floats:
    return np.asarray(cv2.convexHull(np.asarray(corners, np.float32)), np.float32).reshape(-1, 2)
