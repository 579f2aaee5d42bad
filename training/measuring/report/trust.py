"""The page's part on confidence: what a threshold costs, and how far a probability is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from training.measuring.report.cases import Case, notes
from training.measuring.report.measures import (
    ConfidenceBin,
    OperatingPoint,
    at_threshold,
    calibration_error,
    own_operating_point,
    reliability,
    risk_coverage,
)
from training.measuring.report.plots import reliability_plot, risk_coverage_plot
from training.measuring.report.tags import figure, paragraph, percent, table

_THRESHOLDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""Thresholds of confidence of which the page says what they cost."""


def trust(cases: Sequence[Case]) -> Iterator[str]:
    """Yield the part on how far the confidence can be relied on, over readable notes and images without one."""
    yield "<h2>How far its confidence can be relied on</h2>"
    yield "<h3>Wrong values against values given</h3>"
    yield from _risk(cases)
    yield "<h3>Confidence against share right</h3>"
    yield from _calibration(cases)


def _risk(cases: Sequence[Case]) -> Iterator[str]:
    own = own_operating_point(cases)
    if own is None:
        yield paragraph("No image shows a note.")
        return
    yield paragraph(
        "As the least confidence falls at which a value is given, more notes are given one, and more of the values "
        "given are wrong. An image without a note that is given a value counts as wrong."
    )
    everything = risk_coverage(cases)
    curves = {"notes and images without one": everything, "notes only": risk_coverage(notes(cases))}
    least = everything[-1] if everything else at_threshold(everything, 0.0)
    caption = (
        f"This bundle's thresholds give {percent(own.coverage)} of the notes a value, and {own.wrong} of {own.spoken} "
        f"values given are wrong, {percent(own.risk)}. Without any threshold {percent(least.coverage)} would be given "
        f"one, and {percent(least.risk)} of the values would be wrong."
    )
    rows = [_row("this bundle's", own)]
    rows += [_row(f"{threshold:g}", at_threshold(everything, threshold)) for threshold in _THRESHOLDS]
    heads = ["least confidence", "notes given a value", "values given", "wrong", "wrong share"]
    yield figure(risk_coverage_plot(curves, own), caption, table("What a threshold costs", heads, rows))


def _row(name: str, point: OperatingPoint) -> list[str]:
    return [name, percent(point.coverage), str(point.spoken), str(point.wrong), percent(point.risk)]


def _calibration(cases: Sequence[Case]) -> Iterator[str]:
    bins = reliability([case.seen.confidence for case in cases], [case.right for case in cases])
    error = calibration_error(bins)
    yield paragraph(
        f"The expected calibration error is {error:.4f} over {len(cases)} images with and without a note, in "
        f"{len(bins)} bins of equal width (Guo et al., 2017): so far, on average, confidence lies from the share right."
    )
    filled = [one for one in bins if one.n]
    caption = f"Share right by confidence, in {len(filled)} bins that hold answers: " + "; ".join(
        f"{one.confidence:.2f} confident, {percent(one.right)} of {one.n} right" for one in filled
    )
    heads = ["confidence", "n", "mean confidence", "right"]
    yield figure(reliability_plot(bins), f"{caption}.", table("Reliability", heads, [_bin_row(one) for one in bins]))


def _bin_row(one: ConfidenceBin) -> list[str]:
    filled = [f"{one.confidence:.3f}", percent(one.right)] if one.n else ["-", "-"]
    return [f"{one.low:.2f} to {one.high:.2f}", str(one.n), *filled]
