"""How hands move: on smooth paths from one hold to the next, and never quite still between."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Numbers
from training.simulation.scene.hold import FRAME_ASPECT, FRAME_HEIGHT, FRAME_WIDTH, Hold

_SWAY = np.array([0.012, 0.014, 0.035, 0.03, 0.05, 0.05])
"""Root mean square of the slow wandering: x, y (shares of the picture), the size's logarithm, roll, yaw and pitch
(radians). Judged by eye."""
_TREMOR = np.array([0.0006, 0.0008, 0.0, 0.001, 0.003, 0.003])
"""Root mean square of the quick tremor, in the units of `_SWAY`. Judged by eye."""


class Sway:
    """The unrest of a hand that tries to hold still: a slow wandering and, far smaller, a quick tremor.

    Each of the six motions is a sum of sines of random frequency and phase, so any moment can be asked for on its own.
    The wandering lies at 0.15 to 1.6 Hz, slower parts being larger, as in records of held limbs. The tremor lies
    at 8 to 12 Hz, as that of an outstretched healthy hand does (Elble and Koller, Tremor, 1990). The amplitudes are
    guesses.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._frequencies = rng.uniform(0.15, 1.6, (6, 5))
        weights = 1 / self._frequencies
        self._weights = weights * np.sqrt(2 / (weights**2).sum(axis=1, keepdims=True)) * _SWAY[:, None]
        self._tremor = rng.uniform(8.0, 12.0, 6)
        self._phases = rng.uniform(0, 2 * np.pi, (6, 6))
        self._strength = float(np.exp(rng.normal(0, 0.35)))
        self._wave = (rng.uniform(2.6, 3.4), rng.uniform(0, 2 * np.pi), rng.choice([-1.0, 1.0]), rng.uniform(0.8, 1.0))

    def at(self, t: float) -> Numbers:
        """Return what is added at t seconds to x, y, the size's logarithm, roll, yaw and pitch: float64 [6]."""
        slow = (self._weights * np.sin(2 * np.pi * self._frequencies * t + self._phases[:, :5])).sum(axis=1)
        quick = math.sqrt(2) * _TREMOR * np.sin(2 * np.pi * self._tremor * t + self._phases[:, 5])
        return np.asarray(self._strength * (slow + quick))

    def swayed(self, hold: Hold, t: float) -> Hold:
        """Return the hold at t seconds as this hand really keeps it."""
        x, y, size, roll, yaw, pitch = (float(v) for v in self.at(t))
        if hold.waving > 0:
            # Round and round: a note waved to and fro would stand still, and be sharp, twice in each turn.
            frequency, phase, sense, narrow = self._wave
            angle = 2 * math.pi * frequency * t + phase
            x += hold.waving * math.cos(angle)
            y += hold.waving * sense * narrow * FRAME_ASPECT * math.sin(angle)
        return replace(
            hold,
            x=hold.x + x,
            y=hold.y + y,
            cover=hold.cover * math.exp(size),
            roll=hold.roll + roll,
            yaw=hold.yaw + yaw,
            pitch=hold.pitch + pitch,
        )


class HandPath:
    """Path of a hand: it waits at one hold until it moves to the next.

    Each move starts and ends at rest and follows the path of minimum jerk, as arms do that reach for things (Flash and
    Hogan, 1985). A move that starts before the previous one has ended goes on from the hand's present hold.
    """

    def __init__(self, start: Hold) -> None:
        self._moves: list[tuple[float, float, Hold, Hold]] = [(-math.inf, 1.0, start, start)]

    def move(self, t: float, duration: float, to: Hold) -> None:
        """Move to a hold from t seconds on. To be called in the order of time.

        duration: seconds; 0 = at once.
        """
        self._moves.append((t, duration, self.at(t), to))

    @property
    def goal(self) -> Hold:
        """The hold at which the last move ends."""
        return self._moves[-1][3]

    def at(self, t: float) -> Hold:
        """Return the hold at t seconds, without sway."""
        start, duration, origin, to = next(move for move in reversed(self._moves) if move[0] <= t)
        if duration <= 0 or t - start >= duration:
            return to
        return origin.towards(to, minimum_jerk((t - start) / duration))


def minimum_jerk(share: float) -> float:
    """Return how far the path of minimum jerk has gone at a share of its time.

    share: 0..1, as the result: 10 s^3 - 15 s^4 + 6 s^5 (Flash and Hogan, 1985).
    """
    s = min(max(share, 0.0), 1.0)
    return s**3 * (10 - 15 * s + 6 * s**2)


def motion_blur(
    hold_at: Callable[[float], Hold], t: float, exposure_s: float, note_aspect: float
) -> tuple[npt.NDArray[np.float64], float]:
    """Return how a note moves on the picture while the shutter is open, from t seconds on.

    First the shift of the whole note, float64 [2], pixels; then the standard deviation, pixels, of its turning and
    growing, which the shift leaves out. hold_at: the hold at any moment, in seconds. note_aspect: width over height.
    """
    size = [FRAME_WIDTH, FRAME_HEIGHT]
    before, after = (hold_at(moment).corners(note_aspect) * size for moment in (t, t + exposure_s))
    shifts = (after - before).astype(np.float64)
    shift = shifts.mean(axis=0)
    rest = np.linalg.norm(shifts - shift, axis=1)
    return shift, float(np.sqrt((rest**2).mean() / 12 / 2))
