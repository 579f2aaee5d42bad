"""Measures the whole app on presentations: notes that come, are held and go."""

from __future__ import annotations

from training.measuring.presentations.measure import measure_presentations
from training.measuring.presentations.plot import write_plot
from training.measuring.presentations.recorder import RecorderSettings
from training.measuring.presentations.tasks import QUICK, MeasurementPlan

__all__ = ["QUICK", "MeasurementPlan", "RecorderSettings", "measure_presentations", "write_plot"]
