"""Returns the memory of large pictures to the system as soon as they have been read."""

from __future__ import annotations

import contextlib
import ctypes

_M_MMAP_THRESHOLD = -3  # malloc.h
_LARGE = 4 * 1024 * 1024
"""Bytes. Blocks from this size on are returned, chosen by hand: a picture of 640 x 480 (0.9 MB) stays below."""


def trim_freed_memory() -> None:
    """Make glibc return large blocks of memory once they are freed; do nothing with another C library.

    By default glibc learns from each large block that is freed to keep the next one of that size, in every thread.
    After some pictures of 25 million pixels the process permanently held 400 MB more.
    """
    with contextlib.suppress(OSError, TypeError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
