"""The search for a note that is too far away for the first look, so that its holder can be told to come closer.

A note of a twentieth of the frame has too few pixels in the network's picture. In a part of the frame it has four times
as many. One part is looked at per frame without a note, in turn, and where something was found, again the next time.
"""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats
from currency_app.recognition.corners import area_in_frame

PARTS = ((0.25, 0.25), (0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))
"""Left and top of the parts, fractions of the frame: the middle, where notes are held, and the four quarters."""
SIDE = 0.5
_LEAST_SURE = 0.8
"""On 1355 parts of `val` images without a note, 3 reach it."""
_LEAST_AREA, _MOST_AREA = 0.01, 0.1


class FarSearch:
    """Which part to look at next. It remembers where a note was found."""

    def __init__(self) -> None:
        self._number = 0

    def part(self) -> tuple[float, float]:
        """Left and top of the part to look at now, fractions of the frame; it is `SIDE` wide and high."""
        return PARTS[self._number]

    def found(self, note: float, corners: Corners) -> Floats | None:
        """What the look at the part gave, as corners in the frame; None where that is no far note.

        note: probability, 0..1, of all values together. corners: float32 [4, 2], fractions of the part.
        """
        in_frame = (corners * SIDE + np.array(self.part(), np.float32)).astype(np.float32)
        far = (
            note >= _LEAST_SURE
            and np.isfinite(in_frame).all()
            and cv2.isContourConvex(in_frame)
            and _LEAST_AREA <= area_in_frame(in_frame) <= _MOST_AREA
        )
        if not far:
            self._number = (self._number + 1) % len(PARTS)
            return None
        return in_frame
