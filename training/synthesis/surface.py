"""A note as paper: printed colour, wear, waves and a fold, drawn into a picture with its shading."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from currency_app.arrays import Corners, Drawing, Numbers
from currency_app.recognition.corners import UNIT_SQUARE
from training.dataset.notes import FlatNote


@functools.lru_cache(maxsize=4)
def _pixel_centres(size: int) -> Numbers:
    """Return the homogeneous coordinates of every pixel's centre, float32 [3, size * size], fractions."""
    ys, xs = np.mgrid[0:size, 0:size].astype(np.float32)
    return np.stack([(xs.ravel() + 0.5) / size, (ys.ravel() + 0.5) / size, np.ones(size * size, np.float32)])


def render_note(rng: np.random.Generator, picture: Drawing, note: FlatNote, corners: Corners) -> Numbers:
    """Draw a note into a square picture, in place, and return its mask, float32 [size, size], 0..1.

    picture: uint8 [size, size, 3] BGR. corners: where it goes. The corners of a waved note stay where they are; the
    paper between them moves.
    """
    size = picture.shape[0]
    to_note = cv2.getPerspectiveTransform(corners, UNIT_SQUARE).astype(np.float32)
    # Seen nearly edge on, its vanishing line may run between it and the picture's origin: its side is the front.
    to_note *= np.sign((to_note @ [*corners.mean(axis=0), 1.0])[2])
    u, v, w = to_note @ _pixel_centres(size)
    in_front = w > 1e-6
    w = np.where(in_front, w, 1.0)
    u, v = u / w, v / w
    shade = _bend(rng, u, v)
    sides = np.linalg.norm((corners - np.roll(corners, -1, axis=0)) * size, axis=1)
    level = note.level_for(float(max(sides[0], sides[2])) * rng.choice([0.5, 1.0, 1.0, 1.0]))
    height, width = level.shape[:2]
    columns = np.where(in_front, u * width - 0.5, -9).reshape(size, size)
    rows = np.where(in_front, v * height - 0.5, -9).reshape(size, size)
    drawn = cv2.remap(level, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    mask = drawn[..., 3].astype(np.float32) / 255
    paper = _aged(rng, drawn[..., :3].astype(np.float32)) * shade.reshape(size, size, 1)
    # The remap blends the edge with black: mask * colour is already in it, so the paper is added, not weighted again.
    picture[:] = np.clip(picture * (1 - mask[..., None]) + paper, 0, 255).astype(np.uint8)
    return mask


def _bend(rng: np.random.Generator, u: Numbers, v: Numbers) -> Numbers:
    """Move note coordinates, in place, as waves and creases do; return the light on the paper.

    u, v: float32 [n], fractions of the note's width and height. The light is float32 [n], about 1.
    """
    shade = np.ones_like(u)
    if rng.random() < 0.7:
        waves, phase = rng.uniform(0.5, 2.0), rng.uniform(0, 2 * np.pi)
        lift = rng.normal(0, 0.06)
        along = np.clip(u, 0, 1)
        v += lift * np.sin(np.pi * waves * along + phase) * 4 * along * (1 - along)
        shade *= 1 + rng.normal(0, 0.12) * np.cos(np.pi * waves * along + phase)
        u += rng.normal(0, 0.02) * np.sin(np.pi * along)
    if rng.random() < 0.4:
        crease = rng.uniform(0.3, 0.7) + rng.normal(0, 0.03) * (v - 0.5)
        shade *= np.where(u < crease, 1 + rng.normal(0, 0.1), 1 + rng.normal(0, 0.1))
        shade *= 1 - rng.uniform(0, 0.35) * np.exp(-(((u - crease) / 0.006) ** 2))
    if rng.random() < 0.15:
        crease = rng.uniform(0.3, 0.7) + rng.normal(0, 0.03) * (u - 0.5)
        shade *= np.where(v < crease, 1 + rng.normal(0, 0.08), 1 + rng.normal(0, 0.08))
        shade *= 1 - rng.uniform(0, 0.35) * np.exp(-(((v - crease) / 0.012) ** 2))
    if rng.random() < 0.15:  # a stain
        shade *= 1 - rng.uniform(0.1, 0.6) * _spot(rng, u, v, rng.uniform(0.03, 0.15, 2))
    if rng.random() < 0.12:  # glare, brighter than white paper
        shade *= 1 + rng.uniform(0.5, 2.5) * _spot(rng, u, v, rng.uniform(0.04, 0.2, 2))
    return shade.astype(np.float32)


def _spot(rng: np.random.Generator, u: Numbers, v: Numbers, width: Numbers) -> Numbers:
    """Return 1 at a random place of the note, falling off to 0 like a bell.

    width: of the bell, shares of the note's width and height.
    """
    across = (u - rng.uniform(0, 1)) / width[0]
    down = (v - rng.uniform(0, 1)) / (2 * width[1])
    return np.asarray(np.exp(-(across**2) - down**2), np.float32)


def _aged(rng: np.random.Generator, paper: Numbers) -> Numbers:
    """Return faded, dirty or colourless print.

    paper: float32 [h, w, 3] BGR, premultiplied with the note's mask.
    """
    if rng.random() < 0.35:
        grey = cv2.cvtColor(paper, cv2.COLOR_BGR2GRAY)[..., None]
        paper = grey + (paper - grey) * np.float32(rng.uniform(0.0, 1.3))
    if rng.random() < 0.5:
        level = float(paper.mean()) * 2
        paper = paper * np.float32(rng.uniform(0.55, 1.0)) + (paper > 0) * np.float32(level * rng.uniform(0, 0.3))
    if rng.random() < 0.3:
        paper = paper * rng.uniform([0.7, 0.85, 0.9], [1.0, 1.0, 1.05]).astype(np.float32)
    return np.asarray(paper, np.float32)
