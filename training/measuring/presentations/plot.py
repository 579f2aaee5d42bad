"""The plot of errors against delay, as a picture by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.measuring.report.plots import TradePoint, trade_plot
from training.writable import write_text


def write_plot(target: Path, points: Sequence[TradePoint]) -> None:
    """Write wrong and missed notes against the delay. Raises DataError if the file cannot be written."""
    write_text(target, trade_plot(points))
