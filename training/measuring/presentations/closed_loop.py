"""How long a virtual user takes to hear the right value, with the app's hints and without them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from currency_app.events import Frame, Hint, Sighting
from currency_app.recognition.recognizer import Recognizer
from currency_app.session import Session
from currency_app.settings import Settings
from training.measuring.presentations.playback import FrameSource, SpokenEvents
from training.simulation.closed_loop import ClosedLoop
from training.simulation.scene.material import Material
from training.simulation.user import GIVES_UP_S

LOOP_FPS = 10.0
"""Frames a second that the app gets: fewer than a webcam's, for speed."""


@dataclass(frozen=True)
class Attempt:
    """How one user got on with one note."""

    number: int
    """Which user; see `ClosedLoop`."""
    start: str
    """What was wrong at first; see `Start`."""
    guided: bool
    """Whether the user heard hints."""
    seconds: float
    """Seconds until the right value was said; inf if it never was."""
    wrong: int
    """How many wrong values were said as sure."""
    hints: int
    """How many hints were said."""


@dataclass(frozen=True)
class LoopFigures:
    """Figures of users from bad starts, with hints and without."""

    users: int
    """How many users tried, each with hints and without."""
    guided_s: float
    """Median of the seconds to the right value with hints; inf if most never heard it."""
    unguided_s: float
    """Median of the seconds to the right value without hints; inf if most never heard it."""
    guided_given_up: int
    """Users with hints who had not heard the right value after 30 s."""
    unguided_given_up: int
    """Users without hints who had not heard the right value after 30 s."""
    wrong: int
    """Wrong values said as sure, with hints and without."""
    hints_each: float
    """Mean number of hints that a user with hints heard."""

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --presentations --json` writes."""
        return {
            name: (None if math.isinf(value) else round(value, 2)) if isinstance(value, float) else value
            for name, value in vars(self).items()
        }

    def as_text(self) -> str:
        """Return one line to read."""
        return (
            f"Closed loop, {self.users} users from bad starts: median {self.guided_s:.1f} s to the right value with "
            f"hints ({self.hints_each:.1f} heard each, {self.guided_given_up} gave up), {self.unguided_s:.1f} s "
            f"without ({self.unguided_given_up} gave up); wrong values {self.wrong}"
        )


def attempt(number: int, guided: bool, material: Material, recognizer: Recognizer) -> Attempt:
    """Let one user show one note until the right value is said, to the app as it runs live."""
    session = Session(Settings(), bundles=[recognizer.bundle], recognizer=recognizer)
    user = _Attempting(ClosedLoop(number, material, guided=guided))
    session.app(FrameSource(user.frames()), listeners=[user.heard]).run()
    return Attempt(number, user.loop.user.start.value, guided, user.seconds, user.wrong, user.hints)


class _Attempting:
    """One user in front of the app, who shows each frame once the app has spoken of the one before."""

    def __init__(self, loop: ClosedLoop) -> None:
        self.loop = loop
        self.heard = SpokenEvents()
        self.seconds = math.inf
        self.wrong = self.hints = 0

    def frames(self) -> Iterator[Frame]:
        """Yield what the camera sees, until the right value was heard or the user gives up."""
        for index in count():
            frame, _ = self.loop.frame(index / LOOP_FPS)
            self.heard.events.clear()
            yield frame
            value = self._listen(frame.t)
            if value == self.loop.value:
                self.seconds = frame.t
                return
            if frame.t >= GIVES_UP_S:
                return

    def _listen(self, t: float) -> int | None:
        """Hear what was said of the last frame, at t seconds; return the value, if there was one."""
        hint, value = None, None
        for event in self.heard.events:
            if isinstance(event, Hint):
                hint, self.hints = event.kind, self.hints + 1
            elif isinstance(event, Sighting):
                value = event.value
                self.wrong += event.value != self.loop.value
        self.loop.hear(hint, value, t)
        return value


def loop_figures(attempts: Sequence[Attempt]) -> LoopFigures:
    """Return the figures of all attempts, guided and not."""
    with_hints = [one for one in attempts if one.guided]
    without_hints = [one for one in attempts if not one.guided]
    return LoopFigures(
        users=len(with_hints),
        guided_s=_median([one.seconds for one in with_hints]),
        unguided_s=_median([one.seconds for one in without_hints]),
        guided_given_up=sum(math.isinf(one.seconds) for one in with_hints),
        unguided_given_up=sum(math.isinf(one.seconds) for one in without_hints),
        wrong=sum(one.wrong for one in attempts),
        hints_each=sum(one.hints for one in with_hints) / max(len(with_hints), 1),
    )


def _median(seconds: Sequence[float]) -> float:
    """Return the median; of two in the middle the lower, because a mean with inf has no meaning."""
    return float(np.sort(seconds)[(len(seconds) - 1) // 2]) if seconds else math.inf
