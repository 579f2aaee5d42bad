"""A virtual user who holds a note wrongly at first, then does what the app says, or searches."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from currency_app.events import HintKind
from training.simulation.scene.hold import DOLLAR_ASPECT, Hold
from training.simulation.scene.motion import HandPath, Sway
from training.simulation.starts import WRONG_STARTS, Start, good_hold, parked, wrong_hold
from training.simulation.steps import SEARCH_WEIGHTS, step

GIVES_UP_S = 30.0
"""Seconds after which a user stops trying."""

_SEED = 413
"""Keeps the random numbers apart from those of the other simulations."""
_REACTION_S, _REACTION_SPREAD = 0.7, 0.25
"""Median and logarithmic spread of the time from the start of a spoken word to the start of the hand's movement.
Guesses."""
_PATIENCE_S = 4.0
"""Seconds after which a guided user who hears nothing tries something. A guess."""
_COMES_IN_S = 0.6
"""Seconds in which the note is brought into the picture. A guess."""
_GROUPS = (
    {Start.TOO_FAR, Start.TOO_NEAR},
    {Start.OFF_LEFT, Start.OFF_RIGHT, Start.OFF_UP, Start.OFF_DOWN},
    {Start.DARK, Start.BRIGHT},
)
"""Starts of which only one can be wrong at a time."""


class VirtualUser:
    """Holds a note, hears what the app says, and moves as a person would: late and inexactly.

    Times are seconds. start: what is wrong at first. guided: see below. stopped_s: when the right value was heard; None
    before.

    Args:
        number: makes this user differ from all others; guided or not, user and start are the same.
        value: what the note is worth; None if it is no note.
        side: the side of the picture that the arm comes from.
        guided: whether the user obeys hints; otherwise hears none and tries one thing after another.
        mirror_left: whether the user's left is the picture's right.
        sides: 2 if the note can be turned over, else 1.
        start: what is wrong at first; None to choose by the number.
        note_aspect: width over height of the note.
    """

    def __init__(
        self,
        number: int,
        value: int | None,
        side: str = "below",
        *,
        guided: bool = True,
        mirror_left: bool = True,
        sides: int = 1,
        start: Start | None = None,
        note_aspect: float = DOLLAR_ASPECT,
    ) -> None:
        first = np.random.default_rng([_SEED, 0, number])
        self.start = start or WRONG_STARTS[int(first.integers(len(WRONG_STARTS)))]
        self.guided = guided
        self.stopped_s: float | None = None
        self._value, self._mirror_left, self._sides = value, mirror_left, sides
        self._rng = np.random.default_rng([_SEED, 1, number])
        self._sway = Sway(first)
        wrong = _first_hold(first, self.start, note_aspect)
        self._path = HandPath(parked(wrong, side, note_aspect))
        self._path.move(0.0, _COMES_IN_S, wrong)
        self._turns: list[float] = []
        self._pending: tuple[float, HintKind] | None = None
        self._moved_s = _COMES_IN_S
        self._pause_s = self._next_pause()

    def hold(self, t: float) -> Hold:
        """Return the hold at t seconds, as far as it is decided: to be called after `act`."""
        return self._sway.swayed(self._path.at(t), t)

    def side(self, t: float) -> int:
        """Return which side of the note is seen at t seconds: 0 the first, 1 the other."""
        return sum(turn <= t for turn in self._turns) % 2

    def hear(self, kind: HintKind | None, value: int | None, t: float) -> None:
        """Hear what is spoken from t seconds on: a hint, or a value as sure."""
        if value is not None and value == self._value and self.stopped_s is None:
            self.stopped_s = t
        if kind is None or not self.guided:
            return
        if self._pending is None or self._pending[1] is not kind:
            delay = _REACTION_S * math.exp(float(self._rng.normal(0, _REACTION_SPREAD)))
            self._pending = (t + delay, kind)

    def act(self, t: float) -> None:
        """Decide what to do at t seconds. To be called in the order of time, at every frame."""
        if self._pending is not None:
            if t >= self._pending[0]:
                self._do(self._pending[1], t)
                self._pending = None
        elif t - self._moved_s >= (_PATIENCE_S if self.guided else self._pause_s):
            # Nobody stays still for long when nothing is said.
            kinds, weights = list(SEARCH_WEIGHTS), np.array(list(SEARCH_WEIGHTS.values()))
            self._do(kinds[int(self._rng.choice(len(kinds), p=weights / weights.sum()))], t)

    def done(self, t: float) -> bool:
        """Return whether the right value was heard, or the user has given up."""
        return self.stopped_s is not None or t >= GIVES_UP_S

    def _do(self, kind: HintKind, t: float) -> None:
        to, duration = step(self._rng, kind, self._path.at(t), self._mirror_left)
        if kind is HintKind.TURN_OVER and self._sides > 1:
            sign, half = float(self._rng.choice([-1.0, 1.0])), duration / 2
            self._path.move(t, half, replace(to, yaw=sign * math.pi / 2))
            self._turns.append(t + half)
            # Turned edge on, the other side starts from the other edge.
            self._path.move(t + half, 0.0, replace(to, yaw=-sign * math.pi / 2))
            self._path.move(t + half, half, to)
        else:
            self._path.move(t, duration, to)
        self._moved_s = t + duration
        self._pause_s = self._next_pause()

    def _next_pause(self) -> float:
        return float(self._rng.uniform(0.8, 2.0))


def _first_hold(rng: np.random.Generator, start: Start, note_aspect: float) -> Hold:
    """Return a hold in which one thing is wrong, in one of three cases two.

    Half of all notes are upside down besides, which nobody feels.
    """
    hold = good_hold(rng)
    if rng.random() < 0.5:
        hold = wrong_hold(rng, Start.UPSIDE_DOWN, hold, note_aspect)
    also = WRONG_STARTS[int(rng.integers(len(WRONG_STARTS)))]
    two_wrong = rng.random() < 1 / 3 and not any(start in group and also in group for group in _GROUPS)
    if two_wrong and also not in (Start.FINGERS, Start.TOO_NEAR) and start is not Start.TOO_NEAR:
        hold = wrong_hold(rng, also, hold, note_aspect)
    return wrong_hold(rng, start, hold, note_aspect)
