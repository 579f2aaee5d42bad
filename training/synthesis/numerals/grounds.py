"""What numerals stand on: fine lines, frames, the edge of a note, and a finger over all of it."""

from __future__ import annotations

import cv2
import numpy as np

from currency_app.arrays import Floats

WINDOW = (128, 96)
"""Width and height, pixels, in which corners are drawn: twice those in which they are read."""


def fine_lines(rng: np.random.Generator) -> Floats:
    """Return an engraver's lines: rings, waves, rays or shades; float32 of the window's size, about -1..1."""
    width, height = WINDOW
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    kind = int(rng.integers(4))
    if kind == 0:
        radius = np.hypot(xs - width * rng.uniform(-0.2, 1.2), ys - height * rng.uniform(-0.2, 1.2))
        return np.asarray(np.sin(radius * rng.uniform(0.5, 1.8)), np.float32)
    if kind == 1:
        turn, wave = rng.uniform(0, np.pi), rng.uniform(0, 3) * np.sin(xs * rng.uniform(0.02, 0.2))
        along = xs * np.cos(turn) + ys * np.sin(turn)
        return np.asarray(np.sin(along * rng.uniform(0.5, 2.0) + wave), np.float32)
    if kind == 2:
        right, down = xs - width * rng.uniform(0.2, 0.8), ys - height * rng.uniform(0.2, 0.8)
        rays = np.arctan2(down, right) * int(rng.integers(8, 30))
        return np.asarray(np.sin(rays + np.hypot(right, down) * rng.uniform(0, 0.3)), np.float32)
    coarse = rng.normal(0, 1, (int(rng.integers(3, 25)), int(rng.integers(3, 25)))).astype(np.float32)
    return np.asarray(cv2.resize(coarse, WINDOW, interpolation=cv2.INTER_CUBIC), np.float32)


def drawn_corner(rng: np.random.Generator) -> Floats:
    """Return the top left corner of a note that nobody prints, without a numeral; float32, grey levels."""
    width, height = WINDOW
    corner = np.full((height, width), rng.uniform(60, 235), np.float32)
    for _ in range(int(rng.integers(1, 4))):
        corner += fine_lines(rng) * np.float32(rng.uniform(2, 35))
    if rng.random() < 0.5:
        corner += cv2.resize(rng.normal(0, 25, (3, 4)).astype(np.float32), WINDOW, interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.8:
        left, top = max(int(width * rng.normal(0.08, 0.04)), 0), max(int(height * rng.normal(0.06, 0.04)), 0)
        x, y = left + int(rng.uniform(2, 12)), top + int(rng.uniform(2, 12))
        corner[:y] = corner[:, :x] = rng.uniform(150, 240)
        if rng.random() < 0.7:
            thick, ink = int(rng.integers(1, 14)), rng.uniform(20, 110)
            corner[y : y + thick, x:] = ink
            corner[y:, x : x + thick] = ink
        around = np.float32(rng.uniform(0, 255)) + fine_lines(rng) * np.float32(rng.uniform(0, 20))
        corner[:, :left] = around[:, :left]
        corner[:top] = around[:top]
    return np.asarray(np.clip(corner, 0, 255), np.float32)


def behind_finger(rng: np.random.Generator, window: Floats) -> Floats:
    """Return a corner that something plain covers, so that its numeral cannot be read."""
    width, height = WINDOW
    cover = np.zeros((height, width), np.float32)
    middle = int(rng.uniform(0.15, 0.85) * width), int(rng.uniform(0.15, 0.85) * height)
    axes = int(width * rng.uniform(0.5, 1)), int(height * rng.uniform(0.35, 0.6))
    cv2.ellipse(cover, middle, axes, float(rng.uniform(0, 180)), 0, 360, 1.0, -1)
    shades = cv2.resize(rng.normal(0, 14, (5, 6)).astype(np.float32), WINDOW, interpolation=cv2.INTER_CUBIC)
    return np.asarray(
        window + (rng.uniform(90, 210) + shades - window) * cv2.GaussianBlur(cover, (0, 0), 1.5), np.float32
    )


def inner_part(rng: np.random.Generator, right: bool, lower: bool) -> Floats:
    """Return where in a corner its numeral lies, float32 of the window's size, 0..1 with a soft edge."""
    x, y = (16 if right else 12), (22 if lower else 8)
    inside = np.zeros(WINDOW[::-1], np.float32)
    cv2.rectangle(inside, (x, y), (x + 100, y + 66), 1.0, -1)
    return np.asarray(cv2.GaussianBlur(inside, (0, 0), float(rng.uniform(1, 5))), np.float32)
