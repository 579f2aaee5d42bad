"""How long a virtual user takes to hear the right value, with the app's hints and without them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from currency_app.events import Hint, Sighting
from currency_app.guidance.hints import Framing
from currency_app.pipeline import decide
from currency_app.recognition.recognizer import Recognizer
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import Phrases
from currency_app.tracking.tracker import Tracker
from training.simulation.closed_loop import ClosedLoop
from training.simulation.scene.material import Material
from training.simulation.user import GIVES_UP_S

FPS = 10.0


@dataclass(frozen=True)
class Attempt:
    """One user's. seconds: until the right value was said, inf if it never was. wrong: values said wrongly."""

    number: int
    start: str
    guided: bool
    seconds: float
    wrong: int
    hints: int


@dataclass(frozen=True)
class LoopFigures:
    """Users from bad starts. Medians of seconds to the right value; given_up: users without one after 30 s."""

    users: int
    guided_s: float
    unguided_s: float
    guided_given_up: int
    unguided_given_up: int
    wrong: int
    hints_each: float

    def as_json(self) -> dict[str, Any]:
        """As `currency-train evaluate --presentations --json` writes it."""
        return {
            name: (None if math.isinf(value) else round(value, 2)) if isinstance(value, float) else value
            for name, value in vars(self).items()
        }

    def as_text(self) -> str:
        """In one line."""
        return (
            f"Closed loop, {self.users} users from bad starts: median {self.guided_s:.1f} s to the right value with "
            f"hints ({self.hints_each:.1f} heard each, {self.guided_given_up} gave up), {self.unguided_s:.1f} s "
            f"without ({self.unguided_given_up} gave up); wrong values {self.wrong}"
        )


def attempt(number: int, guided: bool, material: Material, recognizer: Recognizer) -> Attempt:
    """One user shows one note until the right value is said; the app sees and tells everything as it would live."""
    bundle = recognizer.bundle
    loop = ClosedLoop(number, material, guided=guided)
    tracker, framing = Tracker(bundle), Framing(note_aspect=bundle.note_aspect)
    announcer = Announcer(Phrases("en", bundle.names), bundle.currency)
    wrong = hints = 0
    for index in count():
        frame, _ = loop.frame(index / FPS)
        heard_hint, heard_value = None, None
        for event in decide(recognizer.observe(frame), tracker, framing):
            if announcer.handle(event) is None:
                continue
            if isinstance(event, Hint):
                heard_hint, hints = event.kind, hints + 1
            elif isinstance(event, Sighting):
                heard_value = event.value
                wrong += event.value != loop.value
        loop.hear(heard_hint, heard_value, frame.t)
        if heard_value == loop.value:
            return Attempt(number, loop.user.start.value, guided, frame.t, wrong, hints)
        if frame.t >= GIVES_UP_S:
            break
    return Attempt(number, loop.user.start.value, guided, math.inf, wrong, hints)


def loop_figures(attempts: Sequence[Attempt]) -> LoopFigures:
    """The figures of all attempts, guided and not."""
    with_hints = [one for one in attempts if one.guided]
    without = [one for one in attempts if not one.guided]
    return LoopFigures(
        users=len(with_hints),
        guided_s=_median([one.seconds for one in with_hints]),
        unguided_s=_median([one.seconds for one in without]),
        guided_given_up=sum(math.isinf(one.seconds) for one in with_hints),
        unguided_given_up=sum(math.isinf(one.seconds) for one in without),
        wrong=sum(one.wrong for one in attempts),
        hints_each=sum(one.hints for one in with_hints) / max(len(with_hints), 1),
    )


def _median(seconds: Sequence[float]) -> float:
    """The lower of the two in the middle: a mean with who never got there has no meaning."""
    return float(np.sort(seconds)[(len(seconds) - 1) // 2]) if seconds else math.inf
