"""Numerals in many faces, printed over those of a note."""

from __future__ import annotations

import functools

import cv2
import numpy as np

from currency_app.arrays import Drawing, Image
from training.synthesis.fonts import matplotlib_fonts, no_fonts
from training.synthesis.parts.layout import Box
from training.synthesis.parts.paste import part_of, paste

NO_VALUES = (3, 4, 6, 7, 8, 9, 13, 15, 25, 30, 40, 60, 70, 75, 80, 90, 200, 250, 300, 500, 1000)
"""Numbers that no US note of today has for its value."""
_TTF = (
    "DejaVuSerif-Bold", "DejaVuSerif", "DejaVuSans-Bold", "DejaVuSansMono-Bold", "STIXGeneralBol", "STIXGeneral",
    "STIXGeneralBolIta", "cmb10", "cmr10",
)  # fmt: skip
"""Fonts that matplotlib brings along."""
FACES = len(_TTF) + 1
"""How many faces there are: those of `_TTF`, and the sans that OpenCV 5 draws all its own fonts as."""
_HEIGHT = 96
"""Pixels of the masks' digits before they are resized."""


def paint_numeral(rng: np.random.Generator, canvas: Drawing, box: Box, text: str, face: int) -> None:
    """Print a numeral over what lies in a box of a note, in place, in the inks of the box.

    canvas: uint8 [h, w, 4] BGRA. face: of the digits, 0 to FACES - 1.
    """
    there = part_of(canvas, box)
    height, width = there.shape[:2]
    pixels = there[..., :3].reshape(-1, 3)
    order = np.argsort(pixels.sum(axis=1))
    dark, light = (pixels[order[int(share * (len(order) - 1))]].astype(np.float32) for share in (0.06, 0.9))
    ground, ink = (dark, light) if rng.random() < 0.4 else (light, dark)
    # What was there is blurred until no numeral is left, then moved towards the ground that the numeral stands on.
    few = cv2.resize(np.ascontiguousarray(there[..., :3]), (2, 2), interpolation=cv2.INTER_AREA).astype(np.float32)
    smooth = cv2.resize(few, (width, height), interpolation=cv2.INTER_CUBIC)
    patch = smooth + (ground - smooth) * np.float32(rng.uniform(0.5, 0.95))
    patch += _ornament(rng, height, width)[..., None] * (ink - ground) * np.float32(rng.uniform(0, 0.25))
    fitted = _fitted(rng, numeral_mask_in(face, text), height, width)
    if rng.random() < 0.4:
        thick = max(round(min(height, width) * 0.06), 1)
        rim = cv2.dilate(fitted, np.ones((2 * thick + 1, 2 * thick + 1), np.uint8))
        patch = _inked(patch, rim, ground)
    patch = _inked(patch, fitted, ink)
    paste(rng, canvas, box, np.clip(patch, 0, 255).astype(np.uint8), oval=rng.random() < 0.3, matched=False)


def _inked(patch: Drawing, mask: Drawing, ink: Drawing) -> Drawing:
    return np.asarray(patch + (ink - patch) * (mask[..., None].astype(np.float32) / 255))


def _fitted(rng: np.random.Generator, mask: Image, height: int, width: int) -> Image:
    """Return a mask of a numeral placed about the middle of a box, uint8 [height, width]."""
    high, wide = height * rng.uniform(0.55, 0.8), width * rng.uniform(0.7, 0.9)
    aspect = mask.shape[1] / mask.shape[0] * rng.uniform(0.8, 1.25)
    high = min(high, wide / aspect)
    size = max(round(high * aspect), 2), max(round(high), 2)
    small = cv2.resize(mask, size, interpolation=cv2.INTER_AREA)
    fitted = np.zeros((height, width), np.uint8)
    free_y, free_x = height - small.shape[0], width - small.shape[1]
    top, left = round(free_y * rng.uniform(0.35, 0.65)), round(free_x * rng.uniform(0.35, 0.65))
    fitted[top : top + small.shape[0], left : left + small.shape[1]] = small
    return fitted


def _ornament(rng: np.random.Generator, height: int, width: int) -> Drawing:
    """Return fine lines about a point, float32 [height, width], -1..1."""
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    from_middle = np.hypot(xs - width * rng.uniform(0, 1), ys - height * rng.uniform(0, 1))
    return np.asarray(np.sin(from_middle * rng.uniform(0.8, 2.0) + rng.uniform(0, 6)), np.float32)


@functools.lru_cache(maxsize=1024)
def numeral_mask_in(face: int, text: str) -> Image:
    """Return a text in one of the faces, uint8 [h, w], 255 for ink and cropped to it."""
    mask = np.zeros((_HEIGHT * 2, _HEIGHT * (len(text) + 1)), np.uint8)
    # The zero of OpenCV's sans is slashed, unlike on any note: a capital O replaces it.
    words = text if face < len(_TTF) else text.replace("0", "O")
    cv2.putText(mask, words, (20, _HEIGHT + 40), (255, 255, 255), _font(face), _HEIGHT, 0 if face < len(_TTF) else 700)
    x, y, width, height = cv2.boundingRect(mask)
    return mask[y : y + max(height, 1), x : x + max(width, 1)].copy()


@functools.cache
def _font(face: int) -> cv2.FontFace:
    if face == len(_TTF):
        return cv2.FontFace("sans")
    folder = matplotlib_fonts()
    if folder is None:
        raise no_fonts()
    return cv2.FontFace(str(folder / f"{_TTF[face]}.ttf"))
