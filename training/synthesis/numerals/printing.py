"""Print a number into a corner: engraved, outlined, shaded, on a medallion or over the frame."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Floats, Image
from training.synthesis.numerals.faces import printed_number
from training.synthesis.numerals.grounds import WINDOW, fine_lines

_MIN_CONTRAST = 70
"""Grey levels between ink and ground, at least. Chosen by hand."""


def print_numeral(
    rng: np.random.Generator,
    window: Floats,
    text: str,
    middle: tuple[float, float],
    size: float,
    beyond: float = 0.0,
) -> None:
    """Print a number, in place.

    Args:
        rng: source of chance.
        window: grey levels.
        text: see `printed_number`.
        middle: of what is seen of it, x and y, pixels.
        size: of the room for what is seen of it, as a share of the window.
        beyond: how much of its width lies beyond the window's right edge, -1..1; beyond the left one if negative.
    """
    shape = _placed(rng, printed_number(rng, text), middle, size, beyond)
    if not shape.any():
        return
    ground, ink = _inks(rng, window, shape)
    on_medallion = rng.random() < 0.55
    if on_medallion:
        _medallion(rng, window, shape, ground, ink)
    if rng.random() < 0.35:
        shift = tuple(int(by) for by in rng.integers(-4, 5, 2))
        shade = (ink + ground) / 2 if rng.random() < 0.5 else ground
        window += (shade - window) * np.roll(shape, shift, (0, 1)) * np.float32(rng.uniform(0.5, 1))
    if rng.random() < 0.4 or not on_medallion:
        rim = _grown(shape, int(rng.integers(3, 8) if on_medallion else rng.integers(5, 11)))
        window += (ground - window) * rim * np.float32(rng.uniform(0.6, 1))
        if rng.random() < 0.3:
            window += (ink - window) * (_grown(rim, 3) - rim) * np.float32(rng.uniform(0.5, 1))
    window += (ink - window) * _filled(rng, shape) * np.float32(rng.uniform(0.8, 1))
    np.clip(window, 0, 255, out=window)


def _placed(rng: np.random.Generator, mask: Image, middle: tuple[float, float], size: float, beyond: float) -> Floats:
    """Return a mask where it is to be printed, a little slanted and turned, float32 of the window's size, 0..1."""
    width, height = WINDOW
    aspect = mask.shape[1] / mask.shape[0] * rng.uniform(0.65, 1.35)
    high = min(height * 0.72 * size, width * 0.8 * size / aspect / (1 - abs(beyond)))
    if beyond:  # what is seen of it reaches to the edge
        edge = width if beyond > 0 else 0
        middle = edge + (beyond - np.sign(beyond) / 2) * high * aspect, middle[1]
    scale_y = high / mask.shape[0]
    scale_x = high * aspect / mask.shape[1]
    turn, slant = np.radians(rng.normal(0, 2.5)), rng.normal(0, 0.08)
    cos, sin = float(np.cos(turn)), float(np.sin(turn))
    linear = np.array([[cos, slant - sin], [sin, cos]]) @ np.diag([scale_x, scale_y])
    offset = np.array(middle) - linear @ (np.array(mask.shape[::-1]) / 2)
    # Shrunk first, for a warp mixes four pixels and would skip the rest.
    size_x, size_y = max(round(mask.shape[1] * scale_x), 2), max(round(mask.shape[0] * scale_y), 2)
    small = cv2.resize(mask, (size_x, size_y), interpolation=cv2.INTER_AREA)
    linear = linear @ np.diag([mask.shape[1] / size_x, mask.shape[0] / size_y])
    placed = cv2.warpAffine(small, np.column_stack([linear, offset]), WINDOW)
    return np.asarray(placed / 255, np.float32)


def _inks(rng: np.random.Generator, window: Floats, shape: Floats) -> tuple[float, float]:
    """Return grey levels of ground and ink, taken from what is around the numeral."""
    x, y, wide, high = cv2.boundingRect((shape > 0.5).astype(np.uint8))
    around = window[max(y - 6, 0) : y + high + 6, max(x - 6, 0) : x + wide + 6]
    dark, light = (float(level) for level in np.percentile(around, (8, 92)))
    if light - dark < _MIN_CONTRAST:
        between, half = (dark + light) / 2, float(rng.uniform(_MIN_CONTRAST / 2, _MIN_CONTRAST))
        dark, light = between - half, between + half
    return (dark, light) if rng.random() < 0.5 else (light, dark)


def _medallion(rng: np.random.Generator, window: Floats, shape: Floats, ground: float, ink: float) -> None:
    """Clear an oval or a box for the numeral, in place."""
    x, y, wide, high = cv2.boundingRect((shape > 0.5).astype(np.uint8))
    middle = x + wide // 2, y + high // 2
    half_x, half_y = int(wide / 2 * rng.uniform(1.05, 1.7)), int(high / 2 * rng.uniform(1.05, 1.7))
    region = np.zeros(window.shape, np.float32)
    if rng.random() < 0.55:
        cv2.ellipse(region, middle, (half_x, half_y), 0, 0, 360, 1.0, -1)
    else:
        first, last = (middle[0] - half_x, middle[1] - half_y), (middle[0] + half_x, middle[1] + half_y)
        cv2.rectangle(region, first, last, 1.0, -1)
    if rng.random() < 0.3:
        window += (ink - window) * (_grown(region, 5) - region) * np.float32(rng.uniform(0.4, 1))
    soft = cv2.GaussianBlur(region, (0, 0), float(rng.uniform(0.5, 4)))
    fill = ground + fine_lines(rng) * np.float32((ink - ground) * rng.uniform(0, 0.35))
    window += (fill - window) * soft * np.float32(rng.uniform(0.6, 1))


def _filled(rng: np.random.Generator, shape: Floats) -> Floats:
    """Return how much ink is where in a numeral: hatched, hollow, shaded from top to bottom, or full."""
    kind = rng.random()
    if kind < 0.2:
        return np.asarray(shape * (1 - rng.uniform(0.2, 0.6) * (fine_lines(rng) > 0)), np.float32)
    if kind < 0.35:
        inside = cv2.erode(shape, np.ones((3, 3), np.uint8))
        return np.asarray(shape - inside * rng.uniform(0.3, 0.8), np.float32)
    if kind < 0.5:
        shade = np.linspace(rng.uniform(0.5, 1), rng.uniform(0.5, 1), len(shape), dtype=np.float32)
        return np.asarray(shape * shade[:, None], np.float32)
    return shape


def _grown(shape: Floats, size: int) -> Floats:
    return np.asarray(cv2.dilate(shape, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))), np.float32)
