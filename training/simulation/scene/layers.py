"""Pictures laid over pictures: what is held is drawn on a layer of its own, blurred there, and put before the room."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Drawing


def lay_over(under: Drawing, layer: Drawing) -> None:
    """Put a layer, uint8 [h, w, 4], before a picture of the same size and 3 or 4 channels, in place."""
    through = cv2.bitwise_not(np.ascontiguousarray(layer[..., 3]))
    channels = under.shape[2]
    seen = cv2.multiply(under, cv2.merge([through] * channels), scale=1 / 255)
    cv2.add(seen, layer if channels == 4 else cv2.cvtColor(layer, cv2.COLOR_BGRA2BGR), dst=seen)
    under[:] = seen


def blurred(layer: Drawing, sigma: float, shift: npt.NDArray[np.float64]) -> Drawing:
    """The layer out of focus by a Gaussian of sigma pixels, and moved by a shift [2] of pixels while it was exposed."""
    # Strong blur leaves no detail: it is drawn small, where it takes a fraction of the time.
    total = math.hypot(sigma, float(np.linalg.norm(shift)) / math.sqrt(12))
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


def motion_kernel(shift: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """A line along a shift [2] of pixels, centred, whose sum is 1: float32 [n, n], n odd; [[1]] for hardly any."""
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
