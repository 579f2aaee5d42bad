"""Percentiles of stage timings, within bounded memory."""

from __future__ import annotations

import numpy as np

from currency_app.timing.latency import LatencyRecorder


def test_percentiles_of_known_values() -> None:
    recorder = LatencyRecorder()
    for ms in np.random.default_rng(3).permutation(101):
        recorder.add({"network": float(ms), "frame": float(ms) * 2})
    assert recorder.percentiles() == {
        "network": {"p50": 50.0, "p95": 95.0, "p99": 99.0},
        "frame": {"p50": 100.0, "p95": 190.0, "p99": 198.0},
    }


def test_nothing_recorded_and_a_single_value() -> None:
    recorder = LatencyRecorder()
    assert recorder.percentiles() == {}
    recorder.add({"frame": 4.25})
    recorder.add({})
    assert recorder.percentiles() == {"frame": {"p50": 4.25, "p95": 4.25, "p99": 4.25}}


def test_only_the_newest_are_kept() -> None:
    recorder = LatencyRecorder(max_samples=10)
    for ms in [1000.0] * 50 + [2.0] * 10:
        recorder.add({"frame": ms})
    assert recorder.percentiles()["frame"]["p99"] == 2.0
