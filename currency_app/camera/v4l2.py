"""What a camera of Linux calls itself and which pictures it offers, asked of its driver by Video4Linux.

One camera often has several device files, of which only some give pictures: the others give what is measured beside
them, or are written to. Numbers and structures are those of `linux/videodev2.h`.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

QUERYCAP, ENUM_FMT, ENUM_FRAMESIZES, ENUM_FRAMEINTERVALS = 0x80685600, 0xC0405602, 0xC02C564A, 0xC034564B
"""The requests `VIDIOC_...`, the same on all processors that the app runs on."""

_CAPTURE = 1
"""`V4L2_CAP_VIDEO_CAPTURE`, and the type of the formats of pictures."""
_DEVICE_CAPS = 0x80000000
"""`V4L2_CAP_DEVICE_CAPS`: what this one file can do is told apart from what the whole camera can."""
_DISCRETE = 1
"""The type of sizes and times that are listed one by one; others give a range."""
_MAX_LISTED = 256
"""Formats, sizes or times that a driver is asked for; no camera has as many. Chosen by hand."""

_CAPABILITY = struct.Struct("=16s32s32s3I12x")
_FORMAT = struct.Struct("=3I32s2I12x")
_SIZE = struct.Struct("=3I6I8x")
_INTERVAL = struct.Struct("=5I6I8x")

Control = Callable[[int, int, bytearray], object]
"""Asks a driver: the open file, a request and its structure, which the answer replaces. Raises OSError."""


@dataclass(frozen=True)
class CameraMode:
    """Pictures of one size and format that a camera offers."""

    width: int
    """Pixels."""
    height: int
    """Pixels."""
    pixel_format: str
    """The format by its four letters, such as "MJPG" or "YUYV"."""
    frames_per_second: tuple[float, ...]
    """The rates, fastest first; empty if the driver does not tell."""


@dataclass(frozen=True)
class DriverReport:
    """What a driver tells of one device file."""

    name: str
    """What the camera calls itself."""
    gives_pictures: bool
    """Whether this file gives pictures at all."""
    modes: tuple[CameraMode, ...]
    """The pictures that it offers, those of the largest size first."""


def _ioctl(file: int, request: int, data: bytearray) -> object:
    import fcntl

    return fcntl.ioctl(file, request, data)


def ask_driver(path: str, control: Control = _ioctl) -> DriverReport:
    """Ask the driver of a device file. Raises OSError if the file cannot be opened or is no camera's.

    A camera that another program uses answers too. control: asks; a fake in tests.
    """
    file = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        answer = bytearray(_CAPABILITY.size)
        control(file, QUERYCAP, answer)
        _, card, _, _, whole, device = _CAPABILITY.unpack(answer)
        gives_pictures = bool((device if whole & _DEVICE_CAPS else whole) & _CAPTURE)
        modes = sorted(_modes(file, control), key=lambda mode: -mode.width * mode.height) if gives_pictures else []
        return DriverReport(_text(card), gives_pictures, tuple(modes))
    finally:
        os.close(file)


def _modes(file: int, control: Control) -> Iterator[CameraMode]:
    for fmt in _listed(file, control, ENUM_FMT, _FORMAT, lambda index: (index, _CAPTURE, 0, b"", 0, 0)):
        code = fmt[4]
        letters = int(code).to_bytes(4, "little").decode("ascii", errors="replace").strip()
        for found in _listed(file, control, ENUM_FRAMESIZES, _SIZE, partial(_size_question, code)):
            # Of a range, the smallest and the largest: minimum, maximum and step, first across, then down.
            sizes = [found[3:5]] if found[2] == _DISCRETE else [(found[4], found[7]), (found[3], found[6])]
            for width, height in sizes:
                yield CameraMode(width, height, letters, _rates(file, control, code, width, height))


def _size_question(code: int, index: int) -> tuple[int, ...]:
    return (index, code, *[0] * 7)


def _rates(file: int, control: Control, code: int, width: int, height: int) -> tuple[float, ...]:
    """Return frames per second of one size and format, fastest first."""

    def question(index: int) -> tuple[int, ...]:
        return (index, code, width, height, *[0] * 7)

    rates = set()
    for found in _listed(file, control, ENUM_FRAMEINTERVALS, _INTERVAL, question):
        # Of a range, the shortest and the longest time. A time is a fraction of a second.
        times = [found[5:7]] if found[4] == _DISCRETE else [found[5:7], found[7:9]]
        rates |= {round(lower / upper, 2) for upper, lower in times if upper}
    return tuple(sorted(rates, reverse=True))


def _listed(
    file: int, control: Control, request: int, layout: struct.Struct, question: Callable[[int], tuple[object, ...]]
) -> Iterator[tuple[int, ...]]:
    """Yield what a driver lists until it refuses the next entry; of a range there is one."""
    for index in range(_MAX_LISTED):
        data = bytearray(layout.pack(*question(index)))
        with contextlib.suppress(OSError):
            control(file, request, data)
            yield layout.unpack(data)
            continue
        return


def _text(raw: bytes) -> str:
    return raw.split(b"\0")[0].decode("utf-8", errors="replace").strip()
