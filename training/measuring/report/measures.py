"""Figures over measured images: intervals, what a threshold costs, whether confidence means what it says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.measuring.report.cases import Case, notes

RESAMPLES = 2000
"""How often the bootstrap draws the images anew. Chosen by hand."""
_SEED = 1
"""Makes the bootstrap repeatable."""


def bootstrap(values: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean of one or more values, each of one image, by the bootstrap.

    Percentiles of 2000 resamples of the images, with a fixed seed. Efron and Tibshirani, "An Introduction to the
    Bootstrap", 1993, chapter 13.
    """
    samples = np.asarray(values, np.float64)
    rng = np.random.default_rng(_SEED)
    means = [samples[rng.integers(len(samples), size=len(samples))].mean() for _ in range(RESAMPLES)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


@dataclass(frozen=True)
class OperatingPoint:
    """What one threshold of confidence leads to."""

    threshold: float
    """Least confidence, 0..1, at which a value is spoken; nan if values have thresholds of their own."""
    coverage: float
    """Share of the notes of which a value is spoken, 0..1."""
    risk: float
    """Share of the values spoken that are wrong, 0..1."""
    spoken: int
    """How many values are spoken."""
    wrong: int
    """How many of them are wrong."""


def risk_coverage(cases: Iterable[Case]) -> list[OperatingPoint]:
    """Return risk against coverage: a point for each confidence at which a value was read, the surest first.

    Coverage counts notes only; a value without a note counts as wrong. Empty without a note.
    El-Yaniv and Wiener, "On the Foundations of Noise-free Selective Classification", JMLR 11, 2010.
    """
    cases = list(cases)
    with_note = len(notes(cases))
    if not with_note:
        return []
    with_value = sorted((case for case in cases if case.seen.value is not None), key=lambda case: -case.seen.confidence)
    points: list[OperatingPoint] = []
    on_notes = wrong = 0
    for place, case in enumerate(with_value, start=1):
        on_notes += case.true is not None
        wrong += not case.right
        last_of_its_confidence = place == len(with_value) or with_value[place].seen.confidence < case.seen.confidence
        if last_of_its_confidence:
            points.append(OperatingPoint(case.seen.confidence, on_notes / with_note, wrong / place, place, wrong))
    return points


def at_threshold(points: Sequence[OperatingPoint], threshold: float) -> OperatingPoint:
    """Return the point of the curve at a threshold: the last that it lets through, or one without any value."""
    through = [point for point in points if point.threshold >= threshold]
    if not through:
        return OperatingPoint(threshold, 0.0, 0.0, 0, 0)
    last = through[-1]
    return OperatingPoint(threshold, last.coverage, last.risk, last.spoken, last.wrong)


def own_operating_point(cases: Iterable[Case]) -> OperatingPoint | None:
    """Return the point at which the bundle works, by what would be said; None without a note.

    It can lie off the curve, because values have thresholds of their own. Its threshold is nan.
    """
    cases = list(cases)
    with_note = notes(cases)
    if not with_note:
        return None
    spoken = sum(case.spoken for case in cases)
    wrong = sum(case.wrong for case in cases)
    coverage = sum(case.spoken for case in with_note) / len(with_note)
    return OperatingPoint(float("nan"), coverage, wrong / spoken if spoken else 0.0, spoken, wrong)


@dataclass(frozen=True)
class ConfidenceBin:
    """Answers of about one confidence."""

    low: float
    """Lower edge of the bin, 0..1; only the first bin holds it."""
    high: float
    """Upper edge of the bin, 0..1, which it holds."""
    n: int
    """How many answers it holds."""
    confidence: float
    """Mean confidence of its answers, 0..1; nan without any."""
    right: float
    """Share of its answers that are right, 0..1; nan without any."""


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 15) -> list[ConfidenceBin]:
    """Return the answers in bins of equal width by their confidence, 0..1.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, equations 1 and 2.
    """
    scores, hits = np.asarray(confidences, np.float64), np.asarray(right, np.float64)
    edges = np.linspace(0, 1, bins + 1)
    # A bin holds its upper edge, the first one its lower edge too.
    place = np.clip(np.searchsorted(edges, scores, side="left") - 1, 0, bins - 1)
    found = []
    for number in range(bins):
        inside = place == number
        n = int(inside.sum())
        means = (float(scores[inside].mean()), float(hits[inside].mean())) if n else (float("nan"), float("nan"))
        found.append(ConfidenceBin(float(edges[number]), float(edges[number + 1]), n, *means))
    return found


def calibration_error(bins: Iterable[ConfidenceBin]) -> float:
    """Return the expected calibration error, 0..1.

    The gap between confidence and share right, averaged over all answers.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, equation 3. 0 without answers.
    """
    filled = [one for one in bins if one.n]
    total = sum(one.n for one in filled)
    return sum(one.n * abs(one.right - one.confidence) for one in filled) / total if total else 0.0


def confusion(cases: Iterable[Case], values: Sequence[int | None]) -> npt.NDArray[np.int64]:
    """Return how many images of each true value were read as each value: int64 [values, values].

    Rows are true values, columns values read. values: all of them; None stands for no note.
    """
    place = {value: number for number, value in enumerate(values)}
    counts = np.zeros((len(values), len(values)), np.int64)
    for case in cases:
        counts[place[case.true], place[case.seen.value]] += 1
    return counts
