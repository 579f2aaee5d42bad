"""Gives memory of large pictures back to the system as soon as they have been read."""

from __future__ import annotations

import contextlib
import ctypes

_M_MMAP_THRESHOLD = -3  # malloc.h
_LARGE = 4 * 1024 * 1024


def trim_freed_memory() -> None:
    """Keep glibc from holding on to what large pictures took; elsewhere do nothing.

    glibc learns from each large block that is freed to keep the next of its size, for every thread: after some pictures
    of 25 million pixels the process held 400 MB more for good.
    """
    with contextlib.suppress(OSError, TypeError, AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, _LARGE)
