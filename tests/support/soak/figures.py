"""What a soak found, as rows of a table, each beside what must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.support.server.live import percentile
from tests.support.soak.sampling import Sample

WARM_UP_S = 300.0
"""Seconds after which everything that is loaded late has been loaded; a quarter of a shorter run."""
WINDOW_S = 300.0
"""Seconds at the start, once warm, and at the end, which are compared; a third of what a shorter run has."""
MAX_GROWTH_MB = 5.0
"""Memory at its highest once warm, less what it was then."""
MAX_SLOWER = 1.2
"""The 95th percentile of the last window, in times that of the first."""
INTERVALS = 120
"""Points of a curve that is drawn."""


@dataclass(frozen=True)
class Row:
    """One thing that was measured."""

    what: str
    """Its name."""
    found: str
    """What was measured, with its unit."""
    limit: str
    """What must hold of it; "" if it is only reported."""
    holds: bool = True
    """Whether it does."""


@dataclass(frozen=True)
class Span:
    """The seconds of a run that are compared."""

    warm_s: float
    """When it counts as warm."""
    window_s: float
    """How long the first and the last window are."""
    end_s: float
    """When it ended."""

    @classmethod
    def of(cls, seconds: float) -> Span:
        warm_s = min(WARM_UP_S, seconds / 4)
        return cls(warm_s, min(WINDOW_S, (seconds - warm_s) / 3), seconds)

    def first(self, at_s: float) -> bool:
        """Whether a moment lies in the first window."""
        return self.warm_s <= at_s < self.warm_s + self.window_s

    def last(self, at_s: float) -> bool:
        """Whether a moment lies in the last window."""
        return self.end_s - self.window_s <= at_s <= self.end_s


def resource_rows(samples: Sequence[Sample], span: Span) -> list[Row]:
    """Memory may grow a little, what else a process holds not at all.

    Of the latter the least in each window is compared: a sound that is being played holds some for as long as it lasts,
    and what leaks is there also while nothing happens.
    """
    first = [sample for sample in samples if span.first(sample.s)]
    last = [sample for sample in samples if span.last(sample.s)]
    if not first or not last:
        return [Row("memory, handles, threads", "the run ended too soon", "the whole time", holds=False)]
    warm_mb = first[0].resident_mb
    growth_mb = max(sample.resident_mb for sample in samples if sample.s >= span.warm_s) - warm_mb
    rows = [
        Row(
            "memory",
            f"{warm_mb:.1f} MB once warm, {last[-1].resident_mb:.1f} at the end, {growth_mb:+.1f} at most",
            f"at most {MAX_GROWTH_MB:+.0f} MB",
            growth_mb <= MAX_GROWTH_MB,
        )
    ]
    for name, before, after in (
        ("handles", [s.handles for s in first], [s.handles for s in last]),
        ("threads", [s.threads for s in first], [s.threads for s in last]),
        ("helper processes", [s.helpers for s in first], [s.helpers for s in last]),
    ):
        found = f"{min(before)} to {max(before)} at first, {min(after)} to {max(after)} at last"
        rows.append(Row(name, found, "no more at rest", min(after) <= min(before)))
    return rows


def latency_row(what: str, times: Sequence[tuple[float, float]], span: Span) -> Row:
    """Compare the 95th percentiles of both windows. times: pairs of the second and the milliseconds."""
    first = [ms for at_s, ms in times if span.first(at_s)]
    last = [ms for at_s, ms in times if span.last(at_s)]
    if not first or not last:
        return Row(what, "nothing was measured", f"p95 at most {MAX_SLOWER:.1f} times", holds=False)
    before, after = percentile(first, 0.95), percentile(last, 0.95)
    found = (
        f"p50 {percentile(first, 0.5):.1f}, p95 {before:.1f} ms at first; "
        f"p50 {percentile(last, 0.5):.1f}, p95 {after:.1f} ms at last ({after / before:.2f} times)"
    )
    return Row(what, found, f"p95 at most {MAX_SLOWER:.1f} times", after <= MAX_SLOWER * before)


def none_row(what: str, wrong: int, of: str) -> Row:
    """A count that must be nought. of: among how many."""
    return Row(what, f"{wrong} of {of}", "0", wrong == 0)


def table(title: str, rows: Sequence[Row]) -> str:
    """The rows as text, for a person to read."""
    widths = [max(len(cells) for cells in column) for column in zip(*map(_cells, rows), strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(_cells(row), widths, strict=True)) for row in rows]
    return "\n".join([title, *(line.rstrip() for line in lines)])


def _cells(row: Row) -> tuple[str, str, str, str]:
    return row.what, row.found, row.limit, "" if not row.limit else "holds" if row.holds else "DOES NOT HOLD"
