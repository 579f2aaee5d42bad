"""Video files for tests, written from drawn frames that carry their number."""

from __future__ import annotations

from collections.abc import Iterable
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
