"""Light, sharpness and the note's place in the picture become at most one hint."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.events import Hint, HintKind, Observation

_PICTURE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


@dataclass(frozen=True)
class FramingSettings:
    """When which hint holds.

    dark, bright: mean luma, 0..255, outside which a note is hard to read. blurred: variance of the Laplacian below
    which it is. far, near: share of the picture's area that the note covers, below and above which it should move.
    centre: the note's centre should lie this far from the edges, fractions of the picture. steady_s: a hint must
    have held so long, seconds; unsure_s, nothing_s: after so long without a sure value, without a note.
    """

    dark: float = 40.0
    bright: float = 235.0
    blurred: float = 60.0
    far: float = 1 / 6
    near: float = 9 / 10
    centre: float = 0.25
    steady_s: float = 0.4
    unsure_s: float = 2.0
    nothing_s: float = 5.0


class Framing:
    """Turns observations, in the order of their time, into hints.

    mirror_left: whether the user's left is the picture's right, as for a camera that faces the user.
    """

    def __init__(self, mirror_left: bool = True, settings: FramingSettings | None = None) -> None:
        self.settings = settings or FramingSettings()
        self._mirror_left = mirror_left
        self._recent: deque[tuple[float, HintKind | None]] = deque()
        self._readable_since: float | None = None
        self._empty_since: float | None = None

    def update(self, observation: Observation) -> Hint | None:
        """The hint for now: one that held for most of the last `steady_s`, or a slow one about turning or absence."""
        t = observation.t
        kind = self.assess(observation)
        self._recent.append((t, kind))
        # One observation that is older stays, or a source with few frames a second would never cover the time.
        while len(self._recent) > 1 and t - self._recent[1][0] >= self.settings.steady_s:
            self._recent.popleft()
        if observation.value is None:
            self._readable_since = None
            self._empty_since = t if self._empty_since is None else self._empty_since
        else:
            self._empty_since = None
            self._readable_since = t if self._readable_since is None else self._readable_since
        if not self._steady(kind, t):
            return None
        if kind is None:
            return self._slow_hint(t)
        self._readable_since = None
        return Hint(t, kind)

    def assess(self, observation: Observation) -> HintKind | None:
        """The first hint of the table that holds for this one observation, but those that need time."""
        limits = self.settings
        if observation.light < limits.dark:
            return HintKind.TOO_DARK
        if observation.light > limits.bright:
            return HintKind.TOO_BRIGHT
        corners = observation.corners
        if corners is None:
            return None
        if observation.sharpness < limits.blurred:
            return HintKind.HOLD_STILL
        return self._place(corners)

    def _place(self, corners: npt.NDArray[np.float32]) -> HintKind | None:
        limits = self.settings
        inside, _ = cv2.intersectConvexConvex(cv2.convexHull(corners), _PICTURE)
        if inside < limits.far:
            return HintKind.MOVE_CLOSER
        low, high = corners.min(axis=0), corners.max(axis=0)
        cut_low, cut_high = low < -0.03, high > 1.03
        if inside > limits.near or bool(np.any(cut_low & cut_high)):
            return HintKind.MOVE_BACK
        centre = corners.mean(axis=0)
        too_low = (centre < limits.centre) | cut_low
        too_high = (centre > 1 - limits.centre) | cut_high
        if too_low[0] or too_high[0]:
            towards_right = bool(too_low[0]) != self._mirror_left
            return HintKind.MOVE_RIGHT if towards_right else HintKind.MOVE_LEFT
        if too_low[1]:
            return HintKind.MOVE_DOWN
        if too_high[1]:
            return HintKind.MOVE_UP
        return None

    def _steady(self, kind: HintKind | None, t: float) -> bool:
        """Whether the hint held in two of three of the last observations, over all of `steady_s`."""
        covered = t - self._recent[0][0] >= self.settings.steady_s * 0.75
        return covered and sum(held == kind for _, held in self._recent) * 3 >= 2 * len(self._recent)

    def _slow_hint(self, t: float) -> Hint | None:
        if self._readable_since is not None and t - self._readable_since >= self.settings.unsure_s:
            return Hint(t, HintKind.TURN_OVER)
        if self._empty_since is not None and t - self._empty_since >= self.settings.nothing_s:
            return Hint(t, HintKind.NO_NOTE)
        return None
