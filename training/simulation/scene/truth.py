"""What a frame really shows: whether its note can be read, and which hint it calls for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.arrays import Corners, Drawing, Numbers
from currency_app.events import HintKind
from currency_app.recognition.corners import note_area, share_in_frame
from training.simulation.scene.hold import DOLLAR_ASPECT

# The limits of readable frames and of hints. All were chosen by hand, before the tracker and the framing were tuned.
MIN_COVER = 1 / 6
"""Share of the frame that a note must cover."""
MAX_COVER = 9 / 10
"""Share of the frame that a note may cover."""
MIN_VISIBLE = 0.6
"""Share of the note that must be inside the frame and not covered, for it to be readable."""
MIN_LIGHT, MAX_LIGHT = 40.0, 230.0
"""Mean luma of the note, 0..255, between which it is lit well enough."""
MAX_BLUR = 0.035
"""Blur that reading stands: see `Truth.blur`."""
MAX_HIDDEN = 0.4
"""Share of the visible note that fingers may cover before they are asked away."""
MIN_SHAPE = 0.5
"""Share of its shape that foreshortening must leave a note: see `Truth.shape`."""

_SLACK = {"cover": 0.15, "place": 0.03, "luma": 10.0, "blur": 0.25, "hidden": 0.08, "shape": 0.15}
"""How far from its limit something may be called either way. Ratios of the limit for cover, blur and shape; shares of
the picture's sides for place, grey levels for luma, a share of the note for hidden. Chosen by hand."""


@dataclass(frozen=True, eq=False)
class Truth:
    """What one frame truly shows."""

    t: float
    """Seconds from the start."""
    class_name: str | None
    """Class of the note, such as usd_20_front; None without a note."""
    corners: Corners | None
    """The note's own corners, float32 [4, 2], fractions of the picture; None without a note, or if nobody knows."""
    aspect: float = 4 / 3
    """Width over height of the picture."""
    note_aspect: float = DOLLAR_ASPECT
    """Width over height of the note lying flat."""
    hidden: float = 0.0
    """Share of the note's area in view that something covers, 0..1."""
    light: float = 120.0
    """Mean luma of the note, or of the frame without one, 0..255."""
    blur: float = 0.0
    """Standard deviation of what blurs the note, as a share of its shorter side in the picture; 0 = sharp."""
    other_notes: int = 0
    """How many more notes there are of which each covers over 1/12 of the frame."""

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
    """Return width over height of a note as it is seen. corners: fractions of a picture of this aspect."""
    points = corners * [aspect, 1]
    sides = np.linalg.norm(points - np.roll(points, -1, axis=0), axis=1)
    return float((sides[0] + sides[2]) / max(sides[1] + sides[3], 1e-6))


def shorter_side(corners: Corners, size: tuple[int, int]) -> float:
    """Return the mean length of the note's two shorter sides, pixels, 1 or more.

    corners: float32 [4, 2], fractions of the picture. size: width and height of the picture, pixels.
    """
    sides = np.linalg.norm((corners - np.roll(corners, -1, axis=0)) * size, axis=1)
    return max(float(min(sides[0] + sides[2], sides[1] + sides[3])) / 2, 1.0)


def light_inside(picture: Drawing, polygon: Numbers) -> float:
    """Return the mean luma, 0..255, inside a polygon; of the whole picture if nothing of it is inside the picture.

    picture: uint8 [h, w, 3] BGR. polygon: [n, 2], pixels.
    """
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    inside = np.zeros_like(grey)
    # OpenCV fills wrongly what lies too far outside.
    cv2.fillPoly(inside, [np.round(np.clip(polygon, -30000, 30000)).astype(np.int32)], 1)
    return cv2.mean(grey, inside)[0] if inside.any() else float(grey.mean())


def hint_called_for(truth: Truth, mirror_left: bool = True) -> HintKind | None:
    """Return the first `HintKind`, in their order here, that this frame calls for; None if it calls for none.

    Hints that need time (TURN_OVER, NO_NOTE) are never returned. mirror_left: see `Framing`.
    """
    return next((kind for kind, margin in _conditions(truth, mirror_left) if margin > 0), None)


def hints_allowed(truth: Truth, mirror_left: bool = True) -> frozenset[HintKind | None]:
    """Return the hints that are right if what is within measurement of its limit may be called either way.

    Within measurement: 15 % of the area, 3 % of the picture's sides, 10 grey levels, a quarter of the blur, 8 % of the
    note covered, 15 % of its shape. mirror_left: see `Framing`.
    """
    allowed: set[HintKind | None] = set()
    for kind, margin in _conditions(truth, mirror_left):
        if margin > -1:
            allowed.add(kind)
        if margin >= 1:
            return frozenset(allowed)
    return frozenset({*allowed, None})


def _conditions(truth: Truth, mirror_left: bool) -> Iterator[tuple[HintKind, float]]:
    """Yield each hint, in order, and its margin: over 0 if the frame calls for it, in units of slack."""
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
