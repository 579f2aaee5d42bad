"""The plot of errors against delay, as a picture by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from training.measuring.report.plots import TradePoint, trade_plot
from training.web_page import ready_to_write, write_whole


def ready_to_plot(target: Path) -> None:
    """Raise DataError where the plot could not be put: known before most of an hour is spent."""
    ready_to_write(target, "plot", (".svg",))


def write_plot(target: Path, points: Sequence[TradePoint]) -> None:
    """Write wrong and missed notes against the delay. Raises DataError where it cannot be written."""
    write_whole(target, trade_plot(points))
