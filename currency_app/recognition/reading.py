"""From a network's probabilities to one answer: calibrated, both looks taken together, sides summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from currency_app.arrays import Floats
from currency_app.recognition.bundle import Bundle, NoteLabel


@dataclass(frozen=True)
class Reading:
    """The answer for one frame: see Observation."""

    value: int | None
    side: str | None
    confidence: float


def calibrated(probabilities: Floats, temperature: float) -> Floats:
    """Softmax outputs [labels] as if their logits had been divided by the temperature.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    return pooled([probabilities], [1 / temperature])


def pooled(looks: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Several looks' softmax outputs [labels] as one: the normalised product of each to the power of its weight.

    This logarithmic opinion pool is temperature scaling where there is one look; the weights need not sum to 1, for
    looks at one note are not independent. Hinton, "Products of Experts", ICANN 1999.
    """
    logs = [np.log(np.maximum(look.astype(np.float64), 1e-12)) * w for look, w in zip(looks, weights, strict=True)]
    powers = np.exp(sum(logs) - np.max(sum(logs)))
    return np.asarray(powers / powers.sum(), np.float32)


def pooled_looks(first: Floats, closer: Sequence[Floats], first_weight: float, closer_weight: float) -> Floats:
    """A first look and one or more closer ones, softmax outputs [labels] each; the closer ones share their weight."""
    return pooled([first, *closer], [first_weight, *[closer_weight / len(closer)] * len(closer)])


def calibrated_looks(first: Floats, closer: Sequence[Floats], bundle: Bundle) -> Floats:
    """A first look and any closer ones, softmax outputs [labels] each, as one, calibrated as the bundle says."""
    rule = bundle.second_look
    if rule is None or not closer:
        return calibrated(first, bundle.temperature)
    return pooled_looks(first, closer, rule.first, rule.second)


def read_value(probabilities: Floats, labels: tuple[NoteLabel, ...]) -> Reading:
    """The most likely value, both sides together; none where the background outweighs all values."""
    background = float(sum(p for p, label in zip(probabilities, labels, strict=True) if label.value is None))
    if background >= 0.5:
        return Reading(None, None, background)
    by_value: dict[int, float] = {}
    for probability, label in zip(probabilities, labels, strict=True):
        if label.value is not None:
            by_value[label.value] = by_value.get(label.value, 0.0) + float(probability)
    value = max(by_value, key=by_value.__getitem__)
    sides = [(float(p), label.side) for p, label in zip(probabilities, labels, strict=True) if label.value == value]
    return Reading(value, max(sides, key=lambda item: item[0])[1], min(by_value[value], 1.0))
