"""JPEG files that lack their end: whether the whole picture came all the same.

A copy that was broken off, or a program that did not finish, leaves a file without the marker EOI at its end. Decoders
draw what is missing in grey, or in whatever the bytes behind it happen to say. So the data are continued in several
ways, with bits that mean different things: what is drawn alike in all of them needed none of these bits, so it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PIL import Image, ImageChops

MAX_LOST_SHARE = 0.02
"""Share of a picture that may be missing, all of it in the last row of blocks: at most 16 lines at the lower edge, such
as when 20 bytes were lost. Less than what a finger covers at the edge. Chosen by hand."""

_EOI = b"\xff\xd9"
_CONTINUED = (b"", b"\x92\x49\x24" * 40, bytes(41 + 73 * i % 211 for i in range(120)))
"""What the data are continued with; none of the bytes is 255, which would begin a marker. Nothing counts as zeros."""
_MIN_PADDING = 16
"""Zero bytes at the end of a file, from which they are no picture: disks leave them where a file was not written."""
_NO_DATA = ({128}, {127})
"""Levels of channels for which a decoder has no data; the second where ink is stored as its opposite."""
_STRIP = 256
"""Lines that are compared at a time, to save memory."""
_MAX_LOW_BITS = 1
"""Bits of each coefficient's precision that a progressive picture may lack; with one, steps are twice as coarse."""

# Within a scan's own data, a byte of 255 is followed by 0 or by the marker of a restart.
JPEG_MARKER = re.compile(rb"\xff([^\x00\xd0-\xd7\xff])")
_SOS, _END = 0xDA, 0xD9
MARKERS_WITHOUT_LENGTH = (0x01, 0xD8)
"""Markers that no length follows: TEM and SOI; ITU-T T.81, table B.1."""
_NO_FRAME = (0xC4, 0xC8, 0xCC)
"""Markers from C0 to CF that do not begin a frame: DHT, JPG and DAC; ITU-T T.81, table B.1."""
_PROGRESSIVE = (0xC2, 0xC6, 0xCA, 0xCE)


@dataclass(frozen=True)
class _Scan:
    """components: their ids. first, last: coefficients, 0..63. low: lowest bit that it gives."""

    components: bytes
    first: int
    last: int
    low: int


@dataclass(frozen=True)
class JpegParts:
    """What the markers of a JPEG file's first picture say."""

    scans: Sequence[_Scan]
    """In their order; the last may be cut short."""
    components: bytes
    """Ids of its colour channels."""
    block_lines: int
    """Lines of the picture that a row of blocks is high: 8 or more."""
    progressive: bool
    """Whether it is drawn in several passes, each over the whole of it."""
    lines: int
    """Height of the picture at its full size, pixels."""
    ended: bool
    """Whether the marker of its end is there."""
    end: int
    """Where the data of the picture end: before that marker, or before a segment that was cut."""


def jpeg_parts(data: bytes) -> JpegParts:
    """Read the markers of a JPEG file, up to the end of its first picture.

    Phones append films and further pictures behind it, in which any bytes may occur.
    """
    at, scans, components, block, height, progressive, ended, end = 2, [], b"", 8, 0, False, False, len(data)
    while found := JPEG_MARKER.search(data, at):
        marker, at = found[1][0], found.end()
        if marker == _END:
            ended, end = True, found.start()
            break
        if marker in MARKERS_WITHOUT_LENGTH:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        body, at = data[at + 2 : at + length], at + length
        if at > len(data):
            end = found.start()
            break
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, components, progressive = int.from_bytes(body[1:3], "big"), body[6::3], marker in _PROGRESSIVE
            block = 8 * max((both & 15 for both in body[7::3]), default=1)
        elif marker == _SOS and body and len(body) >= 4 + 2 * body[0]:
            count = body[0]
            first, last, low = body[1 + 2 * count], body[2 + 2 * count], body[3 + 2 * count] & 15
            scans.append(_Scan(body[1 : 1 + 2 * count : 2], first, last if progressive else 63, low))
    return JpegParts(scans, components, max(block, 8), progressive, height, ended, end)


def close_jpeg(data: bytes, parts: JpegParts) -> bytes:
    """Return a JPEG file with an end behind what came of its picture."""
    return _begun(data, parts) + _EOI


def may_lack_lines(drawn: Image.Image) -> bool:
    """Whether a picture ends in the grey that stands for missing data.

    It does if a program put an end to a file that was cut.
    """
    corner = drawn.crop((max(drawn.width - 8, 0), drawn.height - 1, drawn.width, drawn.height))
    return set(corner.tobytes()) in _NO_DATA


def lost_share(data: bytes, parts: JpegParts, drawn: Image.Image, draw: Callable[[bytes], Image.Image]) -> float:
    """Return how much of a JPEG's picture is missing, 0..1; 0 also if that is no more than may be.

    drawn: its picture as `draw` gives it for `close_jpeg`. draw: decodes a file at any scale, always the same.
    """
    if _is_drawn(parts, parts.scans[:-1]):
        return 0.0  # all that the last scan adds is precision
    if not _is_drawn(parts, parts.scans):
        return 1.0
    begun = _begun(data, parts)
    width, height = drawn.size
    left, top = width, height
    for tail in _CONTINUED[1:]:
        x, y = _first_difference(drawn, draw(begun + tail + _EOI))
        left, top = (left, top) if (top, left) <= (y, x) else (x, y)
    if top == height:
        return 0.0
    # Colours are often stored at half the size, and smoothed over one line when they are enlarged.
    scale = max(round(parts.block_lines * height / max(parts.lines, height)), 1)
    top = (top + 1) // scale * scale
    in_last_row = top >= (height - 1) // scale * scale
    share = (width - left if in_last_row else width) * (height - top) / (width * height)
    return 0.0 if in_last_row and share <= MAX_LOST_SHARE else max(share, 1e-9)


def _is_drawn(parts: JpegParts, scans: Sequence[_Scan]) -> bool:
    """Whether scans that came whole give every coefficient of every channel, but for its lowest bits."""
    low = {component: [99] * 64 for component in parts.components}
    for scan in scans:
        for component in scan.components:
            if component in low:
                low[component][scan.first : scan.last + 1] = [scan.low] * (scan.last + 1 - scan.first)
    most = _MAX_LOW_BITS if parts.progressive else 0
    return bool(low) and all(max(bits) <= most for bits in low.values())


def _begun(data: bytes, parts: JpegParts) -> bytes:
    """Return the data without what a broken copy leaves behind them: zeros, and half of a marker."""
    data = data[: parts.end]
    body = data.rstrip(b"\0")
    padding = len(data) - len(body)
    if body.endswith(b"\xff"):
        return body + b"\0" if padding else body[:-1]  # a byte of 255 is stored with a zero behind it
    return body if padding >= _MIN_PADDING else data


def _first_difference(one: Image.Image, other: Image.Image) -> tuple[int, int]:
    """Return column and line at which two pictures of one size begin to differ; its width and height if nowhere.

    The column is the first in all of the lines that follow within a row of blocks.
    """
    width, height = one.size
    for top in range(0, height, _STRIP):
        box = (0, top, width, min(top + _STRIP, height))
        here, there = one.crop(box), other.crop(box)
        if here.tobytes() == there.tobytes():
            continue
        differing = ImageChops.difference(here, there)
        found = differing.getbbox(alpha_only=False)
        if found is not None:
            return found[0], top + found[1]
    return width, height
