"""Show how far a long piece of work has come."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from typing import Any, TextIO

Progress = Callable[..., Iterable[Any]]
"""Wraps items and shows how many are done, as `progress` does; `iter` shows nothing."""


def progress(items: Iterable[Any], total: int | None = None, unit: str = "image") -> Iterable[Any]:
    """Return the items as an iterable that shows a progress bar on standard error, if tqdm is installed.

    In a terminal that must not be drawn in, it writes a line at each quarter instead; elsewhere it writes nothing.
    total: how many items there are, if they do not know. unit: what an item is.
    """
    if not may_draw(sys.stderr):
        count = len(items) if total is None and isinstance(items, Sized) else total
        return _with_lines(items, count, unit) if is_terminal(sys.stderr) and count else items
    try:
        from tqdm import tqdm
    except ImportError:
        return items
    bar: Iterable[Any] = tqdm(items, total=total, unit=unit, leave=False)
    return bar


def may_draw(stream: TextIO | None) -> bool:
    """Whether bars and colours may be drawn on a stream, by rewriting its line.

    Not in what is no terminal, nor in one that cannot, nor for who has set NO_COLOR, as many who listen to a screen
    reader do: each rewriting is read aloud.
    """
    return is_terminal(stream) and os.environ.get("TERM") != "dumb" and not os.environ.get("NO_COLOR")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is there, open, and a terminal."""
    return stream is not None and not stream.closed and stream.isatty()


def _with_lines(items: Iterable[Any], total: int, unit: str) -> Iterator[Any]:
    """Yield the items, and write a line as each quarter of them is done."""
    quarters = 0
    for done, item in enumerate(items, start=1):
        yield item
        if done * 4 // total > quarters:
            quarters = done * 4 // total
            print(f"{done} of {total} {unit}s", file=sys.stderr, flush=True)
