"""Find duplicate pictures: saved again, scaled, recompressed, or frames in which hardly anything moved.

Works in two steps. First a perceptual hash of 64 bits finds candidates among millions of pairs in moments. It is the
"pHash" of Christoph Zauner, "Implementation and Benchmarking of Perceptual Image Hash Functions", 2010: the signs of
the lowest frequencies of the cosine transform. Two different notes of one value, scanned flat, have nearly equal
hashes, so candidates are then compared grey level by grey level. The limits were chosen by eye on some hundred pairs
of photos and scans.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image

THUMBNAIL_SIDE = 64
"""Width and height, pixels, of the thumbnails that are compared."""

_HASHED_SIDE = 32
"""Width and height, pixels, of the picture whose cosine transform is hashed; pHash's own size."""
_MAX_BITS_APART = 8
"""How many of the 64 bits of their hashes may differ for two pictures to be compared at all. Chosen by eye."""
_MIN_CORRELATION = 0.97
"""Correlation of the grey levels that duplicates have at least. Chosen by eye."""
_MAX_DIFFERENCE = 6.0
"""Mean absolute difference of duplicates, grey levels 0..255. Chosen by eye."""
_MAX_PART_DIFFERENCE = 15.0
"""Mean absolute difference of the part of duplicates that differs most, grey levels 0..255. Chosen by eye."""
_MAX_CONCENTRATION = 7.0
"""The part that differs most may exceed `_MAX_PART_DIFFERENCE` up to this multiple of the mean difference. Chosen by
eye.
"""
_PARTS = 8
"""Into how many parts a thumbnail is divided across and down."""
_ROWS_AT_A_TIME = 256
"""How many hashes are compared with all others at a time, to bound the memory that it takes."""

_Item = TypeVar("_Item", bound=Hashable)


def thumbnail(image: npt.NDArray[np.uint8]) -> Image:
    """Return a picture as it is compared: grey, and stretched to a small square.

    image: uint8 [h, w, 3] BGR. Returns uint8 [THUMBNAIL_SIDE, THUMBNAIL_SIDE].
    """
    # Shrunk before it is made grey: a large photograph takes a third of the time.
    shrunk = cv2.resize(image, (THUMBNAIL_SIDE, THUMBNAIL_SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(shrunk, cv2.COLOR_BGR2GRAY), np.uint8)


def perceptual_hash(image: Image) -> int:
    """Return 64 bits that change little when a picture is scaled, recompressed or brightened.

    image: a thumbnail, uint8 [THUMBNAIL_SIDE, THUMBNAIL_SIDE] grey.
    """
    shrunk = cv2.resize(image, (_HASHED_SIDE, _HASHED_SIDE), interpolation=cv2.INTER_AREA)
    lowest = np.asarray(cv2.dct(shrunk.astype(np.float32)))[:8, :8].ravel()
    # The first is the mean brightness, which would drag the middle of the others with it.
    bits = lowest > np.median(lowest[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def difference(one: Image, other: Image) -> float:
    """Return the mean absolute difference of two thumbnails, grey levels 0..255."""
    return float(cv2.norm(one, other, cv2.NORM_L1)) / one.size


def _worst_part(one: Image, other: Image) -> float:
    """Return the difference of the part, of 8 x 8, that differs most, grey levels 0..255."""
    apart = cv2.absdiff(one, other)
    return float(cv2.resize(apart.astype(np.float32), (_PARTS, _PARTS), interpolation=cv2.INTER_AREA).max())


def is_duplicate(one: Image, other: Image) -> bool:
    """Whether two thumbnails, uint8 [THUMBNAIL_SIDE, THUMBNAIL_SIDE] grey, show one and the same picture."""
    apart = difference(one, other)
    if apart > _MAX_DIFFERENCE:
        return False
    # One room with two notes differs only where the note is; a picture cut anew differs along all its lines.
    if _worst_part(one, other) > max(_MAX_PART_DIFFERENCE, _MAX_CONCENTRATION * apart):
        return False
    if min(one.std(), other.std()) < 1.0:  # of one colour, where a correlation means nothing
        return apart < 1.0
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1]) >= _MIN_CORRELATION


def duplicate_pairs(thumbnails: Sequence[Image]) -> list[tuple[int, int]]:
    """Return the indices of every pair of thumbnails that show the same picture, the lower index first."""
    hashes = np.array([perceptual_hash(image) for image in thumbnails], np.uint64)
    pairs: list[tuple[int, int]] = []
    for start in range(0, len(hashes), _ROWS_AT_A_TIME):
        apart = np.bitwise_count(hashes[start : start + _ROWS_AT_A_TIME, None] ^ hashes[None, :])
        rows, columns = np.nonzero(apart <= _MAX_BITS_APART)
        pairs += [
            (row, column)
            for row, column in zip((rows + start).tolist(), columns.tolist(), strict=True)
            if row < column and is_duplicate(thumbnails[row], thumbnails[column])
        ]
    return pairs


def groups(pairs: Iterable[tuple[_Item, _Item]]) -> list[list[_Item]]:
    """Join pairs that share a member into groups, in the order in which they were first met."""
    group_of: dict[_Item, list[_Item]] = {}
    for one, other in pairs:
        joined, merged = group_of.setdefault(one, [one]), group_of.setdefault(other, [other])
        if joined is not merged:
            joined += merged
            group_of.update(dict.fromkeys(merged, joined))
    return list({id(group): group for group in group_of.values()}.values())
