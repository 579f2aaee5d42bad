"""Probabilities that mean what they say, and thresholds above all but the rarest wrong answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.arrays import Floats
from currency_app.recognition.reading import calibrated
from currency_app.recognition.still import Looks
from tests.support.observations import BUNDLE, CENTRED, USD_VALUES
from training.fitting.calibrate import (
    Example,
    LookWeights,
    Prediction,
    choose_thresholds,
    fit_weights,
    predictions,
    source_weights,
    sure_of,
)

LABELS = BUNDLE.labels
BACKGROUND = len(LABELS) - 1


def example(
    first: npt.ArrayLike, truth: int, second: npt.ArrayLike | None = None, source: str = "me", note: bool | None = None
) -> Example:
    again = () if second is None else (np.asarray(second, np.float32),)
    looks = Looks(np.asarray(first, np.float32), again, CENTRED, 1.0)
    return Example(source, truth, truth != BACKGROUND if note is None else note, looks)


def softmax(logits: npt.NDArray[np.float64]) -> Floats:
    powers = np.exp(logits)
    return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)


def drawn(rng: np.random.Generator, chances: Floats) -> list[int]:
    """A class for each row, drawn by its probabilities: these are true, then."""
    return [int(rng.choice(len(row), p=row.astype(float) / row.astype(float).sum())) for row in chances]


def overconfident(count: int, factor: float, seed: int, source: str = "me") -> list[Example]:
    """Answers of a network that is too sure of itself by a factor of its logits."""
    rng = np.random.default_rng(seed)
    honest = softmax(rng.normal(0, 2.5, (count, len(LABELS))))
    return [
        example(calibrated(row, 1 / factor), truth, source=source, note=True)
        for row, truth in zip(honest, drawn(rng, honest), strict=True)
    ]


@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_a_known_temperature_is_recovered(factor: float) -> None:
    weights = fit_weights(overconfident(800, factor, seed=1))
    assert 1 / weights.alone == pytest.approx(factor, rel=0.12)
    assert weights.closer == 0, "nothing was looked at twice"


@pytest.mark.parametrize(("first", "second"), [(0.8, 0.4), (0.3, 1.0), (0.0, 1.2)])
def test_the_weights_of_two_looks_are_recovered(first: float, second: float) -> None:
    rng = np.random.default_rng(2)
    one, other = rng.normal(0, 2.5, (2, 700, len(LABELS)))
    truths = drawn(rng, softmax(first * one + second * other))
    given = [example(a, truth, b, note=True) for a, b, truth in zip(softmax(one), softmax(other), truths, strict=True)]
    weights = fit_weights(given)
    assert (weights.first, weights.closer) == pytest.approx((first, second), abs=0.12)


def test_frames_that_were_looked_at_once_do_not_weigh_the_second_look() -> None:
    """They have a weight of their own, from all first looks."""
    rng = np.random.default_rng(3)
    one, other = rng.normal(0, 2.5, (2, 400, len(LABELS)))
    truths = drawn(rng, softmax(0.5 * one + 0.5 * other))
    twice = [example(a, truth, b, note=True) for a, b, truth in zip(softmax(one), softmax(other), truths, strict=True)]
    once = overconfident(400, 2.0, seed=4)
    together, apart = fit_weights(twice + once), fit_weights(twice)
    assert (together.first, together.closer) == pytest.approx((apart.first, apart.closer))


def test_every_source_counts_the_same() -> None:
    """Four hundred frames of one note say no more than forty of another."""
    sharp, mild = overconfident(400, 3.0, 5, "many"), overconfident(40, 1.0, 6, "few")
    assert fit_weights(sharp + mild).alone == pytest.approx(fit_weights(sharp[:40] * 10 + mild).alone, rel=0.25)
    assert fit_weights(sharp + mild).alone == fit_weights(sharp + mild * 5).alone
    assert fit_weights(sharp).alone < fit_weights(sharp + mild).alone < fit_weights(mild).alone


def test_without_answers_the_weights_are_those_of_a_bundle_at_first() -> None:
    assert fit_weights([]) == LookWeights(1.0, 0.5, 0.5)


def weights_by_source(given: Sequence[Example]) -> dict[tuple[str, bool], float]:
    found: dict[tuple[str, bool], float] = {}
    for item, weight in zip(given, source_weights(given), strict=True):
        found[item.source, item.has_note] = found.get((item.source, item.has_note), 0.0) + float(weight)
    return found


def of_source(source: str, count: int, truth: int = 0) -> list[Example]:
    return [example(np.full(len(LABELS), 1 / len(LABELS)), truth, source=source)] * count


def test_notes_and_empty_rooms_weigh_the_same_and_in_each_the_sources() -> None:
    given = (
        of_source("a", 30) + of_source("b", 10) + of_source("rooms", 50, BACKGROUND) + of_source("a", 10, BACKGROUND)
    )
    assert weights_by_source(given) == pytest.approx(
        {("a", True): 0.25, ("b", True): 0.25, ("rooms", False): 0.25, ("a", False): 0.25}
    )


def test_sources_of_a_few_images_count_as_one_together() -> None:
    given = of_source("a", 30) + of_source("b", 9) + of_source("c", 3) + of_source("d", 10)
    assert weights_by_source(given) == pytest.approx(
        {("a", True): 1 / 3, ("b", True): 1 / 3 * 9 / 12, ("c", True): 1 / 3 * 3 / 12, ("d", True): 1 / 3}
    )


def test_what_would_be_said_is_calibrated_and_weighed() -> None:
    first, second = np.full(len(LABELS), 0.02), np.full(len(LABELS), 0.02)
    first[8], second[8] = 0.72, 0.72  # usd_20_front
    given = [example(first, 8), example(first, 9, second), example(first, BACKGROUND)]
    alone, twice, empty = predictions(given, LookWeights(2.0, 1.0, 2.0), LABELS)
    assert (alone.value, alone.true_value, alone.weight) == (20, 20, 0.25)
    assert (twice.value, twice.true_value) == (20, 20), "the value counts, not the side"
    assert (empty.value, empty.true_value, empty.weight) == (20, None, 0.5)
    # Fourteen other labels, one of which is the other side of the same value.
    assert alone.confidence == pytest.approx((0.72**2 + 0.02**2) / (0.72**2 + 14 * 0.02**2), abs=1e-5)
    assert twice.confidence == pytest.approx((0.72**3 + 0.02**3) / (0.72**3 + 14 * 0.02**3), abs=1e-5)


# Thresholds. The least value has the common one, so mistakes for it show where that lies.


def predicted(
    count: int, value: int | None, true_value: int | None, confidence: float, weight: float = 1.0
) -> list[Prediction]:
    return [Prediction(value, true_value, confidence, weight)] * count


RIGHT = predicted(1000, 20, 20, 0.999)


@pytest.mark.parametrize(("wrong", "sure"), [(0, 0.9), (3, 0.9), (6, 0.951)])
def test_at_most_one_value_given_in_250_is_wrong(wrong: int, sure: float) -> None:
    assert choose_thresholds(RIGHT + predicted(wrong, 1, 20, 0.95), USD_VALUES)[0] == pytest.approx(sure)


def test_the_weight_of_a_mistake_counts_not_their_number() -> None:
    assert choose_thresholds(RIGHT + predicted(30, 1, 20, 0.95, 0.1), USD_VALUES)[0] == pytest.approx(0.9)
    assert choose_thresholds(RIGHT + predicted(1, 1, 20, 0.95, 6.0), USD_VALUES)[0] == pytest.approx(0.951)


@pytest.mark.parametrize(("given", "sure"), [(2, 0.9), (3, 0.951)])
def test_at_most_one_image_in_a_hundred_without_a_note_is_given_a_value(given: int, sure: float) -> None:
    empty = predicted(given, 1, None, 0.95) + predicted(200 - given, None, None, 0.9)
    assert choose_thresholds(RIGHT + empty, USD_VALUES)[0] == pytest.approx(sure)


def test_a_mistake_below_the_threshold_of_its_own_value_is_not_said() -> None:
    """A wrong 100 asks for more than a wrong 1 does, so the common threshold need not rise for it."""
    assert choose_thresholds(RIGHT + predicted(6, 100, 20, 0.95), USD_VALUES)[0] == pytest.approx(0.9)


@pytest.mark.parametrize(("count", "sure"), [(40, 0.95), (249, 0.95), (250, 0.9)])
def test_a_few_notes_do_not_show_that_one_in_250_is_read_wrongly(count: int, sure: float) -> None:
    """However right all of them are."""
    given = predicted(count, 20, 20, 0.999) + predicted(400, None, None, 0.99)
    assert choose_thresholds(given, USD_VALUES)[0] == pytest.approx(sure)


def test_of_a_side_that_is_not_told_the_value_alone_is_judged() -> None:
    """A network that is sure of the front is no less right where nobody knows the side."""
    front = np.full(len(LABELS), 0.1 / (len(LABELS) - 1), np.float32)
    front[4] = 0.9
    either = [replace(example(front, 5), other_valid_labels=(4,))] * 300
    assert fit_weights(either).alone == fit_weights([example(front, 4)] * 300).alone
    assert fit_weights(either).alone > 3 * fit_weights([example(front, 5)] * 300).alone
    (one, *_) = predictions(either, LookWeights(1.0, 1.0, 0.0), LABELS)
    assert (one.value, one.true_value) == (LABELS[4].value, LABELS[4].value)


def test_notes_that_are_missed_are_no_mistakes() -> None:
    assert choose_thresholds(RIGHT + predicted(100, None, 20, 0.99), USD_VALUES)[0] == pytest.approx(0.9)


@pytest.mark.parametrize("hopeless", [predicted(50, 1, 20, 1.0), predicted(50, 1, None, 1.0)])
def test_a_hopeless_mistake_does_not_silence_the_app(hopeless: list[Prediction]) -> None:
    sure, _, by_value = choose_thresholds(hopeless, USD_VALUES)
    assert sure == pytest.approx(0.98)
    assert max(by_value.values()) < 1


@pytest.mark.parametrize("given", [[], RIGHT, RIGHT + predicted(9, 5, 20, 0.97), predicted(9, 1, 20, 1.0)])
def test_thresholds_are_those_that_a_bundle_may_have(given: list[Prediction]) -> None:
    sure, maybe, by_value = choose_thresholds(given, USD_VALUES)
    assert 0.5 < maybe < 0.8 <= sure <= 0.98
    assert set(by_value) == set(USD_VALUES)
    assert all(sure <= least < 1 for least in by_value.values())


def test_the_threshold_grows_with_the_value() -> None:
    thresholds = [sure_of(0.9, value, USD_VALUES) for value in USD_VALUES]
    assert thresholds[0] == pytest.approx(0.9)
    assert thresholds == sorted(thresholds)
    assert len(set(thresholds)) == len(thresholds)


def test_a_wrong_value_costs_the_same_in_expectation_whichever_it_is() -> None:
    """Saying 100 for 1 costs three times as much as saying 1 for 100, so it may be wrong a third as often."""
    assert 1 - sure_of(0.9, 100, USD_VALUES) == pytest.approx(0.1 / 3, abs=1e-4)
    assert 1 - sure_of(0.9, 10, USD_VALUES) == pytest.approx(0.1 / 2, abs=1e-4)
    assert sure_of(0.9, 1000, (100, 1000)) == sure_of(0.9, 10, (1, 10)), "in any currency"
