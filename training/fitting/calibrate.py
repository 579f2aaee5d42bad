"""Makes probabilities mean what they say, and sets the thresholds for speaking.

Fitted on answers to real photographs that the network which gave them has not learnt from: `val`, and each fold of the
training images by a network that was trained without it. A source's images show few notes and one room, so every source
counts the same, however many images it has.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from currency_app.recognition.bundle import NoteLabel
from currency_app.recognition.reading import pooled, pooled_looks, read_value
from currency_app.recognition.recognizer import Looks

_LEAST_SURE, _MOST_SURE, _MAYBE = 0.90, 0.98, 0.7
_MOST_WRONG_SHARE = 1 / 250
_LEAST_SURE_OF_FEW = 0.95
_FEW = 10
_MOST_GIVEN_WITHOUT_NOTE = 0.01


@dataclass(frozen=True, eq=False)
class Answered:
    """What a network gave for one photograph.

    source: whose it is. truth: the right label's place in the bundle. note: whether that label is a note's.
    also: places of further labels that are as right, where nobody has told which side is seen.
    """

    source: str
    truth: int
    note: bool
    looks: Looks
    also: tuple[int, ...] = ()


@dataclass(frozen=True)
class Weights:
    """What turns looks into probabilities: see `pooled`. alone: of a first look that no second one followed."""

    alone: float
    first: float
    second: float

    def probabilities(self, looks: Looks) -> npt.NDArray[np.float32]:
        """float32 [labels], sums to 1."""
        if not looks.closer:
            return pooled([looks.first], [self.alone])
        return pooled_looks(looks.first, looks.closer, self.first, self.second)


@dataclass(frozen=True)
class Said:
    """An answer to judge. value, true_value: None without a note. confidence: 0..1, of that value. weight: of it."""

    value: int | None
    true_value: int | None
    confidence: float
    weight: float


def fit_weights(answered: Sequence[Answered]) -> Weights:
    """The weights, from a grid, with the least negative log-likelihood; every source counts the same.

    With one look this is the temperature scaling of Guo et al., "On Calibration of Modern Neural Networks", ICML 2017,
    temperature = 1 / alone; with two, each has its own. Without answers, all are as a bundle has them at first.
    """
    if not answered:
        return Weights(1.0, 0.5, 0.5)
    weight = source_weights(answered)
    right = np.zeros((len(answered), len(answered[0].looks.first)), bool)
    for row, item in enumerate(answered):
        right[row, [item.truth, *item.also]] = True
    first = np.array([_logs(item.looks.first) for item in answered])
    twice = np.array([bool(item.looks.closer) for item in answered], bool)
    second = np.array(
        [np.mean([_logs(look) for look in item.looks.closer], axis=0) for item in answered if item.looks.closer]
    )
    alone = min(1 / np.geomspace(0.3, 4, 120), key=lambda w: _loss(w * first, right, weight))
    if not twice.any():
        return Weights(round(float(alone), 3), round(float(alone), 3), 0.0)
    pairs = [(a, b) for a in np.linspace(0, 2, 41) for b in np.linspace(0, 2, 41) if a + b > 0]
    first, right, weight = first[twice], right[twice], weight[twice]
    best = min(pairs, key=lambda pair: _loss(pair[0] * first + pair[1] * second, right, weight))
    return Weights(round(float(alone), 3), round(float(best[0]), 3), round(float(best[1]), 3))


def said(answered: Sequence[Answered], weights: Weights, labels: tuple[NoteLabel, ...]) -> list[Said]:
    """What would be said of each photograph, calibrated."""
    found = []
    for item, weight in zip(answered, source_weights(answered), strict=True):
        reading = read_value(weights.probabilities(item.looks), labels)
        found.append(Said(reading.value, labels[item.truth].value, reading.confidence, float(weight)))
    return found


def choose_thresholds(answers: Sequence[Said], values: Sequence[int]) -> tuple[float, float, dict[int, float]]:
    """Thresholds (sure, maybe, sure by value).

    sure: the least, from 0.9 to 0.98, from which on at most one value given in 250 is wrong and at most one image in a
    hundred without a note is given one; beyond 0.98 the tracker could never be sure of the highest values. Where there
    are fewer than 250 notes it is 0.95 at least: that none of a few was read wrongly does not show that one in 250 will
    be. A handful of images of a value could not tell more, so those by value follow from what a wrong one costs. maybe:
    an answer more likely right than all others together, by a clear margin.
    """
    few = sum(item.true_value is not None for item in answers) * _MOST_WRONG_SHARE < 1
    for step in range(round((_LEAST_SURE_OF_FEW if few else _LEAST_SURE) * 1000), round(_MOST_SURE * 1000) + 1):
        sure = step / 1000
        by_value = {value: sure_of(sure, value, values) for value in values}
        if _safe(answers, by_value):
            break
    return sure, _MAYBE, by_value


def sure_of(sure: float, value: int, values: Sequence[int]) -> float:
    """The threshold of a value, such that a wrong one costs no more in expectation than one of the least value does.

    Saying v for a note of u is taken to cost 1 + log10(v / u) where v is more, else 1: saying 100 for 1 costs most,
    three times as much as saying 1 for 100. All that is not v is taken to be the least value.
    """
    return round(1 - (1 - sure) / (1 + math.log10(value / min(values))), 4)


def source_weights(answered: Sequence[Answered]) -> npt.NDArray[np.float64]:
    """Weights [n] that sum to 1: half for photographs of notes, half for those without, in each every source the same.

    Sources of a few images count as one together.
    """
    images_of = Counter((item.note, item.source) for item in answered)
    groups = [(item.note, item.source if images_of[item.note, item.source] >= _FEW else "") for item in answered]
    sizes = Counter(groups)
    of_kind = Counter(note for note, _ in sizes)
    return np.array([1 / (len(of_kind) * of_kind[group[0]] * sizes[group]) for group in groups])


def _safe(answers: Sequence[Said], by_value: dict[int, float]) -> bool:
    given = [item for item in answers if item.value is not None and item.confidence >= by_value[item.value]]
    without = [item for item in answers if item.true_value is None]
    wrong = sum(item.weight for item in given if item.true_value not in (None, item.value))
    all_given = sum(item.weight for item in given if item.true_value is not None)
    given_without = sum(item.weight for item in given if item.true_value is None)
    return wrong <= _MOST_WRONG_SHARE * all_given and given_without <= _MOST_GIVEN_WITHOUT_NOTE * sum(
        item.weight for item in without
    )


def _logs(probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    return np.log(np.maximum(probabilities.astype(np.float64), 1e-12))


def _loss(
    logits: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], weight: npt.NDArray[np.float64]
) -> np.floating:
    """Mean negative log-likelihood. right: [n, labels], the labels that are right answers, at least one of each row."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    share = (powers * right).sum(axis=1) / powers.sum(axis=1)
    likelihood = np.log(np.maximum(share, 1e-300))
    return -(np.maximum(likelihood, np.log(1e-9)) * weight).sum()
