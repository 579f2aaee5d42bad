"""The digits of all fonts at hand, as masks that can be put together into numerals."""

from __future__ import annotations

import functools
from pathlib import Path

import cv2
import numpy as np

from currency_app.arrays import Image
from training.synthesis.fonts import matplotlib_fonts, no_fonts

_SYSTEM_FONTS = Path("/usr/share/fonts")
"""Where Debian's packages put theirs. Each family that is there teaches more: docs/training.md names some."""
_NO_NUMERALS = (
    "ding", "symbol", "emoji", "cmsy", "cmex", "cmmi", "cmtt", "display", "nonuni", "siz", "math", "icon", "keyboard",
    "initials",
)  # fmt: skip
"""Parts of the names of fonts whose digits are no numerals."""
_HEIGHT = 64
"""Pixels of the fonts' letters."""
_MIN_EVENNESS = 0.8
"""Height of the lowest digit over that of the highest from which they are lining figures, as on notes."""


@functools.cache
def faces() -> tuple[tuple[Image, ...], ...]:
    """Return the ten digits of each face, uint8 [h, w] each, 255 for ink and cropped to it.

    The fonts are those that matplotlib brings along and any that the system has. Raises CurrencyAppError without any.
    """
    folders = [folder for folder in (_SYSTEM_FONTS, matplotlib_fonts()) if folder is not None]
    paths = sorted(path for folder in folders for path in folder.rglob("*.[to]tf"))
    by_name = {path.name: path for path in paths if not any(part in path.name.lower() for part in _NO_NUMERALS)}
    digits = tuple(face for path in by_name.values() if (face := _digits_of(path)) is not None)
    if not digits:
        raise no_fonts()
    return digits


def printed_number(rng: np.random.Generator, text: str) -> Image:
    """Return a number in one of the faces, uint8 [h, w], 255 for ink.

    It is more or less bold, and its digits stand close or apart. text: digits, and what may stand between thousands: a
    point, a comma or a space.
    """
    all_faces = faces()
    face = all_faces[int(rng.integers(len(all_faces)))]
    gap = int(rng.integers(-2, 9))
    glyphs = [face[int(digit)] if digit.isdigit() else _separator(digit) for digit in text]
    height = max(glyph.shape[0] for glyph in face)
    mask = np.zeros((height, sum(glyph.shape[1] for glyph in glyphs) + 9 * len(glyphs)), np.uint8)
    left = 2
    for glyph in glyphs:
        place = mask[height - glyph.shape[0] :, left : left + glyph.shape[1]]
        np.maximum(place, glyph, out=place)
        left += glyph.shape[1] + gap
    mask = mask[:, 2 : left - gap]
    if rng.random() < 0.2:
        mask = cv2.copyMakeBorder(mask, 4, 4, 4, 4, cv2.BORDER_CONSTANT)
        size = int(rng.integers(2, 6))
        mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    elif rng.random() < 0.2:
        mask = cv2.erode(mask, np.ones((2, 2), np.uint8))
    return np.asarray(mask, np.uint8)


def _separator(mark: str) -> Image:
    """Return what stands between thousands, standing on the line, uint8 [h, w]."""
    wide = _HEIGHT // 8
    if mark == " ":
        return np.zeros((1, wide), np.uint8)
    dot = np.full((wide, wide), 255, np.uint8)
    if mark == ",":
        dot = np.vstack([dot, np.pad(dot[:, wide // 2 :], ((0, 0), (wide // 2, 0)))])
    return np.asarray(dot, np.uint8)


def _digits_of(path: Path) -> tuple[Image, ...] | None:
    """Return a font's ten digits; None if it has no lining figures."""
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    try:
        font = ImageFont.truetype(str(path), _HEIGHT)
    except OSError:
        return None
    digits = []
    for digit in "0123456789":
        picture = Pillow.new("L", (_HEIGHT * 4, _HEIGHT * 3))
        ImageDraw.Draw(picture).text((_HEIGHT, _HEIGHT // 2), digit, font=font, fill=255)
        box = picture.getbbox()
        if box is None:
            return None
        digits.append(np.asarray(picture.crop(box), np.uint8))
    heights = [digit.shape[0] for digit in digits]
    # A font without digits has one and the same box for all.
    same = digits[0].shape == digits[1].shape and bool((digits[0] == digits[1]).all())
    return None if same or min(heights) < _MIN_EVENNESS * max(heights) else tuple(digits)
