"""Painted pictures that the tiny bundles read: a note is a rectangle of the colour of its value and side.

Every face of a note has its own mixture of red, green and blue, all equally bright together. See `tiny_bundle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

SIZE = 32
"""Width and height of the tiny network's picture, pixels."""
NOTE_SIZE = (0.5, 0.5)
"""Width and height of a note, fractions of the network's picture."""
SIDES = ("front", "back")
LEVELS = [(40 + 45 * i, 40 + 45 * j, 40 + 45 * (4 - i - j)) for i in range(5) for j in range(5 - i)]
"""Red, green, blue of each face, in the order of values and sides; each adds up to BRIGHTNESS."""
BRIGHTNESS = 300.0


def colour_of(values: Sequence[int], value: int, side: str) -> tuple[int, int, int]:
    """Red, green, blue of a note's face, 0..255."""
    return LEVELS[sorted(values).index(value) * 2 + SIDES.index(side)]


def paint(
    colour: Sequence[float] | None,
    centre: tuple[float, float] = (0.5, 0.5),
    frame: tuple[int, int] = (64, 48),
    size: tuple[float, float] = NOTE_SIZE,
) -> npt.NDArray[np.uint8]:
    """A black frame, uint8 [height, width, 3] BGR, with a note of this colour (red, green, blue), or none.

    centre, size: fractions of the frame; frame: width and height, pixels.
    """
    picture = np.zeros((frame[1], frame[0], 3), np.uint8)
    if colour is not None:
        low = [round((c - s / 2) * pixels) for c, s, pixels in zip(centre, size, frame, strict=True)]
        high = [round((c + s / 2) * pixels) for c, s, pixels in zip(centre, size, frame, strict=True)]
        bgr = [round(level) for level in reversed(colour)]
        picture[max(low[1], 0) : max(high[1], 0), max(low[0], 0) : max(high[0], 0)] = bgr
    return picture


def printed(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture with a fine print over its note that leaves its mean colour: plain paper tells nothing of blur."""
    ys, xs = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]] // max(picture.shape[1] // 80, 1)
    print_ = np.where((xs + ys) % 2 == 0, 25, -25)[..., None]
    return np.where(picture.any(axis=2, keepdims=True), np.clip(picture + print_, 0, 255), picture).astype(np.uint8)


def write_picture(path: Path, picture: npt.NDArray[np.uint8]) -> Path:
    """Save a picture without loss, whatever the name says; returns its path."""
    packed, data = cv2.imencode(".png", picture)
    assert packed
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.tobytes())
    return path
