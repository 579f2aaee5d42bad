"""How fast the app is on this computer: its frames, stage by stage, beside bare passes of its network."""

from __future__ import annotations

from currency_app.benchmarking.frames import BUDGET_MS, Benchmark, run_benchmark
from currency_app.benchmarking.processor import cpu_features, describe_features, has_dot_product

__all__ = ["BUDGET_MS", "Benchmark", "cpu_features", "describe_features", "has_dot_product", "run_benchmark"]
