"""The plot of errors against delay, by itself in a file."""

from __future__ import annotations

from pathlib import Path

from training.measuring.presentations.plot import write_plot
from training.measuring.report.plots import TradePoint

POINTS = [TradePoint(c, c == 0, 3 - round(c), 10 + 5 * round(c), 1000, 0.2 + 0.05 * c, 0.8) for c in (-1.0, 0.0, 1.0)]


def test_the_plot_is_written(tmp_path: Path) -> None:
    target = tmp_path / "trade.svg"
    write_plot(target, POINTS)
    text = target.read_text()
    assert text.startswith("<svg")
    assert "median delay from readable to said" in text
    assert [path.name for path in tmp_path.iterdir()] == ["trade.svg"]
