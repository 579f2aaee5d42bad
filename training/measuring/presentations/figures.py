"""Sums up how presentations went: what the user would have heard, in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.measuring.presentations.outcome import Outcome


@dataclass(frozen=True)
class KindFigures:
    """Figures of all presentations of one kind. `Outcome` says more of each."""

    kind: str
    """What they are made of, as it is printed."""
    presentations: int
    """How many there were."""
    notes: int
    """How many notes were shown."""
    wrong: int
    """How many values were said as sure that were not shown."""
    missed: int
    """How many notes were readable and their value not said."""
    twice: int
    """How often a note's value was said again."""
    maybes: int
    """How many doubtful values were said."""
    wrong_maybes: int
    """How many of the doubtful values were not shown."""
    delay_median_s: float
    """Median of the seconds from readable to said; nan if nothing was said."""
    delay_p95_s: float
    """95th percentile of the seconds from readable to said; nan if nothing was said."""
    hints_each: float
    """Mean number of hints in a presentation."""
    contradictions: int
    """How many hints were taken back at once by their opposite."""
    wrong_where: tuple[str, ...]
    """The presentation and moment of each wrong value."""

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --presentations --json` writes."""
        rounded = {"delay_median_s": 3, "delay_p95_s": 3, "hints_each": 2}
        found: dict[str, Any] = {}
        for name, value in vars(self).items():
            if name in rounded:
                found[name] = None if math.isnan(value) else round(value, rounded[name])
            else:
                found[name] = list(value) if isinstance(value, tuple) else value
        return found

    def as_text(self) -> str:
        """Return one line of the table whose first line is `TABLE_HEAD`."""
        delays = "-            -" if math.isnan(self.delay_median_s) else (
            f"{self.delay_median_s:5.2f} s {self.delay_p95_s:8.2f} s"
        )  # fmt: skip
        return (
            f"{self.kind:34} {self.notes:5} {self.wrong:6} {self.missed:6} {self.twice:6} {self.wrong_maybes:12} "
            f"{delays:>17} {self.hints_each:9.2f} {self.contradictions:9}"
        )


TABLE_HEAD = f"{'presentations of':34} notes  wrong missed  twice wrong maybes  delay p50     p95 hints each contradict"
"""First line of the table of `KindFigures`."""


@dataclass(frozen=True)
class NoNoteFigures:
    """Figures of time without a note."""

    hours: float
    """How long it was."""
    scenes: int
    """How many different rooms and look-alikes were shown."""
    false_values: int
    """How many values were said as sure."""
    false_maybes: int
    """How many doubtful values were said."""
    where: tuple[str, ...]
    """The presentation and moment of each value said as sure."""

    @property
    def per_hour(self) -> float:
        """False values an hour; nan without any time."""
        return self.false_values / self.hours if self.hours else math.nan

    @property
    def per_hour_at_most(self) -> float:
        """One-sided 95 % upper bound of that rate; nan without any time."""
        return poisson_at_most(self.false_values) / self.hours if self.hours else math.nan

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --presentations --json` writes."""
        return {
            "hours": round(self.hours, 3),
            "scenes": self.scenes,
            "false_values": self.false_values,
            "false_maybes": self.false_maybes,
            "per_hour": round(self.per_hour, 4),
            "per_hour_at_most": round(self.per_hour_at_most, 4),
            "where": list(self.where),
        }

    def as_text(self) -> str:
        """Return one line to read."""
        return (
            f"Without a note: {self.false_values} false values and {self.false_maybes} false maybes in "
            f"{self.hours:.1f} hours of {self.scenes} scenes: {self.per_hour:.2f} values an hour, "
            f"at most {self.per_hour_at_most:.2f} (95 %)"
        )


def kind_figures(kind: str, outcomes: Sequence[Outcome]) -> KindFigures:
    """Return the figures of presentations of one kind."""
    delays = [delay for outcome in outcomes for delay in outcome.delays]
    return KindFigures(
        kind=kind,
        presentations=len(outcomes),
        notes=sum(outcome.notes for outcome in outcomes),
        wrong=sum(len(outcome.wrong) for outcome in outcomes),
        missed=sum(outcome.missed for outcome in outcomes),
        twice=sum(outcome.twice for outcome in outcomes),
        maybes=sum(outcome.maybes for outcome in outcomes),
        wrong_maybes=sum(outcome.wrong_maybes for outcome in outcomes),
        delay_median_s=float(np.median(delays)) if delays else math.nan,
        delay_p95_s=float(np.percentile(delays, 95)) if delays else math.nan,
        hints_each=sum(len(outcome.hints) for outcome in outcomes) / max(len(outcomes), 1),
        contradictions=sum(outcome.contradictions for outcome in outcomes),
        wrong_where=tuple(f"{outcome.name}: {what}" for outcome in outcomes for what in outcome.wrong),
    )


def no_note_figures(outcomes: Sequence[Outcome], scenes: int) -> NoNoteFigures:
    """Return the figures of presentations that show no note. scenes: how many different ones there are."""
    return NoNoteFigures(
        hours=sum(outcome.seconds for outcome in outcomes) / 3600,
        scenes=scenes,
        false_values=sum(len(outcome.wrong) for outcome in outcomes),
        false_maybes=sum(outcome.wrong_maybes for outcome in outcomes),
        where=tuple(f"{outcome.name}: {what}" for outcome in outcomes for what in outcome.wrong),
    )


def poisson_at_most(count: int) -> float:
    """Return the one-sided 95 % upper bound of a Poisson mean of which this count was seen.

    Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28, 1936.
    """
    low, high = float(count), count + 20 + 6 * math.sqrt(count + 1)
    for _ in range(60):
        mean = (low + high) / 2
        below = sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))
        low, high = (mean, high) if below > 0.05 else (low, mean)
    return high
