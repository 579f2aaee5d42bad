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
    """Presentations of one kind together. delay_*: seconds from readable to said, nan where none was said.

    See `Outcome` for the rest; wrong_where names the presentations of the wrong values.
    """

    kind: str
    presentations: int
    notes: int
    wrong: int
    missed: int
    twice: int
    maybes: int
    wrong_maybes: int
    delay_median_s: float
    delay_p95_s: float
    hints_each: float
    contradictions: int
    wrong_where: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As `currency-train evaluate --presentations --json` writes it."""
        rounded = {"delay_median_s": 3, "delay_p95_s": 3, "hints_each": 2}
        found: dict[str, Any] = {}
        for name, value in vars(self).items():
            if name in rounded:
                found[name] = None if math.isnan(value) else round(value, rounded[name])
            else:
                found[name] = list(value) if isinstance(value, tuple) else value
        return found

    def as_text(self) -> str:
        """One line of the table that `TABLE_HEAD` heads."""
        delays = "-            -" if math.isnan(self.delay_median_s) else (
            f"{self.delay_median_s:5.2f} s {self.delay_p95_s:8.2f} s"
        )  # fmt: skip
        return (
            f"{self.kind:34} {self.notes:5} {self.wrong:6} {self.missed:6} {self.twice:6} {self.wrong_maybes:12} "
            f"{delays:>17} {self.hints_each:9.2f} {self.contradictions:9}"
        )


TABLE_HEAD = f"{'presentations of':34} notes  wrong missed  twice wrong maybes  delay p50     p95 hints each contradict"


@dataclass(frozen=True)
class NoNoteFigures:
    """Time without a note. false_values: sightings. scenes: how many different ones were shown."""

    hours: float
    scenes: int
    false_values: int
    false_maybes: int
    where: tuple[str, ...]

    @property
    def per_hour(self) -> float:
        """False values an hour."""
        return self.false_values / self.hours if self.hours else math.nan

    @property
    def per_hour_at_most(self) -> float:
        """One-sided 95 % upper bound of that rate."""
        return poisson_at_most(self.false_values) / self.hours if self.hours else math.nan

    def as_json(self) -> dict[str, Any]:
        """As `currency-train evaluate --presentations --json` writes it."""
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
        """In one line."""
        return (
            f"Without a note: {self.false_values} false values and {self.false_maybes} false maybes in "
            f"{self.hours:.1f} hours of {self.scenes} scenes: {self.per_hour:.2f} values an hour, "
            f"at most {self.per_hour_at_most:.2f} (95 %)"
        )


def kind_figures(kind: str, outcomes: Sequence[Outcome]) -> KindFigures:
    """The figures of presentations of one kind."""
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
    """The figures of presentations that show no note."""
    return NoNoteFigures(
        hours=sum(outcome.seconds for outcome in outcomes) / 3600,
        scenes=scenes,
        false_values=sum(len(outcome.wrong) for outcome in outcomes),
        false_maybes=sum(outcome.wrong_maybes for outcome in outcomes),
        where=tuple(f"{outcome.name}: {what}" for outcome in outcomes for what in outcome.wrong),
    )


def poisson_at_most(count: int) -> float:
    """One-sided 95 % upper bound of a Poisson mean of which this count was seen.

    Garwood, "Fiducial limits for the Poisson distribution", Biometrika 28, 1936.
    """
    low, high = float(count), count + 20 + 6 * math.sqrt(count + 1)
    for _ in range(60):
        mean = (low + high) / 2
        below = sum(math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) for k in range(count + 1))
        low, high = (mean, high) if below > 0.05 else (low, mean)
    return high
