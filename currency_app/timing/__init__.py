"""How long things take on this computer, and the pace at which it can read a live camera."""

from __future__ import annotations

from currency_app.timing.choice import ThreadChoice, ThreadChooser
from currency_app.timing.governor import MAX_AGE_MS, MAX_PASS_MS, Governor, Pace, pace_for
from currency_app.timing.latency import LatencyRecorder
from currency_app.timing.processor import cpu_name, usable_processors
from currency_app.timing.shortage import MemoryShortage

__all__ = [
    "MAX_AGE_MS",
    "MAX_PASS_MS",
    "Governor",
    "LatencyRecorder",
    "MemoryShortage",
    "Pace",
    "ThreadChoice",
    "ThreadChooser",
    "cpu_name",
    "pace_for",
    "usable_processors",
]
