"""A strip of black and white blocks in a picture, which says when it was drawn, and survives compression."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from currency_app.arrays import Image

_COLUMNS, _ROWS = 40, 2
_BLOCK_H = 8
"""Height of a block in pixels: JPEG compresses squares of 8 by 8 by themselves, so nothing runs over from above."""
_TICKS_PER_S = 10_000
"""A stamp's times are in tenths of a millisecond, a hundredth of what a stage takes."""
_TIME_BITS, _AGE_BITS, _NUMBER_BITS, _CHECK_BITS = 40, 16, 8, 16
"""40 bits are three years of a clock, 16 bits 6.5 seconds; 16 bits of a CRC let one chance picture in 65,536 pass."""
MAX_NUMBER = (1 << _NUMBER_BITS) - 1
"""Highest number of a showing."""
_DARK, _BRIGHT = 24, 232
"""Grey levels of the blocks, far from each other and from where compression cuts off."""


@dataclass(frozen=True)
class Stamp:
    """What the strip says."""

    sent_s: float
    """When the picture was drawn, seconds of the camera's clock."""
    number: int
    """Which showing of a note it belongs to, counted from 1; 0 while no note is in view."""
    shown_s: float
    """When the first picture of that showing was drawn; `sent_s` while no note is in view."""


def write_stamp(picture: Image, stamp: Stamp) -> None:
    """Draw the strip over the top rows of a picture, uint8 [height, width, 3], at least 40 pixels wide."""
    ticks = round(stamp.sent_s * _TICKS_PER_S) % (1 << _TIME_BITS)
    age = min(round((stamp.sent_s - stamp.shown_s) * _TICKS_PER_S), (1 << _AGE_BITS) - 1)
    content = ticks << (_AGE_BITS + _NUMBER_BITS) | age << _NUMBER_BITS | stamp.number
    bits = _bits(content << _CHECK_BITS | _check(content), _COLUMNS * _ROWS)
    levels = np.where(bits, _BRIGHT, _DARK).astype(np.uint8).reshape(_ROWS, _COLUMNS)
    edges = _edges(picture.shape[1])
    strip = np.repeat(np.repeat(levels, np.diff(edges), axis=1), _BLOCK_H, axis=0)
    picture[: _ROWS * _BLOCK_H] = strip[..., None]


def read_stamp(picture: Image) -> Stamp | None:
    """Return what the strip of a picture says; None if it has none, or one that is damaged."""
    edges = _edges(picture.shape[1])
    middles = (edges[:-1] + edges[1:]) // 2
    rows = _BLOCK_H // 2 + _BLOCK_H * np.arange(_ROWS)
    if picture.shape[0] <= rows[-1]:
        return None
    levels = picture[np.ix_(rows, middles)].mean(axis=-1)
    whole = int("".join("1" if level > (_DARK + _BRIGHT) / 2 else "0" for level in levels.ravel()), 2)
    content, check = whole >> _CHECK_BITS, whole & ((1 << _CHECK_BITS) - 1)
    if check != _check(content):
        return None
    sent_s = (content >> (_AGE_BITS + _NUMBER_BITS)) / _TICKS_PER_S
    age_s = (content >> _NUMBER_BITS & ((1 << _AGE_BITS) - 1)) / _TICKS_PER_S
    return Stamp(sent_s, content & MAX_NUMBER, sent_s - age_s)


def _edges(width: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return where the blocks of a row begin and end, pixels."""
    return np.linspace(0, width, _COLUMNS + 1).astype(np.int64)


def _bits(number: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([number >> place & 1 for place in reversed(range(count))], np.bool_)


def _check(content: int) -> int:
    size = (_TIME_BITS + _AGE_BITS + _NUMBER_BITS) // 8
    return zlib.crc32(content.to_bytes(size, "big")) & ((1 << _CHECK_BITS) - 1)
