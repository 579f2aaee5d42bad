"""Refuses JPEG files that were made to keep a decoder busy; no camera or editor writes such files.

A limit on pixels does not bound the time that decoding takes, because a progressive JPEG draws its picture in scans,
each over the whole of it. At 25 million pixels a scan of 44 bytes takes 10 ms. A file of 10 MB holds 200,000 of them,
which take over half an hour.
"""

from __future__ import annotations

import re

from currency_app.errors import ImageError

MAX_SCANS = 64
"""Scans that a JPEG may have. Ordinary files have 1, progressive ones about 10."""

MAX_MARKERS = 10_000
"""Markers to look at. Ordinary files have some dozens; a profile of 10 MB in segments of 64 KB has 160."""

_JPEG, _SCAN, _END = b"\xff\xd8", 0xDA, 0xD9
"""The start of a file, and the markers start of scan (SOS) and end of image (EOI); ITU-T T.81, table B.1."""

_WITHOUT_LENGTH = (0x01, 0xD8)
"""Markers that no length follows: TEM and SOI; ITU-T T.81, table B.1."""

# Within a scan's own data, a byte of 255 is followed by 0 or by the marker of a restart.
_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")


def refuse_slow(data: bytes, name: str) -> None:
    """Raise ImageError if a file is a JPEG with more scans than any camera or editor writes.

    name: how the error's sentence calls the file.
    """
    if data.startswith(_JPEG) and _scans(data) > MAX_SCANS:
        raise ImageError(f"{name} is drawn in too many scans, which makes it slow to read. Save it anew.")


def _scans(data: bytes) -> int:
    """Count the scans of the first picture of a JPEG file, up to one above MAX_SCANS.

    Stops at that picture's end, because phones append videos and further pictures, in which any bytes may occur.
    """
    at, scans = len(_JPEG), 0
    for _ in range(MAX_MARKERS):
        found = _MARKER.search(data, at)
        if found is None or found[1][0] == _END or scans > MAX_SCANS:
            return scans
        at = found.end()
        if found[1][0] not in _WITHOUT_LENGTH:
            at += int.from_bytes(data[at : at + 2], "big")
        scans += found[1][0] == _SCAN
    return MAX_SCANS + 1
