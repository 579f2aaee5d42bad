"""Show how far a long piece of work has come."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

Progress = Callable[..., Iterable[Any]]
"""Wraps items and shows how many are done, as `progress` does; `iter` shows nothing."""


def progress(items: Iterable[Any], total: int | None = None, unit: str = "image") -> Iterable[Any]:
    """Return the items as an iterable that shows a progress bar on standard error, if tqdm is installed.

    total: how many items there are, if they do not know. unit: what an item is.
    """
    try:
        from tqdm import tqdm
    except ImportError:
        return items
    bar: Iterable[Any] = tqdm(items, total=total, unit=unit, leave=False, disable=not sys.stderr.isatty())
    return bar
