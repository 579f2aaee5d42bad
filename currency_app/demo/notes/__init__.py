"""US banknotes drawn in code, for the demonstration, for tests and for training.

They have the proportions, colours and layout of today's notes and differ from each other as those do, but every line
is drawn here: simple heads, simple buildings, the word DEMONSTRATION on both sides. Nothing comes from a picture of
money.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from currency_app.arrays import Image
from currency_app.demo.notes.faces import draw_back, draw_front
from currency_app.demo.notes.guilloche import seal
from currency_app.demo.notes.sheet import Colour, Points, Sheet, blend, ellipse_points, round_corners

__all__ = [
    "DRAWN_SIDES",
    "DRAWN_VALUES",
    "NOTE_MM",
    "Colour",
    "Points",
    "Sheet",
    "blend",
    "draw_note",
    "ellipse_points",
    "round_corners",
]


DRAWN_VALUES = (1, 2, 5, 10, 20, 50, 100)
"""The notes that can be drawn, dollars."""
DRAWN_SIDES = ("front", "back")
"""The sides that can be drawn."""
NOTE_MM = (156.0, 66.0)
"""Width and height of every US banknote, millimetres."""

_SCALE = 8.0
"""Pixels per millimetre at which a side is drawn, before it is resized."""
_SERIAL_GREEN: Colour = (70, 120, 40)


@lru_cache(maxsize=32)
def draw_note(value: int, side: str, width: int = 624, seed: int = 0, numerals: int | None = None) -> Image:
    """Draw one side of a note.

    value: dollars, one of DRAWN_VALUES. side: one of DRAWN_SIDES. width: pixels, 64 or more. seed: another one gives
    another serial number, and slightly different ink, paper and position of the print. numerals: one of DRAWN_VALUES
    whose numerals it bears while words and portrait stay, to see what is made of a note that disagrees with itself.
    Returns uint8 [round(width * 66 / 156), width, 3] BGR, read-only because equal calls share it. Raises ValueError
    for a note that cannot be drawn.
    """
    if value not in DRAWN_VALUES or side not in DRAWN_SIDES or numerals not in (None, *DRAWN_VALUES):
        raise ValueError(f"no drawn note of {value!r} {side!r}: values {DRAWN_VALUES}, sides {DRAWN_SIDES}")
    if width < 64:
        raise ValueError(f"a drawn note is 64 or more pixels wide, not {width}")
    rng = np.random.default_rng((seed, value, DRAWN_SIDES.index(side)))
    sheet = Sheet(_plate(value, side, numerals or value).copy(), _SCALE)
    if side == "front":
        _overprint(sheet, value, rng)
    size = (width, round(width * NOTE_MM[1] / NOTE_MM[0]))
    way = cv2.INTER_AREA if width < sheet.pixels.shape[1] else cv2.INTER_CUBIC
    resized = np.asarray(cv2.resize(sheet.pixels, size, interpolation=way), np.uint8)
    note = _print_variation(resized, rng)
    note.setflags(write=False)
    return note


@lru_cache(maxsize=len(DRAWN_VALUES) * len(DRAWN_SIDES))
def _plate(value: int, side: str, numerals: int) -> Image:
    """Draw what all notes of one value, side and numerals share.

    Once, because it takes longer than everything after it.
    """
    pixels = np.zeros((round(NOTE_MM[1] * _SCALE), round(NOTE_MM[0] * _SCALE), 3), np.uint8)
    sheet = Sheet(pixels, _SCALE)
    (draw_front if side == "front" else draw_back)(sheet, value, numerals)
    pixels.setflags(write=False)
    return pixels


def _overprint(sheet: Sheet, value: int, rng: np.random.Generator) -> None:
    """Print serial numbers, plate letters and the treasury seal, each note's a little displaced."""
    dx, dy = rng.uniform(-0.6, 0.6, 2)
    letter = "ABCDEFGHIJKL"[rng.integers(12)]
    digits = "".join(str(digit) for digit in rng.integers(0, 10, 8))
    old = value in (1, 2)
    serial = (
        f"{letter}{digits}{'ABCDEFGH'[rng.integers(8)]}"
        if old
        else f"{'LMNP'[rng.integers(4)]}{letter} {digits} {'ABCD'[rng.integers(4)]}"
    )
    places = ((112.0, 17.6), (43.0, 47.6)) if old else ((35.5, 19.0), (112.5, 46.5))
    for x, y in places:
        sheet.text(serial, (x + dx, y + dy), 2.9, _SERIAL_GREEN, width=34.0, weight=600)
    paper: Colour = (222, 232, 230)
    x, y = (114.0, 32.5) if old else (110.0, 31.5)
    seal(sheet, (x + dx, y + dy), 7.6, _SERIAL_GREEN, paper, treasury=True)
    for x, y in ((28.0, 26.0), (131.0, 42.0)) if old else ((20.0, 43.5), (121.0, 52.0)):
        sheet.text(letter + str(rng.integers(1, 10)), (x, y), 1.8, (70, 70, 70))


def _print_variation(note: Image, rng: np.random.Generator) -> Image:
    """Vary ink density and paper colour by a few per cent, and shift the print by up to 0.7 mm."""
    per_mm = note.shape[1] / NOTE_MM[0]
    shift = np.array([[1, 0, rng.uniform(-0.7, 0.7) * per_mm], [0, 1, rng.uniform(-0.5, 0.5) * per_mm]])
    moved = cv2.warpAffine(
        note, shift, (note.shape[1], note.shape[0]), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    gamma = rng.uniform(0.92, 1.08)
    cast = rng.uniform(0.97, 1.0, 3)
    levels = 255 * (np.arange(256)[:, None] / 255) ** gamma * cast
    table = np.round(levels).astype(np.uint8).reshape(1, 256, 3)
    return np.asarray(cv2.LUT(moved, table), np.uint8)
