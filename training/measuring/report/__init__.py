"""The evidence about a bundle as one page, from one run over the images it is measured on."""

from __future__ import annotations

from training.measuring.report.plots import TradePoint, trade_plot
from training.measuring.report.write import write_report

__all__ = ["TradePoint", "trade_plot", "write_report"]
