"""Video files for tests, written from drawn frames that carry their number."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2

from tests.support.mjpeg_server import HEIGHT, WIDTH, draw


def write_video(path: Path, numbers: Iterable[int], fps: float = 15.0) -> None:
    """Write an .avi (MJPG, cut off anywhere still readable) or .mp4 file with one drawn frame for each number."""
    codec = "MJPG" if path.suffix == ".avi" else "mp4v"
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*codec), fps, (WIDTH, HEIGHT))
    assert writer.isOpened()
    for number in numbers:
        writer.write(draw(number))
    writer.release()


def write_variable_video(path: Path, steps: Sequence[int], fps: float = 15.0) -> None:
    """Write an .mp4 file of len(steps) + 1 numbered frames; steps: what lies between two of them, in 1 / fps seconds.

    OpenCV cannot write a variable frame rate, so the file's table of durations is written anew.
    """
    write_video(path, range(len(steps) + 1), fps)
    data = bytearray(path.read_bytes())
    at = data.find(b"stts")
    size, (count, tick) = _number(data, at - 4), struct.unpack(">II", data[at + 12 : at + 20])
    assert count == len(steps) + 1
    table = b"".join(struct.pack(">II", 1, tick * step) for step in (*steps, 1))
    data[at - 4 : at - 4 + size] = struct.pack(">I4sII", 16 + len(table), b"stts", 0, len(steps) + 1) + table
    for box in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):  # those around it, which have grown
        start = data.find(box) - 4
        data[start : start + 4] = struct.pack(">I", _number(data, start) + 16 + len(table) - size)
    edits = data.find(b"edts")
    if edits > 0:
        data[edits : edits + 4] = b"free"
    total = tick * (sum(steps) + 1)
    header, film = data.find(b"mdhd"), data.find(b"mvhd")
    in_film = struct.pack(">I", total * _number(data, film + 16) // _number(data, header + 16))
    data[header + 20 : header + 24] = struct.pack(">I", total)
    data[film + 20 : film + 24] = in_film
    track = data.find(b"tkhd")
    data[track + 24 : track + 28] = in_film
    path.write_bytes(data)


def _number(data: bytearray, start: int) -> int:
    return int.from_bytes(data[start : start + 4], "big")
