"""Corners of a note, and the geometry that every stage measures on them.

Corners are float32 [4, 2], an x and a y for each: the note's **own** top-left, top-right, bottom-right and bottom-left,
so that they also tell which way up it is held. They are fractions of the picture, 0..1 from left to right and from top
to bottom, and lie outside 0..1 if the note is cut off.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Corners, Floats

UNIT_SQUARE: Corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
"""Corners of the whole picture, and of a note that fills it. Not to be changed."""

_MIN_AREA = 1e-6
"""Share of the picture: the divisor in place of the area of corners that enclose nothing."""


def note_area(corners: Corners) -> float:
    """Return the note's area as a share of the picture's, over 1 if it is larger.

    What lies outside the picture counts too. Corners that cross enclose less than they span.
    """
    return float(abs(cv2.contourArea(np.asarray(corners, np.float32))))


def area_in_frame(corners: Corners) -> float:
    """Return the share of the frame that lies inside the corners, 0..1, whatever their order."""
    if not np.isfinite(corners).all():
        return 0.0
    inside, _ = cv2.intersectConvexConvex(hull(corners), UNIT_SQUARE)
    return min(float(inside), 1.0)


def share_in_frame(corners: Corners) -> float:
    """Return the share, 0..1, of what lies inside the corners that is also inside the frame."""
    if not np.isfinite(corners).all():
        return 0.0
    return min(area_in_frame(corners) / max(float(cv2.contourArea(hull(corners))), _MIN_AREA), 1.0)


def polygon_in_frame(corners: Corners) -> Floats | None:
    """Return the part of the note inside the frame, float32 [n, 2] fractions of it; None if no part is."""
    inside, polygon = cv2.intersectConvexConvex(np.asarray(corners, np.float32), UNIT_SQUARE)
    return None if inside <= 0 or polygon is None else np.asarray(polygon, np.float32).reshape(-1, 2)


def iou(one: Corners, other: Corners) -> float:
    """Return the intersection over union, 0..1, of what lies inside two notes' corners, whatever their order."""
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return 0.0
    first, second = (cv2.convexHull(np.asarray(corners, np.float32)) for corners in (one, other))
    areas = cv2.contourArea(first), cv2.contourArea(second)
    # OpenCV's intersection is too large for one pair in some thousands.
    shared = min(cv2.intersectConvexConvex(first, second)[0], *areas)
    union = sum(areas) - shared
    return float(shared / union) if union > 0 else 0.0


def convex_iou(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """Return the intersection over union, 0..1, of two quadrilaterals, [4, 2]; 0 if either is folded over."""
    first, second = np.asarray(one, np.float32), np.asarray(other, np.float32)
    if not (cv2.isContourConvex(first) and cv2.isContourConvex(second)):
        return 0.0
    return iou(first, second)


def hull(corners: Corners) -> Floats:
    """Return the convex hull of the corners, float32 [n, 2]."""
    return np.asarray(cv2.convexHull(np.asarray(corners, np.float32)), np.float32).reshape(-1, 2)


def scaled(corners: Corners, size: float) -> Corners:
    """Return corners, float32 [4, 2], of a note of `size` times the size about its centre."""
    centre = corners.mean(axis=0)
    return np.asarray((corners - centre) * size + centre, np.float32)


def project(matrix: npt.NDArray[np.floating], points: Floats) -> Floats:
    """Return points, [n, 2], mapped by a projective map, [3, 3]: float32 [n, 2]."""
    through = np.asarray(matrix, np.float64)
    mapped = points @ through[:, :2].T + through[:, 2]
    return np.asarray(mapped[:, :2] / mapped[:, 2:], np.float32)


def between_pixel_centres(affine: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return an affine map between pictures, [2, 3] pixels, as OpenCV's warps take it: float64 [2, 3].

    Corners are measured from a picture's edge, where its first pixel begins; OpenCV counts from that pixel's centre.
    """
    matrix = np.array(affine, np.float64)
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5
    return matrix
