"""Makes probabilities mean what they say, and sets the thresholds for speaking.

Temperature scaling: Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from currency_app.recognizer import calibrated
from training.dataset.labels import BACKGROUND
from training.evaluate import Judged

_LEAST_SURE, _MARGIN = 0.90, 0.25


def fit_temperature(judged: Sequence[Judged], label_names: Sequence[str], temperature_now: float) -> float:
    """The temperature, 0.3 to 4, with the least negative log-likelihood; every source counts the same.

    judged: answers given at temperature_now. label_names: the bundle's labels in their order.
    """
    answers = np.array([_answer(item, label_names) for item in judged])
    raw = np.array([calibrated(item.found.observation.probabilities, 1 / temperature_now) for item in judged])
    weights = _source_weights(judged)
    candidates = np.geomspace(0.3, 4, 120)
    losses = [_loss(raw, answers, weights, float(candidate)) for candidate in candidates]
    return round(float(candidates[int(np.argmin(losses))]), 3)


def choose_thresholds(judged: Sequence[Judged], currency: str) -> tuple[float, float]:
    """Thresholds (sure, maybe) at which nothing judged is spoken wrongly, but for wrong answers surer than 0.995.

    Wrong answers on a few hundred images come from few notes, so the threshold is set three quarters of the way from
    the most confident wrong answer to certainty, from 0.9 to 0.995. "maybe" is said where an answer is more likely
    right than all others together, by a clear margin.
    """
    wrong = [
        item.found.observation.confidence
        for item in judged
        if item.found.observation.value is not None and item.found.observation.value != item.true_value(currency)
    ]
    highest = max(wrong, default=0.0)
    sure = max(_LEAST_SURE, 1 - (1 - highest) * _MARGIN)
    return round(min(sure, 0.995), 4), 0.7


def _answer(item: Judged, label_names: Sequence[str]) -> int:
    name = item.image.class_name
    return label_names.index(name if name in label_names else BACKGROUND)


def _source_weights(judged: Sequence[Judged]) -> npt.NDArray[np.float64]:
    sizes = Counter(item.image.source for item in judged)
    return np.array([1 / sizes[item.image.source] for item in judged])


def _loss(
    raw: npt.NDArray[np.float32], answers: npt.NDArray[np.intp], weights: npt.NDArray[np.float64], temperature: float
) -> float:
    likelihood = [calibrated(row, temperature)[answer] for row, answer in zip(raw, answers, strict=True)]
    return float(-(np.log(np.maximum(likelihood, 1e-9)) * weights).sum() / weights.sum())
