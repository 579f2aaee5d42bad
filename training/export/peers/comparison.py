"""What a comparison with peers found, as a table and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from training.export.peers.runtimes import KERAS_PREDICT, OWN

MIN_KERAS_RATIO = 6.0
"""Times that one pass must be faster than Keras predict at equal precision: what the app promises."""
_HEADINGS = ("runtime", "precision", "p50 ms", "p95 ms", "to shipped", "to equal", "of peak", "differs")


@dataclass(frozen=True)
class TimedPeer:
    """One way to run the network, and how long it took."""

    runtime: str
    """What runs it."""
    precision: str
    """fp32 or int8."""
    shipped: bool
    """Whether it is what the app runs: the bundle's own file."""
    times_ms: tuple[float, ...]
    """Milliseconds of each pass; empty if it did not run."""
    difference: float | None
    """Largest difference of a probability from Keras; None without one of the two."""
    reason: str = ""
    """Why it did not run, and what helps; empty if it did."""

    @property
    def p50(self) -> float | None:
        """Median, milliseconds."""
        return _percentile(self.times_ms, 50)

    @property
    def p95(self) -> float | None:
        """95th percentile, milliseconds."""
        return _percentile(self.times_ms, 95)


@dataclass(frozen=True)
class TimedYardstick:
    """A network that others publish times of, run as the app runs its own in 32-bit floats."""

    name: str
    """Which network."""
    times_ms: tuple[float, ...]
    """Milliseconds of each pass."""
    operations: int
    """Multiplications and additions of one pass."""


@dataclass(frozen=True)
class PeerComparison:
    """The bundle's network run in several ways, in turns."""

    threads: int
    """Threads of each."""
    tensorflow: str
    """A line about how TensorFlow ran; empty without it."""
    rows: tuple[TimedPeer, ...]
    """The app's own first."""
    operations: int | None
    """Multiplications and additions of one pass; None if they could not be counted here."""
    peaks: Mapping[str, float]
    """Operations a second, in thousands of millions, of large matrix products, by precision; of the best product."""
    yardstick: TimedYardstick | None
    """Timed in the same turns; None if it could not be made here."""

    @property
    def keras_ratio(self) -> float | None:
        """How many times the app's runtime is faster than Keras predict at equal precision; None if one did not run."""
        keras = next((row for row in self.rows if row.runtime == KERAS_PREDICT), None)
        return None if keras is None else self._to_equal(keras)

    @property
    def holds(self) -> bool:
        """Whether the app's runtime is as much faster than Keras predict as promised, if both ran."""
        return self.keras_ratio is None or self.keras_ratio >= MIN_KERAS_RATIO

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        stick = self.yardstick
        return {
            "threads": self.threads,
            "gflop": None if self.operations is None else round(self.operations / 1e9, 4),
            "peak_gflops": {name: round(peak, 1) for name, peak in self.peaks.items()},
            "runtimes": [
                {
                    "runtime": row.runtime,
                    "precision": row.precision,
                    "shipped": row.shipped,
                    "p50": _rounded(row.p50),
                    "p95": _rounded(row.p95),
                    "to_shipped": _rounded(self._to_shipped(row)),
                    "to_equal": _rounded(self._to_equal(row)),
                    "share_of_peak": _rounded(self._share(row)),
                    "difference": row.difference,
                    "reason": row.reason or None,
                }
                for row in self.rows
            ],
            "yardstick": None
            if stick is None
            else {
                "network": stick.name,
                "gflop": round(stick.operations / 1e9, 4),
                "p50": _rounded(_percentile(stick.times_ms, 50)),
                "p95": _rounded(_percentile(stick.times_ms, 95)),
            },
            "tensorflow": self.tensorflow or None,
            "keras_predict_ratio": _rounded(self.keras_ratio),
            "keras_predict_ratio_holds": self.holds,
        }

    def as_text(self) -> str:
        """Return a table, what its columns mean, and what follows."""
        table = [_HEADINGS, *(self._cells(row) for row in self.rows)]
        widths = [max(len(cells[column]) for cells in table if len(cells) > 3) for column in range(len(_HEADINGS))]
        return "\n".join([*self._heading(), "", *(_line(cells, widths) for cells in table), "", *self._outcome()])

    def _heading(self) -> list[str]:
        threads = "one thread" if self.threads == 1 else f"{self.threads} threads"
        lines = [f"One pass of the network, {threads} each, all in turns on the same pictures."]
        if self.tensorflow:
            lines.append(f"{self.tensorflow}.")
        return [
            *lines,
            "to shipped, to equal: times as long as the app's own network, as shipped and at equal precision",
            "of peak: operations a second, as a share of this processor's in large matrix products of that precision",
            "differs: largest difference of a probability from Keras, on one picture",
        ]

    def _cells(self, row: TimedPeer) -> tuple[str, ...]:
        if not row.times_ms:
            return row.runtime, row.precision, row.reason
        share = self._share(row)
        return (
            row.runtime,
            row.precision,
            f"{row.p50:.2f}",
            f"{row.p95:.2f}",
            _as_ratio(self._to_shipped(row)),
            _as_ratio(self._to_equal(row)),
            "-" if share is None else f"{share:.0%}",
            "-" if row.difference is None else f"{row.difference:.0e}",
        )

    def _outcome(self) -> list[str]:
        lines = []
        if self.peaks and self.operations is not None:
            lines.append(f"One pass of the network: {self.operations / 1e9:.2f} GFLOP")
            lines += [
                f"Matrix peak in {name}: {peak:.0f} {'GFLOP' if name == 'fp32' else 'GOP'}/s, "
                f"so a pass takes {self.operations / peak / 1e6:.2f} ms at least"
                for name, peak in self.peaks.items()
            ]
        if self.yardstick is not None:
            stick = self.yardstick
            lines.append(
                f"{stick.name}, in fp32 as the app runs its own: p50 {_percentile(stick.times_ms, 50):.2f} ms, "
                f"p95 {_percentile(stick.times_ms, 95):.2f} ms, {stick.operations / 1e9:.2f} GFLOP"
            )
        ratio = self.keras_ratio
        if ratio is None:
            lines.append("Keras predict at equal precision: not measured")
        else:
            lines.append(
                f"At equal precision (fp32) one pass is {ratio:.1f} times faster than Keras predict: the promise of "
                f"{MIN_KERAS_RATIO:.0f} times {'holds' if self.holds else 'DOES NOT HOLD'}"
            )
        return lines

    def _to_shipped(self, row: TimedPeer) -> float | None:
        return _ratio(row, next((own for own in self.rows if own.shipped), None))

    def _to_equal(self, row: TimedPeer) -> float | None:
        own = (own for own in self.rows if own.runtime == OWN and own.precision == row.precision)
        return _ratio(row, next(own, None))

    def _share(self, row: TimedPeer) -> float | None:
        """Return the operations that a row does in a second, as a share of the peak of its precision.

        The fastest pass is set beside the fastest product: other programs slow both down, and not by as much.
        """
        peak = self.peaks.get(row.precision)
        if peak is None or self.operations is None or not row.times_ms:
            return None
        return self.operations / (min(row.times_ms) * 1e6) / peak


def _ratio(row: TimedPeer, own: TimedPeer | None) -> float | None:
    return None if own is None or own.p50 is None or row.p50 is None else row.p50 / own.p50


def _percentile(times_ms: Sequence[float], percent: int) -> float | None:
    return float(np.percentile(times_ms, percent)) if len(times_ms) else None


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 3)


def _as_ratio(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Return a line of a table, in which all but the first two columns stand to the right."""
    if len(cells) == 3:  # a row that did not run: its reason in place of figures
        return f"{cells[0].ljust(widths[0])}  {cells[1].ljust(widths[1])}  {cells[2]}"
    padded = (
        cell.ljust(width) if column < 2 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(padded).rstrip()
