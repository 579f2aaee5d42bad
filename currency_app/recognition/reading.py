"""From a network's probabilities to one answer: calibrated, all looks pooled, both sides summed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from currency_app.arrays import Corners, Floats, Image
from currency_app.events import Observation
from currency_app.recognition.bundle import Bundle, NoteLabel
from currency_app.recognition.corners import share_in_frame
from currency_app.recognition.quality import is_legible
from currency_app.recognition.second_look import note_homography

_MIN_PROBABILITY = 1e-12
"""Stands in for a probability of 0, whose logarithm is infinite."""
_BACKGROUND_OUTWEIGHS = 0.5
"""Probability of the background from which it is more likely than all values summed up, and so there is no note."""

_MIN_UNKNOWN_IN_VIEW = 0.75
"""Share of a note in view, 0..1, as the network estimates it, from which there is one though it has no value: of the
pictures of `val` and `test` without any note one in a hundred reaches it, of those with a whole note nine in ten."""
_MIN_LEGIBLE = 0.94
"""Probability, 0..1, that each closer look at a legible note must give its value: in such a note all of it can be seen.
Of 448 right and sure readings of legible notes of `val` and `train` 4 have less in one of three looks; of the drawn
notes with another value's numerals that are sure if the looks are put together, all have."""


@dataclass(frozen=True)
class Reading:
    """The answer for one frame."""

    value: int | None
    """The most likely value in units of the currency; None if there is no note."""
    side: str | None
    """The likelier side of that value, "front" or "back"; None without a value or if its label names no side."""
    confidence: float
    """Probability, 0..1, of that value on either side; without a value, of the background."""


def calibrated(probabilities: Floats, temperature: float) -> Floats:
    """Return softmax outputs, [labels], as if their logits had been divided by the temperature.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.
    """
    return pooled([probabilities], [1 / temperature])


def pooled(looks: Sequence[Floats], weights: Sequence[float]) -> Floats:
    """Return several looks' softmax outputs as one: the normalised product of each to the power of its weight.

    With one look, this logarithmic opinion pool is temperature scaling. The weights need not sum to 1, for looks at one
    note are not independent. Hinton, "Products of Experts", ICANN 1999.

    Args:
        looks: softmax outputs, [labels] each.
        weights: one for each look, 0 or more.

    Returns:
        float32 [labels], sums to 1.
    """
    if len(looks) != len(weights):
        raise ValueError("pooled needs a weight for each look")
    logs = np.asarray(weights, np.float64) @ np.log(np.maximum(np.asarray(looks, np.float64), _MIN_PROBABILITY))
    powers = np.exp(logs - logs.max())
    return np.asarray(powers / powers.sum(), np.float32)


def pooled_looks(first: Floats, closer: Sequence[Floats], first_weight: float, closer_weight: float) -> Floats:
    """Return a first look and one or more closer ones as one. The closer ones share their weight equally.

    first, closer: softmax outputs, [labels] each.
    """
    return pooled([first, *closer], [first_weight, *[closer_weight / len(closer)] * len(closer)])


def calibrated_looks(first: Floats, closer: Sequence[Floats], bundle: Bundle) -> Floats:
    """Return a first look and any closer ones as one, calibrated as the bundle says.

    first, closer: softmax outputs, [labels] each. Without a closer look the bundle's temperature applies, with one the
    weights of its second look.
    """
    rule = bundle.second_look
    if rule is None or not closer:
        return calibrated(first, bundle.temperature)
    return pooled_looks(first, closer, rule.first_weight, rule.closer_weight)


def read_value(probabilities: Floats, labels: tuple[NoteLabel, ...]) -> Reading:
    """Return the most likely value, both sides summed up; no value if the background outweighs all of them.

    probabilities: [labels], calibrated, in the order of the labels.
    """
    background = float(sum(p for p, label in zip(probabilities, labels, strict=True) if label.value is None))
    if background >= _BACKGROUND_OUTWEIGHS:
        return Reading(None, None, background)
    by_value: dict[int, float] = {}
    for probability, label in zip(probabilities, labels, strict=True):
        if label.value is not None:
            by_value[label.value] = by_value.get(label.value, 0.0) + float(probability)
    value = max(by_value, key=by_value.__getitem__)
    sides = [(float(p), label.side) for p, label in zip(probabilities, labels, strict=True) if label.value == value]
    return Reading(value, max(sides, key=lambda item: item[0])[1], min(by_value[value], 1.0))


def is_doubted(image: Image, seen: Observation, closer: Sequence[Floats], labels: tuple[NoteLabel, ...]) -> bool:
    """Whether a closer look at a legible note speaks against the value that all give together.

    image: the picture, uint8 [h, w, channels]. seen: what all looks show, put together. closer: softmax outputs,
    [labels] each, uncalibrated, in the order of the labels.
    """
    if seen.value is None or seen.corners is None:
        return False
    own = [number for number, label in enumerate(labels) if label.value == seen.value]
    doubted = any(float(look[own].sum()) < _MIN_LEGIBLE for look in closer)
    return doubted and is_legible(image, seen.corners, seen.sharpness)


def note_in_view(estimate: float, corners: Corners, bundle: Bundle) -> float:
    """Return the share of a note in view, 0..1; 1 if the bundle does not locate notes.

    The network's own estimate and that of its corners both run high for a half-visible note, so take the lower.
    estimate: the network's. corners: float32 [4, 2], fractions of the frame.
    """
    return min(estimate, share_in_frame(corners)) if bundle.locates else 1.0


def shows_note(reading: Reading, in_view: float, corners: Corners, bundle: Bundle) -> bool:
    """Whether there is a banknote: with a value, or without, as of a design or currency that was not learnt.

    in_view: the network's estimate. corners: float32 [4, 2], fractions of the frame, where it found the note.
    """
    if reading.value is not None:
        return True
    rule = bundle.second_look
    if rule is None or not (bundle.locates and bundle.locates_unknown) or in_view < _MIN_UNKNOWN_IN_VIEW:
        return False
    return note_homography(corners, rule.margin) is not None
