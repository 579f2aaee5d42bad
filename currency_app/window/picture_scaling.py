"""Makes a frame the picture that the window draws: scaled, in the screen's colour order, mirrored."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Corners, Floats, Image

_MAX_ENLARGED = 2.0
"""How many times as wide a frame is made in here; beyond that the window system stretches it, which costs less."""


def fitted_size(image: Image, width: int, height: int) -> tuple[int, int]:
    """Return the largest width and height, in pixels, that an image has within a space."""
    high, wide = image.shape[:2]
    scale = min(width / wide, height / high)
    return max(1, round(wide * scale)), max(1, round(high * scale))


def screen_picture(image: Image, width: int, height: int, *, mirrored: bool) -> Image:
    """Return a frame as uint8 [height, width, 4], BGRA with opaque alpha, of that size or somewhat smaller.

    mirrored: left and right changed, as in a mirror.
    """
    most = round(image.shape[1] * _MAX_ENLARGED)
    if width > most:
        width, height = most, max(1, round(height * most / width))
    small = cv2.resize(image, (width, height), interpolation=cv2.INTER_LINEAR)
    if mirrored:
        small = cv2.flip(small, 1)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2BGRA), np.uint8)


def outline_points(corners: Corners, width: int, height: int, *, mirrored: bool) -> Floats:
    """Return where the note's corners are in a drawn picture of that size: float32 [4, 2], in its units."""
    points = np.array(corners, np.float32)
    if mirrored:
        points[:, 0] = 1 - points[:, 0]
    return points * np.asarray([width, height], np.float32)
