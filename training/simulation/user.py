"""A virtual user who holds a note wrongly at first, and does what is heard, or searches."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from currency_app.events import HintKind
from training.simulation.scene.hold import Hold
from training.simulation.scene.motion import HandPath, Sway
from training.simulation.starts import WRONG_STARTS, Start, good_hold, parked, wrong_hold
from training.simulation.steps import SEARCH_WEIGHTS, step

GIVES_UP_S = 30.0
"""Seconds after which a user stops trying."""

_SEED = 413
_REACTION_S, _REACTION_SPREAD = 0.7, 0.25
"""Median and logarithmic spread of the time from the start of a spoken word to the start of the hand's movement."""
_PATIENCE_S = 4.0
_COMES_IN_S = 0.6
_GROUPS = (
    {Start.TOO_FAR, Start.TOO_NEAR},
    {Start.OFF_LEFT, Start.OFF_RIGHT, Start.OFF_UP, Start.OFF_DOWN},
    {Start.DARK, Start.BRIGHT},
)


class VirtualUser:
    """Holds a note; hears what the app says; moves as a person would, late and not quite as told.

    number: the same gives the same user and start, guided or not. value: what the note is worth. side: where the arm
    comes from. guided: obeys hints; otherwise hears no hint and tries one thing after another. mirror_left: whether
    the user's left is the picture's right. sides: 2 where the note can be turned over. start: what is wrong at first;
    chosen by the number if None. Seconds throughout.
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
    ) -> None:
        first = np.random.default_rng([_SEED, 0, number])
        self.start = start or WRONG_STARTS[int(first.integers(len(WRONG_STARTS)))]
        self.guided = guided
        self.stopped_s: float | None = None
        self._value, self._mirror_left, self._sides = value, mirror_left, sides
        self._rng = np.random.default_rng([_SEED, 1, number])
        self._sway = Sway(first)
        wrong = _first_hold(first, self.start)
        self._path = HandPath(parked(wrong, side))
        self._path.move(0.0, _COMES_IN_S, wrong)
        self._turns: list[float] = []
        self._pending: tuple[float, HintKind] | None = None
        self._moved_s = _COMES_IN_S
        self._pause_s = self._next_pause()

    def hold(self, t: float) -> Hold:
        """The hold at t seconds, as far as it is decided: ask after `act`."""
        return self._sway.swayed(self._path.at(t), t)

    def side(self, t: float) -> int:
        """Which side of the note is seen at t seconds: 0 the first, 1 the other."""
        return sum(turn <= t for turn in self._turns) % 2

    def hear(self, kind: HintKind | None, value: int | None, t: float) -> None:
        """Something is spoken from t seconds on: a hint, or a value said as sure."""
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
        """Whether the right value was heard, or the user has given up."""
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


def _first_hold(rng: np.random.Generator, start: Start) -> Hold:
    """One thing is wrong, in one of three cases two; half of all notes are upside down, which nobody feels."""
    hold = good_hold(rng)
    if rng.random() < 0.5:
        hold = wrong_hold(rng, Start.UPSIDE_DOWN, hold)
    also = WRONG_STARTS[int(rng.integers(len(WRONG_STARTS)))]
    together = rng.random() < 1 / 3 and not any(start in group and also in group for group in _GROUPS)
    if together and also not in (Start.FINGERS, Start.TOO_NEAR) and start is not Start.TOO_NEAR:
        hold = wrong_hold(rng, also, hold)
    return wrong_hold(rng, start, hold)
