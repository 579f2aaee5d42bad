"""Fingers over the edge of a note, with the hand and arm behind them."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Corners, Drawing, Numbers

_LIGHTEST_SKIN = np.array([200.0, 215.0, 245.0])
"""BGR, 0..255; judged by eye."""
_DARKEST_SKIN = np.array([30.0, 42.0, 70.0])
"""BGR, 0..255; judged by eye."""


def draw_hand(
    rng: np.random.Generator,
    picture: Drawing,
    corners: Corners,
    note_mask: Numbers,
    max_covered: float,
) -> float:
    """Draw a hand that grips the note into a square picture, in place.

    picture: uint8 [size, size, 3] BGR. note_mask: float32 [size, size], 0..1, where the note is seen. max_covered:
    0..1, the largest share of the note's visible area that the fingers may hide. Returns the share that they hide.
    """
    size = picture.shape[0]
    note_pixels = max(float(note_mask.sum()), 1.0)
    covering = max_covered > 0.4
    reach = rng.uniform(0.5, 1.1) if covering else rng.uniform(0.15, 0.75)
    for _ in range(3):
        skin, shape = _hand(rng, size, corners * size, reach, covering)
        hidden = float((shape * note_mask).sum()) / note_pixels
        if hidden <= max_covered:
            picture[:] = np.clip(picture * (1 - shape[..., None]) + skin * shape[..., None], 0, 255).astype(np.uint8)
            return hidden
        reach *= 0.5
    return 0.0


def _hand(
    rng: np.random.Generator, size: int, corners: Numbers, reach: float, covering: bool
) -> tuple[Numbers, Numbers]:
    """Return a hand at one edge of the note: its colours and its shape.

    covering: it lies over the note with most of its fingers, and so nearer to the camera. Returns float32 [size, size,
    3] BGR and float32 [size, size], 0..1.
    """
    edge = int(rng.integers(0, 4))
    start, end = corners[edge], corners[(edge + 1) % 4]
    inward = corners.mean(axis=0) - (start + end) / 2
    note_height = float(min(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[0])))
    inward = inward / (np.linalg.norm(inward) + 1e-6)
    along = (end - start) / (np.linalg.norm(end - start) + 1e-6)
    thick = note_height * (rng.uniform(0.26, 0.5) if covering else rng.uniform(0.2, 0.36))
    base = start + (end - start) * rng.uniform(0.15, 0.85)
    shape = np.zeros((size, size), np.uint8)
    lines = np.zeros((size, size), np.uint8)
    slant = rng.normal(0, 0.35)
    fingers = int(rng.integers(3, 6) if covering else rng.integers(1, 5))
    for number in range(fingers):
        root = base + along * thick * 1.02 * (number - (fingers - 1) / 2)
        length = note_height * reach * rng.uniform(0.7, 1.15)
        tip = root + (inward + along * slant) * length
        back = root - (inward + along * slant) * note_height * rng.uniform(0.3, 0.6)
        _capsule(shape, back, tip, thick)
        _capsule(lines, back + along * thick * 0.5, tip + along * thick * 0.5, max(thick * 0.07, 1))
    palm = base - inward * note_height * rng.uniform(0.4, 0.7)
    wrist = palm - (inward + along * rng.normal(0, 0.6)) * size
    _capsule(shape, palm - along * thick * 0.8, palm + along * thick * 0.8, thick * 2.4)
    arm_shape = np.zeros_like(shape)
    _capsule(arm_shape, palm - inward * thick, wrist, thick * rng.uniform(1.6, 2.6))
    soft = cv2.GaussianBlur(cv2.max(shape, arm_shape), (0, 0), max(size / 300, 0.6)).astype(np.float32) / 255
    return _skin(rng, size, shape, lines, arm_shape), soft


def _capsule(canvas: Drawing, start: Numbers, end: Numbers, thick: float) -> None:
    """Draw a thick line with round ends into a mask, uint8 [size, size], in place."""
    first, last = (tuple(int(v) for v in np.clip(point, -4000, 4000)) for point in (start, end))
    cv2.line(canvas, first, last, 255, max(int(thick), 1), cv2.LINE_AA)


def _skin(rng: np.random.Generator, size: int, shape: Drawing, lines: Drawing, arm_shape: Drawing) -> Numbers:
    """Return the colours of a hand, float32 [size, size, 3] BGR, where its shape and its arm are."""
    tone = _LIGHTEST_SKIN + (_DARKEST_SKIN - _LIGHTEST_SKIN) * rng.beta(1.1, 1.6)
    tone = tone * rng.uniform([0.85, 0.92, 0.95], [1.1, 1.06, 1.05])
    # A distance transform makes fingers round: dark at their sides, light in their middle.
    depth = cv2.distanceTransform(shape, cv2.DIST_L2, 3)
    middle = np.minimum(depth / max(size * 0.03, 1), 1)
    shade = 0.68 + 0.4 * middle - 0.25 * cv2.GaussianBlur(lines, (0, 0), 0.8).astype(np.float32) / 255
    skin = tone * shade[..., None]
    if rng.random() < 0.6:
        sleeve = rng.uniform(10, 230, 3)
        only_arm = (arm_shape > 0) & (shape == 0)
        skin[only_arm] = sleeve
    return np.asarray(skin, np.float32)
