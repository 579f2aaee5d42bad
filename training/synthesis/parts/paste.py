"""Put a part of one picture into another, without an edge and in the colours that were there."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Drawing, Floats
from training.dataset.notes import FlatNote
from training.synthesis.parts.layout import Box

_CANVAS_WIDTH = 480
"""Pixels to which wider notes are made smaller: they are at most about 430 wide in a picture. Chosen by hand."""
_MIN_SPREAD = 4.0
"""Grey levels, standard deviation, below which a part is as good as plain. Chosen by hand."""


def canvas_of(note: FlatNote) -> Drawing:
    """Return a copy of a note to work on, uint8 [h, w, 4] BGRA."""
    level = note.level_for(_CANVAS_WIDTH)
    if level.shape[1] <= _CANVAS_WIDTH:
        return level.copy()
    height = max(round(level.shape[0] * _CANVAS_WIDTH / level.shape[1]), 1)
    return cv2.resize(level, (_CANVAS_WIDTH, height), interpolation=cv2.INTER_AREA)


def part_of(canvas: Drawing, box: Box) -> Drawing:
    """Return a view of what lies in a box, [h, w, channels]."""
    height, width = canvas.shape[:2]
    left, right = round(box[0] * width), round(box[2] * width)
    top, bottom = round(box[1] * height), round(box[3] * height)
    return canvas[top : max(bottom, top + 2), left : max(right, left + 2)]


def jittered(rng: np.random.Generator, box: Box) -> Box:
    """Return a box whose edges are each moved a little, so that none is where the last one was."""
    moved = np.clip(np.array(box) + rng.normal(0, 0.008, 4) * [1, 2, 1, 2], 0, 1)
    return float(moved[0]), float(moved[1]), float(moved[2]), float(moved[3])


def paste(
    rng: np.random.Generator, canvas: Drawing, box: Box, patch: Drawing, oval: bool = False, matched: bool = True
) -> None:
    """Blend a patch into a box of a note, in place, stretched to it.

    canvas: uint8 [h, w, 4] BGRA, whose opacity stays. patch: uint8 [h, w, 3 or 4] BGR. oval: in an ellipse, not a
    rectangle. matched: give it the mean and deviation that each colour has in the box.
    """
    there = part_of(canvas, box)
    height, width = there.shape[:2]
    way = cv2.INTER_AREA if patch.shape[1] > width else cv2.INTER_LINEAR
    new = cv2.resize(np.ascontiguousarray(patch[..., :3]), (width, height), interpolation=way).astype(np.float32)
    old = there[..., :3].astype(np.float32)
    if matched:
        new = coloured_like(new, old)
    alpha = _feathered(rng, box, height, width, oval)[..., None]
    there[..., :3] = np.clip(old + (new - old) * alpha, 0, 255).astype(np.uint8)


def coloured_like(new: Drawing, old: Drawing, min_spread: float = _MIN_SPREAD) -> Drawing:
    """Return a picture with about the mean and deviation that each colour has in another, float32 [h, w, 3].

    min_spread: grey levels, standard deviation, that both are taken to have at least.
    """
    wanted, spread = (np.maximum(picture.std(axis=(0, 1)), min_spread) for picture in (old, new))
    return (new - new.mean(axis=(0, 1))) * np.clip(wanted / spread, 0.5, 2.0) + old.mean(axis=(0, 1))


def _feathered(rng: np.random.Generator, box: Box, height: int, width: int, oval: bool) -> Floats:
    """Return how much of the patch is seen, float32 [height, width], 0..1: it fades out unless at the note's edge."""
    soft = float(rng.uniform(0.03, 0.12)) * min(height, width)
    if oval:
        ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
        radius = np.hypot((xs + 0.5) / width * 2 - 1, (ys + 0.5) / height * 2 - 1)
        return np.asarray(np.clip((1 - radius) * min(height, width) / 2 / soft, 0, 1), np.float32)
    across, down = _fade(width, soft, box[0] > 0.01, box[2] < 0.99), _fade(height, soft, box[1] > 0.01, box[3] < 0.99)
    return np.asarray(down[:, None] * across[None, :], np.float32)


def _fade(length: int, soft: float, start: bool, end: bool) -> Floats:
    """Return a ramp up and one down over a side, each only if asked for, float32 [length]."""
    at = np.arange(length, dtype=np.float32) + 0.5
    up = np.clip(at / soft, 0, 1) if start else np.ones(length)
    down = np.clip((length - at) / soft, 0, 1) if end else np.ones(length)
    return np.asarray(up * down, np.float32)
