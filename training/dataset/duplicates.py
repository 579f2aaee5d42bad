"""Finds pictures that are the same one: saved again, scaled, recompressed, or frames in which hardly anything moved.

Two steps. A perceptual hash of 64 bits finds candidates among millions of pairs in moments: the signs of the lowest
frequencies of the cosine transform, the "pHash" of Christoph Zauner, "Implementation and Benchmarking of Perceptual
Image Hash Functions", 2010. Two different notes of one value, scanned flat, have nearly the same hash, so candidates
are then compared grey level by grey level. The limits were chosen by eye on some hundred pairs of photos and scans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image

THUMBNAIL_SIDE = 64
"""Width and height of the small picture that is compared, pixels."""


_HASHED_SIDE = 32
_MAX_BITS_APART = 8
_MIN_CORRELATION = 0.97
_MAX_DIFFERENCE = 6.0
_MAX_PART_DIFFERENCE = 15.0
_MAX_CONCENTRATION = 7.0
_PARTS = 8
_ROWS_AT_A_TIME = 256


def thumbnail(image: npt.NDArray[np.uint8]) -> Image:
    """A picture, uint8 [h, w, 3] BGR, as it is compared: uint8 [SIDE, SIDE] grey, its shape stretched away."""
    # Shrunk before it is made grey: a large photograph takes a third of the time.
    shrunk = cv2.resize(image, (THUMBNAIL_SIDE, THUMBNAIL_SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(shrunk, cv2.COLOR_BGR2GRAY), np.uint8)


def perceptual_hash(image: Image) -> int:
    """64 bits that change little when a picture, uint8 [SIDE, SIDE] grey, is scaled, recompressed or brightened."""
    shrunk = cv2.resize(image, (_HASHED_SIDE, _HASHED_SIDE), interpolation=cv2.INTER_AREA)
    lowest = np.asarray(cv2.dct(shrunk.astype(np.float32)))[:8, :8].ravel()
    # The first is the mean brightness, which would drag the middle of the others with it.
    bits = lowest > np.median(lowest[1:])
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def difference(one: Image, other: Image) -> float:
    """How far two small pictures are apart: mean over their pixels, grey levels 0..255."""
    return float(cv2.norm(one, other, cv2.NORM_L1)) / one.size


def _worst_part(one: Image, other: Image) -> float:
    """The largest of the differences of 8 x 8 parts."""
    apart = cv2.absdiff(one, other)
    return float(cv2.resize(apart.astype(np.float32), (_PARTS, _PARTS), interpolation=cv2.INTER_AREA).max())


def is_duplicate(one: Image, other: Image) -> bool:
    """Whether two small pictures, uint8 [SIDE, SIDE] grey, show one and the same picture."""
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
    """Every pair of places in a list of small pictures that hold the same picture, the lower place first."""
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


def groups(pairs: Iterable[tuple[Any, Any]]) -> list[list[Any]]:
    """Pairs that share a member joined into groups, in the order in which they were first met."""
    group_of: dict[Any, list[Any]] = {}
    for one, other in pairs:
        joined, merged = group_of.setdefault(one, [one]), group_of.setdefault(other, [other])
        if joined is not merged:
            joined += merged
            group_of.update(dict.fromkeys(merged, joined))
    return list({id(group): group for group in group_of.values()}.values())
