"""What one observation calls for: each hint of the table, and how far inside its condition the note is.

The conditions are those of the design page. `training/simulation/truth.py` states them a second time, of what is
true instead of what was seen, because a measure must not be made of what it measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners
from currency_app.events import HintKind, Observation
from currency_app.guidance.clipped import completed
from currency_app.recognition.corners import area_in_frame

_LUMA, _PLACE, _SHARE = 10.0, 0.03, 0.15
"""What measurement can tell apart: grey levels, fractions of the picture's sides, and shares of an area or shape."""
_FAR_BEYOND = 9.0
_TOO_SMALL_TO_READ = 0.02
_EDGE_TO_EDGE = 2.0
_AT_EDGE = 0.02
_CUT_OFF, _UNCERTAIN = 2.0, 2.0
_MUCH_CUT_OFF, _MUCH_COVERED, _LEAST_GUESSED = 0.7, 0.25, 0.5


@dataclass(frozen=True)
class Limits:
    """Where each condition begins.

    dark, bright: mean luma, 0..255, outside which a note is hard to read. bright_room: above which too much light is
    why no note is seen; one room in 200 is as bright. blurred: `quality.sharpness` below which it
    is. far, near: share of the picture's area that the note covers, below and above which it should move. centre: the
    note's centre should lie this far from the edges, fractions of the picture. tilted: least share of its shape that
    foreshortening may leave; covered: most of the note in view that a hand may cover, 0..1.
    """

    dark: float = 40.0
    bright: float = 230.0
    bright_room: float = 210.0
    blurred: float = 1.65
    far: float = 1 / 6
    near: float = 9 / 10
    centre: float = 0.25
    tilted: float = 0.5
    covered: float = 0.4


def conditions(
    seen: Observation, limits: Limits, mirror_left: bool, note_aspect: float
) -> Iterator[tuple[HintKind, float]]:
    """Each hint of the table in its order, but those that need time; over 0 where its condition holds.

    In units of what measurement can tell apart. mirror_left: whether the user's left is the picture's right.
    note_aspect: width over height of a note lying flat.
    """
    yield HintKind.TOO_DARK, (limits.dark - seen.light) / _LUMA
    nothing_seen = seen.corners is None or not np.isfinite(seen.corners).all()
    yield HintKind.TOO_BRIGHT, (seen.light - (limits.bright_room if nothing_seen else limits.bright)) / _LUMA
    if seen.corners is None or nothing_seen:
        return
    corners = completed(seen.corners, seen.aspect, note_aspect)
    cover = area_in_frame(corners)
    if seen.value is not None and cover < _TOO_SMALL_TO_READ:
        return  # the network has found a note but not its corners: better no hint than one from nowhere
    # A far note has too few pixels to tell blur from distance, and the way to see it sharply is to come closer; one
    # that fills the frame is out of focus because it is too near.
    if limits.far / 4 < cover < limits.near:
        yield HintKind.HOLD_STILL, (1 - seen.sharpness / max(limits.blurred, 1e-6)) / _SHARE
    yield HintKind.SEVERAL_NOTES, 1.0 if seen.other_notes else -1.0
    # Of the whole note: one that is cut off would be sent closer, and so out of the picture.
    whole = float(cv2.contourArea(cv2.convexHull(np.asarray(corners, np.float32))))
    # Of a note that is cut off or covered by much, the size is guessed; what is certain is that more must be seen.
    guessed = cover < _MUCH_CUT_OFF * whole or seen.covered > _MUCH_COVERED
    far = limits.far * (_LEAST_GUESSED if guessed else 1)
    # One at an edge may be large: first more of it must be seen.
    at_edge = corners.min() < -_AT_EDGE or corners.max() > 1 + _AT_EDGE
    yield HintKind.MOVE_CLOSER, -_FAR_BEYOND if at_edge else (1 - whole / far) / _SHARE
    yield from _places(corners, cover, limits, mirror_left)
    if cv2.isContourConvex(corners):  # corners that fold over have no shape
        yield HintKind.TILTED, (1 - _shape(corners, seen.aspect, note_aspect) / limits.tilted) / _SHARE
    yield HintKind.FINGERS, (seen.covered - limits.covered) / _SHARE


def _places(corners: Corners, cover: float, limits: Limits, mirror_left: bool) -> Iterator[tuple[HintKind, float]]:
    beyond_low = -corners.min(axis=0) / _PLACE
    beyond_high = (corners.max(axis=0) - 1) / _PLACE
    both_sides = float(np.minimum(beyond_low, beyond_high).max())
    yield HintKind.MOVE_BACK, max((cover / limits.near - 1) / _SHARE, both_sides)
    centre = corners.mean(axis=0)
    off_centre = (np.abs(centre - 0.5) - (0.5 - limits.centre)) / _PLACE
    # A note from edge to edge could go either way: which edge it is beyond must be certain.
    either = np.minimum(beyond_low, beyond_high) > -_EDGE_TO_EDGE
    beyond_low, beyond_high = (np.where(either, how - 1, how) for how in (beyond_low, beyond_high))
    towards_high = np.maximum(beyond_low, np.where(centre < 0.5, off_centre, -_FAR_BEYOND))
    towards_low = np.maximum(beyond_high, np.where(centre < 0.5, -_FAR_BEYOND, off_centre))
    # Of a note that is cut off above or below, corners are not exact: that it is also too far aside must be clear.
    if max(towards_low[1], towards_high[1]) > _CUT_OFF:
        towards_low[0], towards_high[0] = towards_low[0] - _UNCERTAIN, towards_high[0] - _UNCERTAIN
    left, right = (towards_high[0], towards_low[0]) if mirror_left else (towards_low[0], towards_high[0])
    yield HintKind.MOVE_LEFT, float(left)
    yield HintKind.MOVE_RIGHT, float(right)
    yield HintKind.MOVE_UP, float(towards_low[1])
    yield HintKind.MOVE_DOWN, float(towards_high[1])


def _shape(corners: Corners, aspect: float, note_aspect: float) -> float:
    """How much of a note's shape foreshortening leaves, 0..1: its width over height against that of a flat one."""
    points = corners * np.array([aspect, 1], np.float32)
    sides = np.linalg.norm(points - np.roll(points, -1, axis=0), axis=1)
    ratio = float(sides[0] + sides[2]) / max(float(sides[1] + sides[3]), 1e-6) / note_aspect
    return min(ratio, 1 / max(ratio, 1e-6))
