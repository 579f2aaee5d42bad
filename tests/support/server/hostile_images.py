"""Files that are no good images: cut short, damaged, of several kinds at once, or made to unpack to gigabytes."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image

from tests.support.server.pictures import encoded, held_note

KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


@cache
def good(kind: str) -> bytes:
    """A small whole image of this media type."""
    return encoded(held_note()[::4, ::4], KINDS[kind])


def cut_short(rng: np.random.Generator, kind: str) -> bytes:
    """The beginning of an image."""
    whole = good(kind)
    return whole[: int(rng.integers(1, len(whole)))]


def damaged(rng: np.random.Generator, kind: str) -> bytes:
    """An image with some bytes changed."""
    data = bytearray(good(kind))
    for at in rng.integers(0, len(data), int(rng.integers(1, 20))):
        data[at] = int(rng.integers(256))
    return bytes(data)


def noise(rng: np.random.Generator, kind: str) -> bytes:
    """Any bytes behind the first few of an image."""
    return good(kind)[: int(rng.integers(0, 40))] + rng.bytes(int(rng.integers(1, 5_000)))


def polyglot(rng: np.random.Generator, kind: str) -> bytes:
    """A file that other programs take for something else, or several images in one."""
    other = (
        b"PK\x03\x04",
        b"%PDF-1.7\n",
        b"<html><script>alert(1)</script>",
        b"GIF89a",
        b"#!/bin/sh\nid\n",
        b"\x7fELF",
    )
    foreign = other[int(rng.integers(len(other)))] + rng.bytes(200)
    images = [good(name) for name in KINDS]
    another = images[int(rng.integers(len(images)))]
    made = (good(kind) + foreign, foreign + good(kind), good(kind) + another, another[:300] + good(kind))
    return made[int(rng.integers(len(made)))]


def claim(rng: np.random.Generator, kind: str) -> bytes:
    """An image whose header claims 100 million pixels or more, and which holds few."""
    width, height = (int(n) for n in rng.integers(10_000, 16_383, 2))
    if kind == "image/png":
        return png(width, height, zlib.compress(bytes(1000)))
    if kind == "image/webp":
        data = bytearray(_film())
        size = data.index(b"VP8X") + 12
        data[size : size + 6] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        return bytes(data)
    data = bytearray(good(kind))
    size = data.index(b"\xff\xc0") + 5
    data[size : size + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def bomb(rng: np.random.Generator, kind: str) -> bytes:
    """A small file that unpacks to far more, or that keeps a decoder busy for long."""
    made = (bomb_of_25_megapixels, _too_much_data, _text_bomb, _scan_bomb, _marker_flood)
    return made[int(rng.integers(len(made)))]()


def png(width: int, height: int, packed: bytes, *extra: bytes, colour: int = 2) -> bytes:
    """A PNG of this size with this packed data, 8 bits a channel, and extra chunks before it."""
    header = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def many_scans(width: int, height: int, scans: int) -> bytes:
    """A progressive JPEG whose last scan, of a few bytes, comes again so often."""
    whole = encoded(np.zeros((height, width, 3), np.uint8), progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]
    return whole[:-2] + last * scans + whole[-2:]


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def _film() -> bytes:
    """An animated WebP, whose canvas may be larger than its pictures."""
    stream = io.BytesIO()
    pictures = [Image.new("RGB", (32, 24), colour) for colour in ("red", "blue")]
    pictures[0].save(stream, "WEBP", save_all=True, append_images=pictures[1:])
    return stream.getvalue()


@cache
def bomb_of_25_megapixels() -> bytes:
    """Just within the limit on pixels, so that it is decoded: 100 MB from 100 KB."""
    return png(5_000, 5_000, zlib.compress(bytes(5_000 * 20_001), 9), colour=6)


@cache
def _too_much_data() -> bytes:
    """A small picture with 200 MB of data."""
    return png(64, 48, zlib.compress(bytes(200_000_000), 9))


@cache
def _text_bomb() -> bytes:
    """Comments of 100 MB together."""
    text = _chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000), 9))
    return png(64, 48, zlib.compress(bytes(48 * 193)), *[text] * 100)


@cache
def _scan_bomb() -> bytes:
    """Minutes of decoding in 1 MB."""
    return many_scans(5_000, 5_000, 20_000)


@cache
def _marker_flood() -> bytes:
    """A million empty comments."""
    return b"\xff\xd8" + b"\xff\xfe\x00\x02" * 1_000_000 + good("image/jpeg")[2:]
