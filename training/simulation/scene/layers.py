"""Layers: what is held is drawn by itself, blurred there, and laid over the room."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Drawing


def lay_over(under: Drawing, layer: Drawing) -> None:
    """Put a layer before a picture of its size, in place.

    under: uint8 [h, w, 3 or 4]. layer: uint8 [h, w, 4], its colours multiplied by its opacity.
    """
    through = cv2.bitwise_not(np.ascontiguousarray(layer[..., 3]))
    channels = under.shape[2]
    seen = cv2.multiply(under, cv2.merge([through] * channels), scale=1 / 255)
    cv2.add(seen, layer if channels == 4 else cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR), dst=seen)
    under[:] = seen


def blurred(layer: Drawing, sigma: float, shift: npt.NDArray[np.float64]) -> Drawing:
    """Return the layer out of focus and moved while it was exposed.

    sigma: standard deviation of the defocus, pixels. shift: [2], how far it moved, pixels.
    """
    # Strong blur leaves no detail: it is drawn small, which takes a fraction of the time.
    total = math.hypot(sigma, shift_sigma(shift))
    factor = 4 if total > 9 else 2 if total > 3 else 1
    height, width = layer.shape[:2]
    if factor > 1:
        layer = cv2.resize(layer, (width // factor, height // factor), interpolation=cv2.INTER_AREA)
    if sigma / factor > 0.3:
        layer = cv2.GaussianBlur(layer, (0, 0), sigma / factor)
    kernel = motion_kernel(shift / factor)
    if kernel.size > 1:
        layer = cv2.filter2D(layer, -1, kernel)
    return layer if factor == 1 else cv2.resize(layer, (width, height), interpolation=cv2.INTER_LINEAR)


def shift_sigma(shift: npt.NDArray[np.float64]) -> float:
    """Return the standard deviation, pixels, of the blur of an even shift [2] of pixels: a uniform distribution's."""
    return float(np.linalg.norm(shift)) / math.sqrt(12)


def motion_kernel(shift: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return the blur kernel of a shift [2] of pixels: a centred line along it.

    float32 [n, n], n odd, whose sum is 1; [[1]] for a shift under half a pixel.
    """
    length = float(np.linalg.norm(shift))
    if length < 0.5:
        return np.ones((1, 1), np.float32)
    half = math.ceil(length / 2)
    kernel = np.zeros((2 * half + 3, 2 * half + 3), np.float32)
    steps = 4 * half + 5
    points = half + 1 + ((np.arange(steps) + 0.5) / steps - 0.5)[:, None] * shift
    low = np.floor(points).astype(int)
    part = points - low
    for right in (0, 1):
        for down in (0, 1):
            weight = np.abs(1 - right - part[:, 0]) * np.abs(1 - down - part[:, 1])
            np.add.at(kernel, (low[:, 1] + down, low[:, 0] + right), weight)
    return kernel / kernel.sum()
