"""Files whose pictures are small and whose other parts a parser in Python steps through for seconds."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from tests.support.server.pictures import encoded

_ORIENTATION = struct.pack(">HHII", 0x0112, 3, 1, 6 << 16)


def jpeg_segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def png_chunk(kind: bytes, body: bytes = b"") -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def riff_chunk(kind: bytes, body: bytes = b"") -> bytes:
    """A chunk of a WebP."""
    return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def riff(*chunks: bytes) -> bytes:
    """A WebP of these chunks."""
    body = b"WEBP" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def floods(size: int) -> dict[str, bytes]:
    """Files of about so many bytes, at least one flooding part each, by what they are full of."""
    picture = np.full((64, 64, 3), 200, np.uint8)
    return _jpegs(encoded(picture), size) | _pngs(encoded(picture, "PNG"), size) | _webps(picture, size)


def _filled(before: bytes, part: bytes, after: bytes, size: int) -> bytes:
    return before + part * max(1, (size - len(before) - len(after)) // len(part)) + after


def _jpegs(whole: bytes, size: int) -> dict[str, bytes]:
    parts = {
        "fill bytes": b"\xff",
        "zeros": b"\x00",
        "stuffed bytes": b"\xff\x00",
        "restart markers": b"\xff\xd0",
        "starts of images": b"\xff\xd8",
        "empty comments": b"\xff\xfe\x00\x02",
        "EXIF segments": jpeg_segment(0xE1, b"Exif\0\0" + bytes(990)),
        "Photoshop resources": jpeg_segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\0" * 5_400),
        "tables": jpeg_segment(0xDB, (b"\0" + b"\1" * 64) * 1_000),
        "frames": jpeg_segment(0xC0, b"\x08\0\x40\0\x40\x03" + b"\1\x11\0" * 21_000),
    }
    made = {f"jpeg: {name}": _filled(whole[:20], part, whole[20:], size) for name, part in parts.items()}
    made["jpeg: an end, then fill bytes"] = _filled(b"\xff\xd8\xff\xd9", b"\xff", b"", size)
    made["jpeg: fill bytes in a scan"] = _filled(whole[:-2], b"\xff", whole[-2:], size)
    made["jpeg: restart markers in a scan"] = _filled(whole[:-2], b"\xff\xd1", whole[-2:], size)
    return made


def _pngs(whole: bytes, size: int) -> dict[str, bytes]:
    parts = {
        "private chunks": png_chunk(b"abCd"),
        "empty data chunks": png_chunk(b"IDAT"),
        "transparencies": png_chunk(b"tRNS", bytes(6)),
        "profiles that unpack": png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(1_000_000), 9)),
        "texts that unpack": png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1_000_000), 9)),
        "XMP that unpacks": png_chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(bytes(1_000_000), 9)),
        "frames of a film": png_chunk(b"fcTL", bytes(26)),
    }
    made = {f"png: {name}": _filled(whole[:33], part, whole[33:], size) for name, part in parts.items()}
    made["png: private chunks behind the picture"] = _filled(whole[:-12], parts["private chunks"], whole[-12:], size)
    many = struct.pack(">2sHIH", b"MM", 42, 8, 65_000) + _ORIENTATION * 65_000 + bytes(4)
    made["png: EXIF entries"] = whole[:33] + png_chunk(b"eXIf", many) + whole[33:]
    made["png: EXIF fractions"] = whole[:33] + png_chunk(b"eXIf", _fractions(size)) + whole[33:]
    return made


def _webps(picture: np.ndarray, size: int) -> dict[str, bytes]:
    image = encoded(picture, "WEBP", lossless=True)[12:]
    screen = b"\0\0\0" + b"\x3f\0\0" * 2
    still = riff_chunk(b"VP8X", b"\0" + screen), image
    oriented = riff_chunk(b"VP8X", b"\x08" + screen), image
    film = riff_chunk(b"VP8X", b"\x02" + screen), riff_chunk(b"ANIM", bytes(6))
    frame = riff_chunk(b"ANMF", bytes(6) + b"\x3f\0\0" * 2 + b"\1\0\0\0" + image)
    count = max(1, size // len(frame) - 1)
    return {
        "webp: private chunks": riff(*still, riff_chunk(b"abcd") * max(1, size // 8 - 20)),
        "webp: frames of a film": riff(*film, frame * count),
        "webp: EXIF fractions": riff(*oriented, riff_chunk(b"EXIF", _fractions(size))),
    }


def _fractions(size: int) -> bytes:
    """EXIF data with three long lists of fractions, all in the same bytes."""
    count = max(1, (size - 200) // 8)
    entries = [struct.pack(">HHII", 1000 + n, 5, count, 62) for n in range(3)]
    return struct.pack(">2sHIH", b"MM", 42, 8, 4) + _ORIENTATION + b"".join(entries) + bytes(4) + b"\1" * 8 * count
