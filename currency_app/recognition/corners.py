"""How much two places in a picture are the same."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt


def overlap(one: npt.NDArray[np.float32], other: npt.NDArray[np.float32]) -> float:
    """Intersection over union, 0..1, of what lies inside corners, float32 [4, 2] each, whatever their order."""
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        return 0.0
    first, second = (cv2.convexHull(np.asarray(corners, np.float32)) for corners in (one, other))
    areas = cv2.contourArea(first), cv2.contourArea(second)
    # OpenCV's intersection is too large for one pair in some thousands.
    shared = min(cv2.intersectConvexConvex(first, second)[0], *areas)
    union = sum(areas) - shared
    return float(shared / union) if union > 0 else 0.0
