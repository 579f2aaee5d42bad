"""The plot of errors against delay, as a picture by itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from currency_app.errors import DataError
from training.report.plots import TradePoint, trade_plot
from training.web_page import write_whole


def ready_to_plot(target: Path) -> None:
    """Raise DataError where the plot could not be put: known before most of an hour is spent."""
    if not target.parent.is_dir():
        raise DataError(f"There is no folder {target.parent} for the plot: make it first.")
    if target.is_dir() or target.suffix.lower() != ".svg":
        raise DataError(f"{target} is not the name of a plot: give one that ends in .svg.")


def write_plot(target: Path, points: Sequence[TradePoint]) -> None:
    """Write wrong and missed notes against the delay. Raises DataError where it cannot be written."""
    write_whole(target, trade_plot(points))
