"""The search for a note too far away to be read, so that its holder hears to move it closer.

A note of a twentieth of the frame has too few pixels in the network's picture. In a part of the frame that is half as
wide and half as high it has four times as many. One part is looked at per frame without a note, in turn. Where
something was found, the next search looks again. A still is all that there is, so all parts of it are looked at.
"""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats
from currency_app.recognition.corners import area_in_frame

PART_ORIGINS = ((0.25, 0.25), (0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5))
"""Left and top of each part, fractions of the frame: the middle, where notes are held, and the four quarters."""
PART_SIZE = 0.5
"""Width and height of each part, fractions of the frame: the quarters cover it, and a note has four times the
pixels."""
_MIN_NOTE_PROBABILITY = 0.8
"""Probability of all values summed up from which a part shows a note: on 1355 parts of `val` images without a note, 3
reach it."""
_MIN_AREA, _MAX_AREA = 0.01, 0.1
"""Share of the frame that a far note covers. What is smaller is no note that could be found; what is larger is close
enough for the first look. Chosen by hand."""


class FarSearch:
    """Which part of the frame to look at next. It remembers where a note was found."""

    def __init__(self) -> None:
        self._number = 0

    def part(self) -> tuple[float, float]:
        """Return left and top of the part to look at now, fractions of the frame. See `PART_SIZE` for its size."""
        return PART_ORIGINS[self._number]

    def found(self, note: float, corners: Corners) -> Floats | None:
        """Take what the network saw in the part; return the far note's corners in the frame if there is one.

        If there is none, the search goes on with the next part.

        Args:
            note: probability, 0..1, of all values summed up.
            corners: float32 [4, 2], fractions of the part.

        Returns:
            float32 [4, 2], fractions of the frame; None if there is no far note.
        """
        in_frame = (corners * PART_SIZE + np.array(self.part(), np.float32)).astype(np.float32)
        if not is_far_note(note, in_frame):
            self._number = (self._number + 1) % len(PART_ORIGINS)
            return None
        return in_frame


def is_far_note(note: float, corners: Corners) -> bool:
    """Whether a look at a part of the frame shows a note too far away to be read.

    note: probability, 0..1, of all values summed up. corners: float32 [4, 2], fractions of the frame.
    """
    return bool(
        note >= _MIN_NOTE_PROBABILITY
        and np.isfinite(corners).all()
        and cv2.isContourConvex(corners)
        and _MIN_AREA <= area_in_frame(corners) <= _MAX_AREA
    )
