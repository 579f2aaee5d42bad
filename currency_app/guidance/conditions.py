"""What one observation calls for: every hint's condition, and how far inside or outside it the note is.

The conditions are those of docs/hints.md. `training/simulation/scene/truth.py` states them a second time, of what is
true instead of what was seen, because a measure must not be made of what it measures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners
from currency_app.events import HintKind, Observation
from currency_app.guidance.clipped import complete_corners
from currency_app.recognition.corners import area_in_frame

_LUMA_ERROR, _PLACE_ERROR, _SHARE_ERROR = 10.0, 0.03, 0.15
"""What measurement can tell apart: grey levels, fractions of the frame's sides, and shares of an area, of a shape or of
sharpness. They are the units of the margins. Those of light, place, area and shape are also what truth.py allows."""
_FAR_OUTSIDE = 9.0
"""A margin so far outside a condition that nothing makes up for it, in units of measurement error."""
_TOO_SMALL_TO_READ = 0.02
"""Share of the frame: no value can be read on so small a note, so corners that enclose less of it are wrong. Chosen by
hand."""
_FAR_FOR_BLUR = 1 / 4
"""Share of `Limits.far` under which blur cannot be told from distance. Chosen by hand."""
_FAR_BLUR_PENALTY = 1.0
"""In units of measurement error: by so much a note that must come closer must be blurred more to be held still. With it
and without that hint for notes that must move back, 96.2 % of 2570 hints are right in simulated frames of `val` and
`train`, in place of 92.9 %."""
_AT_EDGE = 0.02
"""Fraction of the frame's sides: a note that is this far beyond an edge is first moved into the frame. Chosen by
hand."""
_EITHER_WAY, _EITHER_WAY_PENALTY = 2.0, 1.0
"""In units of measurement error: a note that ends this near to both opposite edges, or beyond them, could be moved
either way, and must be beyond one by so much more. Chosen by hand."""
_CLEARLY_CUT_OFF, _UNCERTAIN_ASIDE = 2.0, 2.0
"""In units of measurement error: if a note is cut off above or below by more than the first, the second is taken from
its margins to the left and right. Chosen by hand."""
_MUCH_CUT_OFF = 0.7
"""Share of the note in view under which its whole size is guessed. Chosen by hand."""
_MUCH_COVERED = 0.25
"""Share of the note in view that is covered, over which its size is guessed. Chosen by hand."""
_GUESSED_FAR = 0.5
"""Factor on `Limits.far` for a note of guessed size: it may be larger. Chosen by hand."""
_MIN_DIVISOR = 1e-6
"""Stands in for lengths, shapes and limits of 0, by which is divided."""


@dataclass(frozen=True)
class Limits:
    """Where each condition begins. See docs/hints.md."""

    dark: float = 40.0
    """Mean luma, 0..255, below which a note is hard to read."""
    bright: float = 230.0
    """Mean luma, 0..255, above which a note is hard to read."""
    bright_room: float = 210.0
    """Mean luma, 0..255, above which too much light is why no note is seen; one room in 200 is as bright."""
    blurred: float = 1.65
    """`quality.sharpness` below which a note is hard to read."""
    far: float = 1 / 6
    """Share of the picture's area that the note covers, below which it should come closer."""
    near: float = 9 / 10
    """Share of the picture's area that the note covers, above which it should move back."""
    centre: float = 0.25
    """How far from every edge the note's centre should lie, fractions of the picture's sides."""
    tilted: float = 0.5
    """Share of its shape, 0..1, that foreshortening must leave the note."""
    covered: float = 0.4
    """Share of the note in view, 0..1, that a hand may cover."""


def conditions(
    seen: Observation, limits: Limits, mirror_left: bool, note_aspect: float
) -> Iterator[tuple[HintKind, float]]:
    """Yield each hint that one observation can call for, in the order of `HintKind`, and its margin.

    The margin is how far inside its condition the note is, in units of what measurement can tell apart: over 0 the
    condition holds. Hints that need time (TURN_OVER, NO_NOTE) are never among them, and those that cannot be measured
    are left out.

    Args:
        seen: what the frame shows.
        limits: where each condition begins.
        mirror_left: whether the user's left is the picture's right.
        note_aspect: width over height of the currency's notes lying flat.
    """
    yield HintKind.TOO_DARK, (limits.dark - seen.light) / _LUMA_ERROR
    nothing_seen = seen.corners is None or not np.isfinite(seen.corners).all()
    yield HintKind.TOO_BRIGHT, (seen.light - (limits.bright_room if nothing_seen else limits.bright)) / _LUMA_ERROR
    if seen.corners is None or nothing_seen:
        return
    corners = complete_corners(seen.corners, seen.aspect, note_aspect)
    cover = area_in_frame(corners)
    if seen.value is not None and cover < _TOO_SMALL_TO_READ:
        return  # the network has found a note but not its corners: no hint is better than a random one
    # The size is that of the whole note: else one that is cut off would be sent closer, and so out of the picture.
    whole = float(cv2.contourArea(cv2.convexHull(np.asarray(corners, np.float32))))
    # If much of a note is cut off or covered, its size is guessed; what is certain is that more of it must be seen.
    guessed = cover < _MUCH_CUT_OFF * whole or seen.covered > _MUCH_COVERED
    far = limits.far * (_GUESSED_FAR if guessed else 1)
    # A note at an edge may be large: first more of it must be seen.
    at_edge = corners.min() < -_AT_EDGE or corners.max() > 1 + _AT_EDGE
    closer = -_FAR_OUTSIDE if at_edge else (1 - whole / far) / _SHARE_ERROR
    places = dict(_place_conditions(corners, cover, limits, mirror_left))
    # A far note has too few pixels to tell blur from distance, and the way to see it sharply is to come closer; one
    # that is too near for the frame is out of focus because of that.
    if cover > limits.far * _FAR_FOR_BLUR and places[HintKind.MOVE_BACK] <= 0:
        blur = (1 - seen.sharpness / max(limits.blurred, _MIN_DIVISOR)) / _SHARE_ERROR
        yield HintKind.HOLD_STILL, blur - _FAR_BLUR_PENALTY if closer > 0 else blur
    yield HintKind.SEVERAL_NOTES, 1.0 if seen.other_notes else -1.0
    yield HintKind.MOVE_CLOSER, closer
    yield from places.items()
    if cv2.isContourConvex(corners):  # corners that fold over have no shape
        yield HintKind.TILTED, (1 - _shape(corners, seen.aspect, note_aspect) / limits.tilted) / _SHARE_ERROR
    yield HintKind.FINGERS, (seen.covered - limits.covered) / _SHARE_ERROR


def has_place(seen: Observation) -> bool:
    """Whether an observation shows a note whose corners can be right; those of a bundle that gives none are."""
    corners = seen.corners
    if corners is None:
        return seen.value is not None
    if not np.isfinite(corners).all():
        return False
    return seen.value is None or area_in_frame(corners) >= _TOO_SMALL_TO_READ


def _place_conditions(
    corners: Corners, cover: float, limits: Limits, mirror_left: bool
) -> Iterator[tuple[HintKind, float]]:
    """Yield the hints that say where the note must move, and their margins.

    "Low" is the picture's left or top edge, "high" its right or bottom edge; arrays are [across, down].
    """
    beyond_low = -corners.min(axis=0) / _PLACE_ERROR
    beyond_high = (corners.max(axis=0) - 1) / _PLACE_ERROR
    both_sides = float(np.minimum(beyond_low, beyond_high).max())
    yield HintKind.MOVE_BACK, max((cover / limits.near - 1) / _SHARE_ERROR, both_sides)
    centre = corners.mean(axis=0)
    off_centre = (np.abs(centre - 0.5) - (0.5 - limits.centre)) / _PLACE_ERROR
    # A note from edge to edge could go either way, so it must be certain which edge it is beyond.
    either = np.minimum(beyond_low, beyond_high) > -_EITHER_WAY
    beyond_low, beyond_high = (
        np.where(either, margin - _EITHER_WAY_PENALTY, margin) for margin in (beyond_low, beyond_high)
    )
    towards_high = np.maximum(beyond_low, np.where(centre < 0.5, off_centre, -_FAR_OUTSIDE))
    towards_low = np.maximum(beyond_high, np.where(centre < 0.5, -_FAR_OUTSIDE, off_centre))
    # If a note is cut off above or below, its corners are not exact: that it is also too far aside must be clear.
    if max(towards_low[1], towards_high[1]) > _CLEARLY_CUT_OFF:
        towards_low[0], towards_high[0] = towards_low[0] - _UNCERTAIN_ASIDE, towards_high[0] - _UNCERTAIN_ASIDE
    left, right = (towards_high[0], towards_low[0]) if mirror_left else (towards_low[0], towards_high[0])
    yield HintKind.MOVE_LEFT, float(left)
    yield HintKind.MOVE_RIGHT, float(right)
    yield HintKind.MOVE_UP, float(towards_low[1])
    yield HintKind.MOVE_DOWN, float(towards_high[1])


def _shape(corners: Corners, aspect: float, note_aspect: float) -> float:
    """Return how much of a note's shape foreshortening leaves, 0..1: its width over height against a flat one's."""
    points = corners * np.array([aspect, 1], np.float32)
    sides = np.linalg.norm(points - np.roll(points, -1, axis=0), axis=1)
    ratio = float(sides[0] + sides[2]) / max(float(sides[1] + sides[3]), _MIN_DIVISOR) / note_aspect
    return min(ratio, 1 / max(ratio, _MIN_DIVISOR))
