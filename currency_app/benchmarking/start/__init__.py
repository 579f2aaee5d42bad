"""What a user waits for at the start: from the command to the first sound of "Ready", the window included."""

from __future__ import annotations

from currency_app.benchmarking.start.figures import START_TARGET_MS, StartFigures
from currency_app.benchmarking.start.run import run_starts

__all__ = ["START_TARGET_MS", "StartFigures", "run_starts"]
