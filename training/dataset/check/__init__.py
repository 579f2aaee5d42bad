"""Check a data folder: open every image, and report what to fix in words, JSON and on a page."""

from __future__ import annotations

from training.dataset.check.inspection import inspect, main_currency
from training.dataset.check.page import write_page

__all__ = ["inspect", "main_currency", "write_page"]
