"""Refuses JPEG files that were made to keep a decoder busy; no camera or editor writes such.

A limit on pixels does not bound the time that decoding takes: a progressive JPEG draws its picture in scans, each over
the whole of it. With 25 million pixels a scan of 44 bytes takes 10 ms, and 10 MB hold 200,000 of them: over half an
hour.
"""

from __future__ import annotations

import re

from currency_app.errors import ImageError

MAX_SCANS = 64
"""Usual files have 1, progressive ones about 10."""
MAX_MARKERS = 10_000
"""Usual files have some dozens; a profile of 10 MB in segments of 64 KB makes 160."""

_JPEG, _SCAN, _END = b"\xff\xd8", 0xDA, 0xD9
_ALONE = (0x01, 0xD8)
# What follows a 255 within a scan's own data is 0 or the marker of a restart.
_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")


def refuse_slow(data: bytes, name: str) -> None:
    """Raise ImageError for a JPEG with more scans than any camera or editor writes. name: what to call it."""
    if data.startswith(_JPEG) and _scans(data) > MAX_SCANS:
        raise ImageError(f"{name} is drawn in too many scans, which makes it slow to read. Save it anew.")


def _scans(data: bytes) -> int:
    """How many scans the first picture of a file has; counted up to one above MOST_SCANS.

    Only up to that picture's end: phones append films and further pictures, in which any bytes may occur.
    """
    at, scans = len(_JPEG), 0
    for _ in range(MAX_MARKERS):
        found = _MARKER.search(data, at)
        if found is None or found[1][0] == _END or scans > MAX_SCANS:
            return scans
        at = found.end()
        if found[1][0] not in _ALONE:
            at += int.from_bytes(data[at : at + 2], "big")
        scans += found[1][0] == _SCAN
    return MAX_SCANS + 1
