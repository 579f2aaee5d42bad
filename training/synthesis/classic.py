"""The augmentation of the first published recipe, to compare with: a whole photograph turned, moved and zoomed.

xiaoyongzhu/SeeingAI-Currency-Detection, 2018, uses Keras' ImageDataGenerator with zoom 0.3, shift 0.2, shear 0.2
(degrees) and rotation 360, and repeats the photograph's edge where it ends.
"""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Drawing, Numbers
from currency_app.recognition.corners import between_pixel_centres, share_in_frame
from training.synthesis.scene import Sample

_ZOOM = 0.3
"""Each side is divided by a factor of 1 - this to 1 + this; of that recipe."""
_SHIFT = 0.2
"""How far the picture moves, share of its side; of that recipe."""
_SHEAR_DEGREES = 0.2
"""Largest shear; of that recipe."""


def classic_photo(
    rng: np.random.Generator, image: Drawing, class_name: str, polygon: Numbers | None, size: int
) -> Sample:
    """Return a photograph stretched to a square and augmented as the first published recipe did.

    image: uint8 [h, w, 3] BGR. polygon: float32 [4, 2] pixels of the note's corners, if known. size: pixels of its
    sides.
    """
    height, width = image.shape[:2]
    turn, shear = rng.uniform(-2 * np.pi, 2 * np.pi), np.radians(rng.uniform(-_SHEAR_DEGREES, _SHEAR_DEGREES))
    zoom = rng.uniform(1 - _ZOOM, 1 + _ZOOM, 2)
    linear = np.array([[np.cos(turn), -np.sin(turn + shear)], [np.sin(turn), np.cos(turn + shear)]]) / zoom
    linear = linear @ np.diag([size / width, size / height])
    middle = (0.5 + rng.uniform(-_SHIFT, _SHIFT, 2)) * size
    matrix = np.column_stack([linear, middle - linear @ [width / 2, height / 2]]).astype(np.float32)
    warp = between_pixel_centres(matrix)
    picture = cv2.warpAffine(image, warp, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if polygon is None:
        return Sample(picture, class_name)
    corners = ((polygon @ matrix[:, :2].T + matrix[:, 2]) / size).astype(np.float32)
    return Sample(picture, class_name, corners, share_in_frame(corners))
