"""What a frame really shows: whether a note in it can be read, and which hint its true geometry calls for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from currency_app.arrays import Corners
from currency_app.events import HintKind
from currency_app.recognition.corners import note_area, share_in_frame

MIN_COVER = 1 / 6
MAX_COVER = 9 / 10
MIN_VISIBLE = 0.6
MIN_LIGHT, MAX_LIGHT = 40.0, 230.0
MAX_BLUR = 0.035
MAX_HIDDEN = 0.4
MIN_SHAPE = 0.5
MIN_OTHER_NOTE = 1 / 12
"""The limits of readable frames and of hints, fixed before the tracker and the framing were tuned."""

_SLACK = {"cover": 0.15, "place": 0.03, "luma": 10.0, "blur": 0.25, "hidden": 0.08, "shape": 0.15}


@dataclass(frozen=True, eq=False)
class Truth:
    """The truth of one frame.

    t: seconds from the start. class_name: the note's, such as usd_20_front, None without a note.
    corners: float32 [4, 2], the note's own top-left, top-right, bottom-right, bottom-left as fractions of the picture,
        None without a note.
    aspect: width over height of the picture. note_aspect: of the note lying flat.
    hidden: share of the note's area in view that something covers, 0..1.
    light: mean luma of the note, or of the frame without one, 0..255.
    blur: standard deviation of what blurs the note, as a share of its shorter side in the picture; 0 = sharp.
    other_notes: how many more notes there are of which each covers over 1/12 of the frame.
    """

    t: float
    class_name: str | None
    corners: Corners | None
    aspect: float = 4 / 3
    note_aspect: float = 156 / 66
    hidden: float = 0.0
    light: float = 120.0
    blur: float = 0.0
    other_notes: int = 0

    @property
    def cover(self) -> float:
        """Share of the frame that the note takes up, 0..1; 0 without one."""
        return 0.0 if self.corners is None else note_area(self.corners) * self.in_view

    @property
    def in_view(self) -> float:
        """Share of the note that lies inside the frame, 0..1; 0 without one."""
        return 0.0 if self.corners is None else share_in_frame(self.corners)

    @property
    def shape(self) -> float:
        """How much of its shape foreshortening leaves the note, 0..1: 1 is seen straight on, 0 edge on."""
        if self.corners is None:
            return 1.0
        ratio = apparent_aspect(self.corners, self.aspect) / self.note_aspect
        return min(ratio, 1 / max(ratio, 1e-6))

    @property
    def readable(self) -> bool:
        """Whether a person could read the note: near, complete, lit and sharp enough."""
        return (
            self.corners is not None
            and self.cover >= MIN_COVER
            and self.in_view * (1 - self.hidden) >= MIN_VISIBLE
            and MIN_LIGHT <= self.light <= MAX_LIGHT
            and self.blur <= MAX_BLUR
        )


def apparent_aspect(corners: Corners, aspect: float) -> float:
    """Width over height of a note as it is seen. corners: fractions of a picture of this aspect."""
    points = corners * [aspect, 1]
    sides = np.linalg.norm(points - np.roll(points, -1, axis=0), axis=1)
    return float((sides[0] + sides[2]) / max(sides[1] + sides[3], 1e-6))


def hint_called_for(truth: Truth, mirror_left: bool = True) -> HintKind | None:
    """The first hint of the table that holds for this frame, but those that need time. mirror_left: see `Framing`."""
    return next((kind for kind, how in _conditions(truth, mirror_left) if how > 0), None)


def hints_allowed(truth: Truth, mirror_left: bool = True) -> frozenset[HintKind | None]:
    """The hints that are right where what is within measurement of its limit may be called either way.

    Within measurement: 15 % of the area, 3 % of the picture's sides, 10 grey levels, a quarter of the blur, 8 % of the
    note covered, 15 % of its shape.
    """
    allowed: set[HintKind | None] = set()
    for kind, how in _conditions(truth, mirror_left):
        if how > -1:
            allowed.add(kind)
        if how >= 1:
            return frozenset(allowed)
    return frozenset({*allowed, None})


def _conditions(truth: Truth, mirror_left: bool) -> Iterator[tuple[HintKind, float]]:
    """Each hint, in order, and how far inside (over 0) or outside its condition the frame is, in units of slack."""
    yield HintKind.TOO_DARK, (MIN_LIGHT - truth.light) / _SLACK["luma"]
    yield HintKind.TOO_BRIGHT, (truth.light - MAX_LIGHT) / _SLACK["luma"]
    corners = truth.corners
    if corners is None:
        return
    yield HintKind.HOLD_STILL, (truth.blur / MAX_BLUR - 1) / _SLACK["blur"]
    yield HintKind.SEVERAL_NOTES, 1.0 if truth.other_notes else -1.0
    # Of the whole note: one that is cut off would be sent closer, and so out of the picture.
    yield HintKind.MOVE_CLOSER, (1 - note_area(corners) / MIN_COVER) / _SLACK["cover"]
    low, high = corners.min(axis=0), corners.max(axis=0)
    beyond_low, beyond_high = -low / _SLACK["place"], (high - 1) / _SLACK["place"]
    across = float(np.minimum(beyond_low, beyond_high).max())
    yield HintKind.MOVE_BACK, max((truth.cover / MAX_COVER - 1) / _SLACK["cover"], across)
    off_centre = (np.abs(corners.mean(axis=0) - 0.5) - 0.25) / _SLACK["place"]
    at_low = corners.mean(axis=0) < 0.5
    towards_high = np.maximum(beyond_low, np.where(at_low, off_centre, -9.0))
    towards_low = np.maximum(beyond_high, np.where(at_low, -9.0, off_centre))
    left, right = (towards_high[0], towards_low[0]) if mirror_left else (towards_low[0], towards_high[0])
    yield HintKind.MOVE_LEFT, float(left)
    yield HintKind.MOVE_RIGHT, float(right)
    yield HintKind.MOVE_UP, float(towards_low[1])
    yield HintKind.MOVE_DOWN, float(towards_high[1])
    yield HintKind.TILTED, (1 - truth.shape / MIN_SHAPE) / _SLACK["shape"]
    yield HintKind.FINGERS, (truth.hidden - MAX_HIDDEN) / _SLACK["hidden"]
