"""Pictures that are black all over, as a camera gives them whose cover is closed."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Image

MAX_BLACK = 24.0
"""Grey level, 0..255, up to which a part of a picture may be black: that of video is 16, and sensors add noise. Chosen
by hand."""
MAX_BLACK_SPREAD = 4.0
"""Grey levels by which the parts of a black picture differ at most. Noise makes up to 3 of them; the demonstration's
room at a twentieth of its light has 5. Chosen by hand."""
_CELLS = (32, 24)
_SAMPLES = (320, 240)
_LEFT_OUT = 0.05
"""Share of the parts that may be brighter or darker: network cameras write the time into a corner of the black."""


def is_black(image: Image) -> bool:
    """Return whether a picture, uint8 [h, w, 3] BGR, is black all over and shows nothing at all.

    The noise of the sensor, a few bright pixels and a line of text do not count. A dark room does not either.
    """
    sampled = cv2.resize(image, _SAMPLES, interpolation=cv2.INTER_NEAREST)  # as fast for large pictures as for small
    # The means of parts, in which noise has averaged out; of the colours the brightest, for blue is not black.
    cells = cv2.resize(sampled, _CELLS, interpolation=cv2.INTER_AREA).max(axis=2)
    levels = np.sort(cells, axis=None).astype(float)
    left_out = int(len(levels) * _LEFT_OUT)
    dark, bright = levels[left_out], levels[-1 - left_out]
    return bool(bright <= MAX_BLACK and bright - dark <= MAX_BLACK_SPREAD)
