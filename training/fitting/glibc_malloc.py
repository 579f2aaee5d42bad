"""Keeps the C library from giving memory back between training steps, only to have it zeroed page by page again."""

from __future__ import annotations

import contextlib
import ctypes
import sys

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -2, -3, -8
"""Names of glibc's mallopt(3)."""


def keep_memory() -> None:
    """Let freed memory stay with this process. On glibc training takes two thirds of the time; elsewhere no change."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_ARENA_MAX, 1)
        mallopt(_MMAP_THRESHOLD, 32 << 20)
        mallopt(_TRIM_THRESHOLD, (2 << 30) - 1)
        mallopt(_TOP_PAD, 64 << 20)
