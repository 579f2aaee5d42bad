"""Measure how long each stage takes: the median is the usual case, p95 and p99 are what users notice."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from currency_app.arrays import Numbers

PERCENTILES = (50, 95, 99)
"""The percentiles that are reported, per cent."""
MAX_SAMPLES = 20_000
"""Newest samples that are kept of each stage: eleven minutes at 30 frames a second."""


class LatencyRecorder:
    """Collects the milliseconds that each stage takes, and computes their percentiles.

    All the memory that it will use it takes at once, so that an app that runs for days does not grow.
    """

    def __init__(self, max_samples: int = MAX_SAMPLES) -> None:
        """max_samples: how many samples of each stage to keep, the newest ones."""
        self._max_samples = max_samples
        self._stages: dict[str, _Newest] = {}

    def add(self, stages_ms: Mapping[str, float]) -> None:
        """Add the timings of one frame: stage name to milliseconds, as in `Observation.stages_ms`."""
        for stage, ms in stages_ms.items():
            if stage not in self._stages:
                self._stages[stage] = _Newest(self._max_samples)
            self._stages[stage].append(ms)

    def percentiles(self) -> dict[str, dict[str, float]]:
        """Return {stage: {"p50": ms, "p95": ms, "p99": ms}}, in the order in which the stages first came.

        Percentiles are interpolated between neighbouring samples and rounded to a microsecond. {} without samples.
        """
        return {stage: _percentiles(newest.values) for stage, newest in self._stages.items()}


class _Newest:
    """The newest samples of one stage, in no order: a ring that overwrites the oldest."""

    def __init__(self, max_samples: int) -> None:
        self._ring: Numbers = np.full(max_samples, np.nan)  # filled, or the system gives the memory later
        self._count = 0

    def append(self, value: float) -> None:
        self._ring[self._count % len(self._ring)] = value
        self._count += 1

    @property
    def values(self) -> Numbers:
        return self._ring[: self._count]


def _percentiles(values: Numbers) -> dict[str, float]:
    found = np.percentile(values, PERCENTILES)
    return {f"p{p}": round(float(ms), 3) for p, ms in zip(PERCENTILES, found, strict=True)}
