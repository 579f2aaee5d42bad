"""Made-up views of a camera, as observations: any sequence of notes, hands, flicker, blur, pauses and empty rooms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from hypothesis import strategies as st

from currency_app.arrays import Corners
from currency_app.events import Observation
from currency_app.recognition.bundle import Bundle
from tests.support.observations import BUNDLE, CENTRED, SIDES, box, seen

_PLACES: tuple[Corners | None, ...] = (
    CENTRED,
    box(0.22, 0.27, 0.82, 0.77),
    box(0.0, 0.0, 0.3, 0.2),
    box(-0.3, 0.2, 0.4, 0.7),
    box(-0.2, -0.2, 1.2, 1.2),
    box(0.5, 0.5, 0.5, 0.5),
    None,
)
"""Where notes are: whole and inside, a little beside that, small, cut off, larger than the picture, a point, untold."""
_INTERVALS_S = (0.0, 1 / 120, 1 / 30, 1 / 15, 1 / 15, 0.15, 0.4, 1.0, 2.6)
"""Seconds between two frames of one view: from a stutter, in which two have the same time, to a very slow camera."""


@dataclass(frozen=True)
class View:
    """Some frames that show the same, or that change between two things."""

    frames: int
    """How many frames."""
    interval_s: float
    """Seconds between them, and before the first."""
    chances: dict[int, float]
    """The probability of each value; the background has the rest."""
    others: dict[int, float]
    """What every `period`th frame shows instead."""
    period: int
    """0 if all frames show the same."""
    side: str
    """The side in view."""
    place: Corners | None
    """The note's corners."""
    step: float
    """By how much of the picture's width the corners leap in every other frame."""
    refused: bool
    """Whether the value is refused, as of a design that was not learnt."""
    looked: bool
    """Whether the frames were looked at."""
    other_notes: int
    """How many more notes are in view."""
    in_view: float
    """Share of the note in view."""
    covered: float
    """Share of it that is covered."""
    sharpness: float
    """Of the note."""
    light: float
    """Of the note."""
    black: bool
    """Whether the camera is covered."""

    def observations(self, start: float, bundle: Bundle = BUNDLE) -> Iterator[Observation]:
        """The frames of this view. start: seconds of source time of the frame before."""
        for number in range(self.frames):
            chances = self.others if self.period and number % self.period == 0 else self.chances
            plain = seen(start + (number + 1) * self.interval_s, chances, side=self.side, bundle=bundle)
            place = self.place
            if place is not None and number % 2:
                place = place + np.array([self.step, 0], np.float32)
            shown = plain.value is not None
            yield replace(
                plain,
                value=None if self.refused else plain.value,
                side=None if self.refused else plain.side,
                corners=place if shown else None,
                in_view=self.in_view if shown else 0.0,
                covered=self.covered if shown else 0.0,
                sharpness=self.sharpness,
                light=self.light,
                other_notes=self.other_notes,
                refused=self.refused and shown,
                black=self.black,
                looked=self.looked,
            )


@st.composite
def _chances(draw: st.DrawFn, values: Sequence[int]) -> dict[int, float]:
    """Nothing, one value by some chance, or two that share it."""
    value, other = draw(st.sampled_from(values)), draw(st.sampled_from(values))
    chance = draw(st.sampled_from((0.999, 0.99, 0.96, 0.93, 0.8, 0.6, 0.5, 0.3, 0.01, 0.0)) | st.floats(0.0, 1.0))
    share = draw(st.sampled_from((1.0, 1.0, 1.0, 0.6, 0.5)))
    return {value: chance} if value == other else {value: chance * share, other: chance * (1 - share)}


@st.composite
def views(draw: st.DrawFn, bundle: Bundle = BUNDLE) -> View:
    """Any view. Two values of three of a bundle come often, so that notes are alike or follow each other."""
    values = bundle.values[:2] if draw(st.booleans()) else bundle.values
    usual = draw(st.booleans())  # held well and looked at, so that values are announced
    return View(
        frames=draw(st.integers(1, 8) | st.integers(8, 60)),
        interval_s=draw(st.sampled_from(_INTERVALS_S)),
        chances=draw(_chances(values)),
        others=draw(_chances(values)),
        period=draw(st.sampled_from((0, 0, 2, 3, 7))),
        side=draw(st.sampled_from(SIDES)),
        place=CENTRED if usual else draw(st.sampled_from(_PLACES)),
        step=0.0 if usual else draw(st.sampled_from((0.0, 0.02, 0.3))),
        refused=not usual and draw(st.booleans()),
        looked=usual or draw(st.sampled_from((True, True, False))),
        other_notes=0 if usual else draw(st.integers(0, 3)),
        in_view=1.0 if usual else draw(st.floats(0.0, 1.0)),
        covered=0.0 if usual else draw(st.floats(0.0, 1.0)),
        sharpness=5.0 if usual else draw(st.floats(0.0, 10.0)),
        light=120.0 if usual else draw(st.floats(0.0, 255.0)),
        black=not usual and draw(st.sampled_from((False, False, True))),
    )


def observed(shown: Sequence[View], bundle: Bundle = BUNDLE) -> Iterator[Observation]:
    """The observations of views that follow each other."""
    t = 0.0
    for view in shown:
        for observation in view.observations(t, bundle):
            t = observation.t
            yield observation


def any_views(bundle: Bundle = BUNDLE) -> st.SearchStrategy[list[View]]:
    """A few views, one after the other."""
    return st.lists(views(bundle), min_size=1, max_size=10)


def steady(value: int | None, start: float, seconds: float, bundle: Bundle = BUNDLE) -> Iterator[Observation]:
    """A well-held note, or an empty room, at 15 frames a second from a time on."""
    for number in range(round(seconds * 15)):
        yield seen(start + (number + 1) / 15, {} if value is None else {value: 0.99}, bundle=bundle)
