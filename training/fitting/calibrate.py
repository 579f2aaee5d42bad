"""Calibrate probabilities, so that they mean what they say, and choose the thresholds for speaking.

Both are fitted on predictions for real photographs that the network which made them has not learnt from: `val`, and
each fold of the training images by a network that was trained without it. The images of one source show few notes and
one room, so every source counts the same, however many images it has.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Floats
from currency_app.recognition.bundle import NoteLabel
from currency_app.recognition.reading import pooled, pooled_looks, read_value
from currency_app.recognition.still import Looks

_MIN_SURE = 0.90
"""Lowest threshold from which a value is spoken as sure, 0..1. Chosen by hand."""
_MAX_SURE = 0.98
"""Highest one: beyond it the tracker could never be sure of the highest values, whose thresholds are higher still."""
_MAYBE = 0.7
"""Threshold of a doubtful value, 0..1: more likely than all others by a clear margin. Chosen by hand."""
_MAX_WRONG_SHARE = 1 / 250
"""Wrong values among those spoken for notes, by weight. Chosen by hand."""
_MIN_SURE_OF_FEW = 0.95
"""Lowest threshold if there are too few notes, under 250, to show whether one in 250 is wrong. Chosen by hand."""
_FEW = 10
"""Sources with fewer images than this, of notes or without, count as one source. Chosen by hand."""
_MAX_SPOKEN_WITHOUT_NOTE = 0.01
"""Values spoken among the images without a note, by weight. Chosen by hand."""


@dataclass(frozen=True, eq=False)
class Example:
    """What a network predicted for one photograph, and what it should have."""

    source: str
    """Whose photograph it is."""
    label: int
    """Index of the right label among the bundle's."""
    has_note: bool
    """Whether that label is a note's, not the background."""
    looks: Looks
    """The network's outputs, before any calibration."""
    other_valid_labels: tuple[int, ...] = ()
    """Indexes of further labels that are as right, if the photograph's side is not labelled."""


@dataclass(frozen=True)
class LookWeights:
    """What turns looks into probabilities: the exponents of `currency_app.recognition.reading.pooled`."""

    alone: float
    """Of a first look that no closer one followed."""
    first: float
    """Of a first look that closer ones followed."""
    closer: float
    """Of all closer looks, which share it."""

    def probabilities(self, looks: Looks) -> Floats:
        """Return calibrated probabilities, float32 [labels], that sum to 1."""
        if not looks.closer:
            return pooled([looks.first], [self.alone])
        return pooled_looks(looks.first, looks.closer, self.first, self.closer)


@dataclass(frozen=True)
class Prediction:
    """What would be spoken of a photograph, if sure enough, beside what is true."""

    value: int | None
    """The most likely value; None for no note."""
    true_value: int | None
    """The right one; None without a note."""
    confidence: float
    """Calibrated probability of `value`, 0..1."""
    weight: float
    """How much the photograph counts, see `source_weights`."""


def fit_weights(examples: Sequence[Example]) -> LookWeights:
    """Return the weights, from a grid, with the lowest negative log-likelihood; every source counts the same.

    With one look this is the temperature scaling of Guo et al., "On Calibration of Modern Neural Networks", ICML 2017,
    temperature = 1 / alone. With more, the first and the closer ones have a weight each. Without examples, the weights
    are those of a bundle before any calibration.
    """
    if not examples:
        return LookWeights(1.0, 0.5, 0.5)
    weight = source_weights(examples)
    right = np.zeros((len(examples), len(examples[0].looks.first)), bool)
    for row, example in enumerate(examples):
        right[row, [example.label, *example.other_valid_labels]] = True
    first = np.array([_logs(example.looks.first) for example in examples])
    again = np.array([bool(example.looks.closer) for example in examples], bool)
    closer = np.array(
        [
            np.mean([_logs(look) for look in example.looks.closer], axis=0)
            for example in examples
            if example.looks.closer
        ]
    )
    alone = min(1 / np.geomspace(0.3, 4, 120), key=lambda w: _loss(w * first, right, weight))
    if not again.any():
        return LookWeights(round(float(alone), 3), round(float(alone), 3), 0.0)
    pairs = [(a, b) for a in np.linspace(0, 2, 41) for b in np.linspace(0, 2, 41) if a + b > 0]
    first, right, weight = first[again], right[again], weight[again]
    best = min(pairs, key=lambda pair: _loss(pair[0] * first + pair[1] * closer, right, weight))
    return LookWeights(round(float(alone), 3), round(float(best[0]), 3), round(float(best[1]), 3))


def predictions(examples: Sequence[Example], weights: LookWeights, labels: tuple[NoteLabel, ...]) -> list[Prediction]:
    """Return the calibrated prediction for each photograph. labels: the bundle's."""
    found = []
    for example, weight in zip(examples, source_weights(examples), strict=True):
        reading = read_value(weights.probabilities(example.looks), labels)
        found.append(Prediction(reading.value, labels[example.label].value, reading.confidence, float(weight)))
    return found


def choose_thresholds(found: Sequence[Prediction], values: Sequence[int]) -> tuple[float, float, dict[int, float]]:
    """Return the confidences, 0..1, from which values are spoken: (sure, maybe, sure by value).

    sure: the lowest, from 0.9 to 0.98, from which at most one spoken value in 250 is wrong, and at most one image in a
    hundred without a note has a value spoken. With fewer than 250 notes it is at least 0.95: that none of a few was
    read wrongly does not show that one in 250 will be.
    maybe: fixed, see `_MAYBE`.
    sure by value: those of `sure_of`, because the few images of each value are not enough to fit one on.

    values: of the bundle.
    """
    few = sum(item.true_value is not None for item in found) * _MAX_WRONG_SHARE < 1
    for step in range(round((_MIN_SURE_OF_FEW if few else _MIN_SURE) * 1000), round(_MAX_SURE * 1000) + 1):
        sure = step / 1000
        by_value = {value: sure_of(sure, value, values) for value in values}
        if _is_safe(found, by_value):
            break
    return sure, _MAYBE, by_value


def sure_of(sure: float, value: int, values: Sequence[int]) -> float:
    """Return the threshold of a value, 0..1, at which a mistake costs as much as for the lowest value.

    sure: the threshold of the lowest of the values. The expected cost is what is equal. Saying v for a note of u is
    taken to cost 1 + log10(v / u) if v is more, else 1: saying 100 for 1 costs most, three times as much as saying 1
    for 100. Whatever is not v is taken to be the lowest value.
    """
    return round(1 - (1 - sure) / (1 + math.log10(value / min(values))), 4)


def source_weights(examples: Sequence[Example]) -> npt.NDArray[np.float64]:
    """Return how much each example counts, float64 [n] that sum to 1.

    Half is for photographs of notes, half for those without. In each half every source counts the same, except that
    sources of under 10 images count as one source.
    """
    images_of = Counter((example.has_note, example.source) for example in examples)
    groups = [
        (example.has_note, example.source if images_of[example.has_note, example.source] >= _FEW else "")
        for example in examples
    ]
    sizes = Counter(groups)
    of_kind = Counter(has_note for has_note, _ in sizes)
    return np.array([1 / (len(of_kind) * of_kind[group[0]] * sizes[group]) for group in groups])


def _is_safe(found: Sequence[Prediction], by_value: dict[int, float]) -> bool:
    """Return whether few enough wrong values would be spoken with these thresholds by value."""
    spoken = [item for item in found if item.value is not None and item.confidence >= by_value[item.value]]
    without = [item for item in found if item.true_value is None]
    wrong = sum(item.weight for item in spoken if item.true_value not in (None, item.value))
    spoken_of_notes = sum(item.weight for item in spoken if item.true_value is not None)
    spoken_without = sum(item.weight for item in spoken if item.true_value is None)
    return wrong <= _MAX_WRONG_SHARE * spoken_of_notes and spoken_without <= _MAX_SPOKEN_WITHOUT_NOTE * sum(
        item.weight for item in without
    )


def _logs(probabilities: Floats) -> npt.NDArray[np.float64]:
    return np.log(np.maximum(probabilities.astype(np.float64), 1e-12))


def _loss(
    logits: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], weight: npt.NDArray[np.float64]
) -> np.floating:
    """Return the weighted mean negative log-likelihood of the right labels.

    logits: [n, labels]. right: [n, labels], the labels that are right, at least one in each row. weight: [n].
    """
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    share = (powers * right).sum(axis=1) / powers.sum(axis=1)
    likelihood = np.log(np.maximum(share, 1e-300))
    return -(np.maximum(likelihood, np.log(1e-9)) * weight).sum()
