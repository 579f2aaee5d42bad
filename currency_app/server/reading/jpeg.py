"""Leaves out of JPEG files what is not their picture, and refuses those made to be slow.

A limit on pixels does not bound the time that decoding takes, because a progressive JPEG draws its picture in scans,
each over the whole of it. At 25 million pixels a scan of 44 bytes takes 10 ms. A file of 10 MB holds 200,000 of them,
which take over half an hour. Nor does it bound what comes before the picture, which Pillow parses in Python, byte by
byte between segments: ten megabytes of fill bytes take it 8 s. No camera or editor writes such files.
"""

from __future__ import annotations

import struct

from currency_app.errors import ImageError
from currency_app.images.jpeg import JPEG_MARKER, MARKERS_WITHOUT_LENGTH
from currency_app.server.reading.exif import small_exif

MAX_SCANS = 64
"""Scans that a JPEG may have. Ordinary files have 1, progressive ones about 10."""

MAX_MARKERS = 10_000
"""Markers to look at. Ordinary files have some dozens; a profile of 10 MB in segments of 64 KB has 160."""

MAX_JUNK_BYTES = 65_536
"""Bytes outside of segments before the picture: fill bytes, restart markers and junk. Ordinary files have none."""

MAX_TABLE_BYTES = 262_144
"""Bytes of tables before the picture, chosen by hand. Ordinary files have a kilobyte."""

_SCAN, _END = 0xDA, 0xD9
"""The markers start of scan (SOS) and end of image (EOI); ITU-T T.81, table B.1."""

_TABLES = frozenset([*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xDE, 0xDF, 0xE0, 0xEE])
"""Markers of what a decoder needs: frames and tables, and the two application segments that tell the colours."""

_APP1, _EXIF, _XMP = 0xE1, b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
"""The marker of EXIF and XMP data, and how each begins."""


def jpeg_picture(data: bytes, name: str) -> bytes:
    """Return a JPEG with nothing but its first picture and its orientation.

    Raises ImageError if it has more scans, or more before the picture, than any camera or editor writes.
    name: how the error's sentence calls the file.
    """
    tables: list[bytes] = []
    exif: list[bytes] = []
    xmp = b""
    at, junk, size = 2, 0, 0
    for _ in range(MAX_MARKERS):
        found = JPEG_MARKER.search(data, at, at + MAX_JUNK_BYTES + 2 - junk)
        if found is None:
            if len(data) > at + MAX_JUNK_BYTES - junk:
                raise ImageError(f"{name} has too much before its picture, which makes it slow to read. Save it anew.")
            break
        junk += found.start() - at
        marker, at = found[1][0], found.end()
        if marker == _END:  # Pillow would look for a picture behind it, byte by byte
            data = data[: found.end()]
        if marker in (_SCAN, _END):
            at = found.start()
            break
        if marker in MARKERS_WITHOUT_LENGTH:
            junk += 2
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        body = data[at + 2 : at + length]
        if marker in _TABLES:
            tables.append(data[at - 2 : at + length])
            size += len(tables[-1])
        elif marker == _APP1 and body.startswith(_EXIF):
            exif.append(body)
        elif marker == _APP1 and body.startswith(_XMP):
            xmp = data[at - 2 : at + length]
        at += max(length, 2)
        if size > MAX_TABLE_BYTES:
            raise ImageError(f"{name} has too many tables, which makes it slow to read. Save it anew.")
    else:
        raise ImageError(f"{name} is made of too many pieces, which makes it slow to read. Save it anew.")
    if _scans(data, at) > MAX_SCANS:
        raise ImageError(f"{name} is drawn in too many scans, which makes it slow to read. Save it anew.")
    oriented = _segment(_APP1, small_exif(exif[0], len(exif) == 1)) if exif else b""
    return b"".join([data[:2], *tables, oriented, xmp, memoryview(data)[at:]])


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _scans(data: bytes, at: int) -> int:
    """Count the scans of a picture that begins at a byte, up to one above MAX_SCANS.

    Stops at that picture's end, because phones append videos and further pictures, in which any bytes may occur.
    """
    scans = 0
    for _ in range(MAX_MARKERS):
        found = JPEG_MARKER.search(data, at)
        if found is None or found[1][0] == _END or scans > MAX_SCANS:
            return scans
        at = found.end()
        if found[1][0] not in MARKERS_WITHOUT_LENGTH:
            at += int.from_bytes(data[at : at + 2], "big")
        scans += found[1][0] == _SCAN
    return MAX_SCANS + 1
