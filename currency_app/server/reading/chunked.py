"""Leaves out of PNG and WebP files, which are made of chunks, what is not their picture.

Pillow reads the chunks of a PNG in Python: ten megabytes of the smallest take it 4 s, and as many profiles that unpack
to a megabyte each 18 s. Metadata says nothing about a note, except which way up the picture is.
"""

from __future__ import annotations

import struct

from currency_app.errors import ImageError
from currency_app.images.png import png_chunk
from currency_app.server.reading.exif import small_exif

MIN_CHUNKS = 1_000
"""Chunks that any file may have, chosen by hand. Ordinary files have some dozens."""

BYTES_A_CHUNK = 256
"""A file may have one chunk more for so many of its bytes. Encoders cut their data into pieces of some kilobytes."""

_PNG_SIGNATURE_BYTES, _RIFF_HEAD_BYTES = 8, 12
"""What comes before the first chunk; PNG specification, section 5.2, and RFC 9649, section 2.4."""

_ORIENTED_TEXTS = (b"XML:com.adobe.xmp", b"Raw profile type exif")
"""Keywords of texts that may say which way up the picture is."""
_TEXTS = (b"iTXt", b"zTXt", b"tEXt")

_EXIF_FLAG, _XMP_FLAG, _ICC_FLAG = 0x08, 0x04, 0x20
"""Bits of the first byte of VP8X, which say what else a WebP holds; RFC 9649, section 2.7."""


def png_picture(data: bytes, name: str) -> bytes:
    """Return a PNG with nothing but its first picture and its orientation; raise ImageError for a flood of chunks.

    name: how the error's sentence calls the file.
    """
    view, at = memoryview(data), _PNG_SIGNATURE_BYTES
    kept: dict[bytes, bytes | memoryview] = {}  # the first chunk of each kind, whole
    packed: list[memoryview] = []
    drawn = False
    for _ in range(_most(data)):
        kind, length = bytes(view[at + 4 : at + 8]), int.from_bytes(view[at : at + 4], "big")
        chunk, body = view[at : at + 12 + length], view[at + 8 : at + 8 + length]
        if kind == b"IDAT" and not drawn:
            packed.append(body)
        elif packed:
            drawn = True
        if kind in (b"IHDR", b"PLTE", b"tRNS"):
            kept.setdefault(kind, chunk)
        elif kind == b"eXIf":
            kept.setdefault(kind, png_chunk(kind, _without_prefix(small_exif(bytes(body)))))
        elif kind in _TEXTS and (keyword := bytes(body[:80]).partition(b"\0")[0]) in _ORIENTED_TEXTS:
            kept.setdefault(keyword, chunk)
        at += 12 + length
        if kind == b"IEND" or not kind.isalpha() or at >= len(data):
            break
    else:
        raise _too_many(name)
    picture = [png_chunk(b"IDAT", b"".join(packed))] if packed else []
    return b"".join([view[:_PNG_SIGNATURE_BYTES], *kept.values(), *picture, png_chunk(b"IEND", b"")])


def webp_picture(data: bytes, name: str) -> bytes:
    """Return a WebP with nothing but its first picture and its orientation, as `png_picture` does."""
    view, at = memoryview(data), _RIFF_HEAD_BYTES
    end = min(len(data), 8 + int.from_bytes(view[4:8], "little"))
    kept: dict[bytes, bytes | memoryview] = {}
    for _ in range(_most(data)):
        kind, length = bytes(view[at : at + 4]), int.from_bytes(view[at + 4 : at + 8], "little")
        following = min(at + 8 + length + length % 2, end)
        if kind in (b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"XMP "):
            kept.setdefault(kind, view[at:following])
        elif kind == b"EXIF":
            kept.setdefault(kind, _riff_chunk(kind, small_exif(bytes(view[at + 8 : at + 8 + length]))))
        at = following
        if at + 8 > end:
            break
    else:
        raise _too_many(name)
    if b"VP8X" in kept and len(kept[b"VP8X"]) > 8:
        extended = bytearray(kept[b"VP8X"])
        extended[8] &= ~(_EXIF_FLAG | _XMP_FLAG | _ICC_FLAG)
        extended[8] |= _EXIF_FLAG * (b"EXIF" in kept) | _XMP_FLAG * (b"XMP " in kept)
        kept[b"VP8X"] = bytes(extended)
    body = b"WEBP" + b"".join(kept.values())
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _most(data: bytes) -> int:
    return MIN_CHUNKS + len(data) // BYTES_A_CHUNK


def _too_many(name: str) -> ImageError:
    return ImageError(f"{name} is made of too many pieces, which makes it slow to read. Save it anew.")


def _without_prefix(exif: bytes) -> bytes:
    return exif.removeprefix(b"Exif\0\0")


def _riff_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
