"""How frames add up: what they say, how much, and how fast the past fades."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.events import Observation
from currency_app.tracking.belief import Belief, BeliefSettings
from tests.support.observations import BUNDLE, note, nothing

STEP = 1 / 15


def after(frames: list[Observation], settings: BeliefSettings | None = None, weight: float = 1.0) -> Belief:
    belief = Belief(BUNDLE.labels, settings)
    for frame in frames:
        belief.update(frame.probabilities, weight, STEP)
    return belief


def of(belief: Belief, value: int | None) -> float:
    return float(belief.by_value[-1 if value is None else belief.values.index(value)])


def test_it_starts_without_a_note() -> None:
    assert of(Belief(BUNDLE.labels), None) > 0.95


def test_it_always_sums_to_one() -> None:
    belief = Belief(BUNDLE.labels)
    rng = np.random.default_rng(1)
    for _ in range(200):
        belief.update(rng.dirichlet(np.full(15, 0.2)).astype(np.float32), rng.uniform(0, 1), rng.uniform(0, 2))
        assert belief.by_value.sum() == pytest.approx(1)
        assert belief.by_value.min() >= 0


def test_frames_that_agree_make_a_value_sure() -> None:
    beliefs = [of(after([note(0, 20)] * count), 20) for count in range(1, 12)]
    assert beliefs == sorted(beliefs)
    assert beliefs[0] < 0.5
    assert beliefs[-1] > 0.97


@pytest.mark.parametrize("chance", [0.6, 0.75, 0.9])
def test_no_number_of_equal_frames_is_worth_more_than_its_gain(chance: float) -> None:
    """With a gain of 1 an endless row of frames is as sure as one frame: alike frames share their mistakes."""
    settings = BeliefSettings(gain=1.0, misread=0.0001)
    assert of(after([note(0, 20, chance, 5)] * 300, settings), 20) == pytest.approx(chance, abs=0.02)
    more = of(after([note(0, 20, chance, 5)] * 300, BeliefSettings(gain=1.5, misread=0.0001)), 20)
    assert chance < more < 1 - (1 - chance) ** 1.7


def test_a_frame_that_is_badly_seen_counts_less() -> None:
    frames = [note(0, 20, 0.9, 5)] * 30
    assert of(after(frames, weight=0.3), 20) < of(after(frames, weight=1.0), 20) - 0.1


def test_the_past_fades_with_its_time_constant() -> None:
    """However often frames come, the same time has the same effect."""
    for steps in (1, 2, 5):
        belief = after([note(0, 20)] * 30)
        for _ in range(steps):
            belief.update(nothing(0).probabilities, 1.0, 0.2 / steps)
        assert of(belief, None) == pytest.approx(of(_emptied(), None), abs=0.12)


def _emptied() -> Belief:
    belief = after([note(0, 20)] * 30)
    belief.update(nothing(0).probabilities, 1.0, 0.2)
    return belief


def test_a_pause_does_not_make_the_next_frame_decide() -> None:
    belief = after([note(0, 20)] * 30)
    belief.update(note(0, 5).probabilities, 1.0, 3600.0)
    again = after([note(0, 20)] * 30)
    again.update(note(0, 5).probabilities, 1.0, BeliefSettings().longest_step_s)
    assert of(belief, 5) == pytest.approx(of(again, 5))


def test_time_that_stands_still_or_runs_back_changes_nothing() -> None:
    belief = after([note(0, 20)] * 3)
    before = belief.by_value
    for seconds in (0.0, -1.0):
        belief.update(note(0, 5).probabilities, 1.0, seconds)
    assert belief.by_value == pytest.approx(before)


def test_both_sides_are_one_value_while_it_is_turned_over() -> None:
    """From one side to the other the value stays sure; another value would not."""
    belief, lowest = after([note(0, 20)] * 30), 1.0
    for _ in range(30):
        belief.update(note(0, 20, side="back").probabilities, 1.0, STEP)
        lowest = min(lowest, of(belief, 20))
    assert lowest > 0.8


def test_a_certain_zero_does_not_last() -> None:
    """A network that is wholly sure, and wrong, can be contradicted."""
    belief = after([note(0, 5, 1.0)] * 30 + [note(0, 20, 1.0)] * 15)
    assert of(belief, 20) > 0.95
