"""Probabilities that mean what they say, and thresholds above every wrong answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from observations import BUNDLE, seen

from currency_app.events import Observation
from currency_app.identify import Identified
from currency_app.reading import calibrated
from training.calibrate import choose_thresholds, fit_temperature
from training.dataset.manifest import LabelledImage
from training.evaluate import Judged

NAMES = [label.name for label in BUNDLE.labels]


def image(name: str, source: str = "me") -> LabelledImage:
    return LabelledImage(Path("a.png"), "photo", source, name, "val", None, "single")


def answered(probabilities: np.ndarray, name: str, source: str = "me") -> Judged:
    observation = seen(0, {20: 0.9})
    observation.probabilities[:] = probabilities
    return Judged(image(name, source), Identified(observation, False, None), (64, 48))


def honest(count: int, seed: int, source: str = "me") -> list[tuple[np.ndarray, str, str]]:
    """Answers whose probabilities are true: the right class is drawn by them."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2.5, (count, len(NAMES)))
    powers = np.exp(logits)
    chances = powers / powers.sum(axis=1, keepdims=True)
    return [(row.astype(np.float32), NAMES[rng.choice(len(NAMES), p=row)], source) for row in chances]


@pytest.mark.parametrize("overconfident", [0.5, 1.0, 2.0])
def test_a_known_temperature_is_recovered(overconfident: float) -> None:
    """A network that is too sure of itself by a factor of its logits needs that factor as its temperature."""
    given = [answered(calibrated(row, 1 / overconfident), name, source) for row, name, source in honest(600, seed=1)]
    assert fit_temperature(given, NAMES, 1.0) == pytest.approx(overconfident, rel=0.12)


@pytest.mark.parametrize("now", [0.7, 2.5])
def test_the_temperature_that_a_bundle_has_by_now_does_not_matter(now: float) -> None:
    raw = [(calibrated(row, 1 / 1.6), name) for row, name, _ in honest(500, seed=2)]
    at_one = fit_temperature([answered(row, name) for row, name in raw], NAMES, 1.0)
    later = fit_temperature([answered(calibrated(row, now), name) for row, name in raw], NAMES, now)
    assert later == pytest.approx(at_one, rel=0.05)
    assert at_one == pytest.approx(1.6, rel=0.12)


def test_every_source_counts_the_same() -> None:
    """Two hundred frames of one note say no more than forty of another."""
    sharp = [answered(calibrated(row, 1 / 3.0), name, "many") for row, name, _ in honest(200, seed=3)]
    mild = [answered(row, name, "few") for row, name, _ in honest(40, seed=4)]
    together = fit_temperature(sharp + mild, NAMES, 1.0)
    assert fit_temperature(mild, NAMES, 1.0) < together
    assert together < fit_temperature(sharp, NAMES, 1.0)
    assert fit_temperature(sharp + mild[:1] * 60, NAMES, 1.0) == pytest.approx(
        fit_temperature(sharp + mild[:1], NAMES, 1.0)
    )


def test_money_that_the_bundle_does_not_know_counts_as_background() -> None:
    background = np.zeros(len(NAMES), np.float32)
    background[-1] = 1
    sure_of_none = calibrated(background, 6.0)
    for name in ("background", "eur_20_front", "chair"):
        low = fit_temperature([answered(sure_of_none, name)] * 5, NAMES, 1.0)
        assert low < 0.5, "surer is better, for it was right"
    assert fit_temperature([answered(sure_of_none, "usd_20_front")] * 5, NAMES, 1.0) > 2


def said(chances: dict[int, float], name: str) -> Judged:
    observation: Observation = seen(0, chances)
    return Judged(image(name), Identified(observation, False, None), (64, 48))


@pytest.mark.parametrize("wrong", [0.55, 0.85, 0.93, 0.97])
def test_nothing_judged_is_spoken_wrongly(wrong: float) -> None:
    judged = [said({20: 0.99}, "usd_20_front"), said({5: wrong}, "usd_20_front"), said({5: 0.6}, "usd_1_back")]
    sure, maybe = choose_thresholds(judged, "usd")
    assert wrong < sure <= 0.995
    assert 0.5 < maybe < sure


def test_a_value_where_none_is_counts_as_wrong() -> None:
    for name in ("background", "eur_20_front"):
        sure, _ = choose_thresholds([said({20: 0.97}, name)], "usd")
        assert sure > 0.97


def test_without_mistakes_the_threshold_is_still_high() -> None:
    right = [said({20: 0.999}, "usd_20_back"), said({5: 0.01}, "background")]
    for judged in (right, []):
        sure, maybe = choose_thresholds(judged, "usd")
        assert sure >= 0.9
        assert 0.5 < maybe < sure


def test_a_hopeless_mistake_does_not_silence_the_app() -> None:
    sure, _ = choose_thresholds([said({5: 1.0}, "usd_20_front")], "usd")
    assert sure <= 0.995
