"""Whether anything moves in a view: if nothing does, nothing can have come into it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image

_SAMPLES = (160, 120)
"""Width and height, pixels, that are taken from a frame. Chosen by hand."""
_CELLS = (32, 24)
"""Width and height, cells, in each of which the pixels' mean is compared. Chosen by hand."""
_MIN_CHANGE = 8
"""Grey levels, in the brightest colour, by which a cell has changed: sensor noise makes up to 3 in the mean of a cell.
Chosen by hand."""
_MIN_CHANGED = 8
"""Cells of 768 that must have changed for something to move: a note that is just large enough to be read has 38 of
them. Chosen by hand."""


class Movement:
    """Compares frames with an earlier one, from which on movement counts: a slow movement adds up."""

    def __init__(self) -> None:
        self._before: npt.NDArray[np.int16] | None = None
        self._now: npt.NDArray[np.int16] | None = None

    def is_in(self, image: Image) -> bool:
        """Return whether something has moved in a frame, uint8 [h, w, 3]; True for the first one."""
        # Every so many pixels: as fast for large frames as for small ones.
        sampled = cv2.resize(image, _SAMPLES, interpolation=cv2.INTER_NEAREST)
        self._now = cv2.resize(sampled, _CELLS, interpolation=cv2.INTER_AREA).max(axis=2).astype(np.int16)
        if self._before is None:
            return True
        return int((np.abs(self._now - self._before) > _MIN_CHANGE).sum()) >= _MIN_CHANGED

    def begin_from_here(self) -> None:
        """Compare what follows with the frame that was asked about last."""
        self._before = self._now
