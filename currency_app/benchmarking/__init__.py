"""How fast the app is on this computer, and its network beside what else could run it."""

from __future__ import annotations

from currency_app.benchmarking.frames import BUDGET_MS, Benchmark, run_benchmark
from currency_app.benchmarking.instructions import cpu_features, describe_features, has_dot_product
from currency_app.benchmarking.looks import time_looks, write_looks_plot
from currency_app.benchmarking.peers import Comparison, compare_peers
from currency_app.benchmarking.percentiles import typical_times

__all__ = [
    "BUDGET_MS",
    "Benchmark",
    "Comparison",
    "compare_peers",
    "cpu_features",
    "describe_features",
    "has_dot_product",
    "run_benchmark",
    "time_looks",
    "typical_times",
    "write_looks_plot",
]
