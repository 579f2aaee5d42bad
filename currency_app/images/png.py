"""Leave out of a PNG file what is not its picture, so that it cannot spoil the picture."""

from __future__ import annotations

import re
import struct
import zlib

_START = 8
"""Bytes of the signature, before the first chunk."""
_MAX_TEXT_BYTES = 1 << 20
"""Of a text, unpacked, that is looked at or handed on. Pillow refuses a file with a longer one."""
_MAX_EXIF_DIGITS = 1 << 16
"""Of EXIF data kept as text that is too long to hand on: its first table, with the orientation, lies within."""
_RAW_EXIF = b"Raw profile type exif"
"""Keyword under which ImageMagick and older programs keep EXIF data."""
_XMP = b"XML:com.adobe.xmp"
_ORIENTATION = re.compile(rb'tiff:Orientation(?:="|>)[0-9]')
"""How XMP says which way up the picture is: as an attribute or an element."""
_ANCILLARY = 0x20
"""Bit of a chunk's first letter: set if the picture can be drawn without the chunk."""


def without_metadata(data: bytes) -> bytes:
    """Return a PNG file with its picture, transparency and orientation, and nothing else.

    Texts and colour profiles may be of megabytes, packed tightly, or damaged, and the pixels are whole all the same.
    """
    view = memoryview(data)
    pieces: list[bytes | memoryview] = [view[:_START]]
    at = _START
    while at < len(data):
        length = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : at + 8])
        end = at + 12 + length
        body = view[at + 8 : end - 4]
        if not kind[:1] or not kind[0] & _ANCILLARY or kind == b"tRNS":
            pieces.append(view[at:end])
        elif kind == b"eXIf":
            pieces.append(png_chunk(kind, bytes(body)))
        elif kind in (b"iTXt", b"zTXt", b"tEXt"):
            pieces.append(_orientation(kind, bytes(body)))
        if kind == b"IEND":
            break
        at = end
    return b"".join(pieces)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG file. kind: its four letters."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(body, zlib.crc32(kind)))


def _orientation(kind: bytes, body: bytes) -> bytes:
    """Return what a chunk of text says about the picture's orientation, as a short chunk; empty if nothing."""
    keyword, _, rest = body.partition(b"\0")
    if keyword == _XMP and kind == b"iTXt":
        packed, text = rest[:1] == b"\1", rest[2:].split(b"\0", 2)[-1]
        found = _ORIENTATION.search(_unpacked(text) if packed else text)
        return png_chunk(b"iTXt", _XMP + b"\0\0\0\0\0" + found[0] + b'"') if found else b""
    if keyword == _RAW_EXIF and kind != b"iTXt":
        text = _unpacked(rest[1:]) if kind == b"zTXt" else rest[:_MAX_TEXT_BYTES]
        lines = text.split(b"\n", 3)
        if len(lines) == 4 and len(text) >= _MAX_TEXT_BYTES:
            lines[3] = lines[3].replace(b"\n", b"")[:_MAX_EXIF_DIGITS]
        return png_chunk(b"tEXt", _RAW_EXIF + b"\0" + b"\n".join(lines))
    return b""


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MAX_TEXT_BYTES)
    except zlib.error:
        return b""
