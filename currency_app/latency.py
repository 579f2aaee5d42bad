"""How long each stage takes, as percentiles: the median says how it usually is, p95 and p99 what users notice."""

from __future__ import annotations

import platform
from collections import deque
from collections.abc import Mapping
from pathlib import Path

import numpy as np

PERCENTILES = (50, 95, 99)
KEPT = 20_000


class LatencyRecorder:
    """Collects milliseconds per stage and keeps the newest of each: at 30 frames a second the last eleven minutes."""

    def __init__(self, kept: int = KEPT) -> None:
        """kept: how many values of each stage to keep at most."""
        self._kept = kept
        self._stages: dict[str, deque[float]] = {}

    def add(self, stages_ms: Mapping[str, float]) -> None:
        """Take in one frame: name of each stage to the milliseconds it took, as in `Observation.stages_ms`."""
        for stage, ms in stages_ms.items():
            self._stages.setdefault(stage, deque(maxlen=self._kept)).append(ms)

    def percentiles(self) -> dict[str, dict[str, float]]:
        """{"stage": {"p50": ms, "p95": ms, "p99": ms}} in the order in which the stages first came; {} without any.

        Interpolated between neighbouring values and rounded to a microsecond.
        """
        return {stage: _percentiles(values) for stage, values in self._stages.items()}


def _percentiles(values: deque[float]) -> dict[str, float]:
    found = np.percentile(np.fromiter(values, dtype=np.float64, count=len(values)), PERCENTILES)
    return {f"p{p}": round(float(ms), 3) for p, ms in zip(PERCENTILES, found, strict=True)}


def cpu_name(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's name, to print beside timings. cpuinfo: where Linux tells it."""
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    # x86 says "model name"; ARM boards say "Model" or "Hardware", where they say anything.
    for wanted in ("model name", "Model", "Hardware"):
        for line in lines:
            key, _, value = line.partition(":")
            if key.strip() == wanted and value.strip():
                return " ".join(value.split())
    return platform.processor() or platform.machine() or "unknown processor"
