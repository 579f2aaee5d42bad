"""Keeps from EXIF data which way up the picture is, where the rest could take long to parse."""

from __future__ import annotations

import struct

MAX_EXIF_BYTES = 65_536
"""Bytes of EXIF data that are handed to Pillow, as many as a JPEG segment holds.

Pillow parses its tables in Python, within 0.04 s up to this size; ten megabytes took it 7 s.
"""

_PREFIX = b"Exif\0\0"
_ORIENTATION, _SHORT = 0x0112, 3
"""The tag and the type of its value; EXIF 2.32, table 4."""
_MAX_ENTRIES = 1_000
"""Entries of the first table that are looked at. Cameras write about a dozen; chosen by hand."""


def small_exif(exif: bytes, whole: bool = True) -> bytes:
    """Return EXIF data as it is, or, if it is large or not whole, data with nothing but its orientation.

    exif: from "Exif" or from the TIFF header on.
    """
    if whole and len(exif) <= MAX_EXIF_BYTES:
        return exif
    return _PREFIX + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, _SHORT, 1, _orientation(exif), 0, 0)


def _orientation(exif: bytes) -> int:
    """Return the orientation in the first table, 1 (upright) if there is none."""
    tiff = memoryview(exif)[len(_PREFIX) if exif.startswith(_PREFIX) else 0 :]
    order = ">" if bytes(tiff[:2]) == b"MM" else "<"
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for index in range(min(count, _MAX_ENTRIES)):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, first + 2 + 12 * index)
            if (tag, kind) == (_ORIENTATION, _SHORT):
                return int(value)
    except struct.error:  # the table is not where its header says, or cut short
        pass
    return 1
