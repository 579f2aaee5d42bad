"""Figures of the shipped dollar bundle, measured once for all the tests of a process: it takes half a minute."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from currency_app.recognition.bundle import find_bundle
from training.dataset.manifest import read_data
from training.measuring.photographs import Figures
from training.pipeline import measure


@lru_cache(maxsize=1)
def dollar_figures(data: Path) -> Figures:
    """What `currency-train evaluate` prints of it."""
    return measure(find_bundle("usd"), data, read_data(data), ["test", "test_web"], lambda items: items)
