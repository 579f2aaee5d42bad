"""OpenCV's devices and streams behind the few calls that this package needs, and without their noise.

OpenCV and FFmpeg write warnings about an absent camera or a broken file on standard error, which many users hear
read aloud. They are silenced here; what the user has to know arrives as a SourceError.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from typing import Protocol

import numpy as np

# Read while OpenCV loads, FFmpeg's level when the first file is opened; -8 is its "quiet".
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
# Without this, Windows' Media Foundation takes up to half a minute to open some cameras.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")

import cv2

from currency_app.arrays import Image

CAMERA_SIZE = (640, 480)
STREAM_TIMEOUT_MS = 5000
READ_TIMEOUT_MS = 2000
DEFAULT_FPS = 30.0
MAX_FPS = 240.0


def silence_opencv() -> None:
    """Stop OpenCV's own messages, also where it was loaded before this module."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


class Capture(Protocol):
    """An open camera or stream. `OpenCVCapture` is the real one; the tests have one that follows a script."""

    def read(self) -> Image | None:
        """Block until the next picture, uint8 [height, width, 3] BGR. None if there was none."""
        ...

    def close(self) -> None:
        """Let the device go. Not called while `read` runs."""
        ...


OpenCapture = Callable[[], Capture | None]
"""Opens a camera or stream; None where that fails."""


class OpenCVCapture:
    """cv2.VideoCapture that answers None or False instead of raising."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture

    @property
    def fps(self) -> float:
        """Frames per second as the file says; DEFAULT_FPS where it says nothing that can be true."""
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        return fps if math.isfinite(fps) and 1.0 <= fps <= MAX_FPS else DEFAULT_FPS

    @property
    def frame_count(self) -> int:
        """How many frames a recording says it has, 0 for what has no end."""
        count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        return int(count) if math.isfinite(count) and count > 0 else 0

    def grab(self) -> bool:
        """Step to the next frame. False at the end, or where the rest cannot be read."""
        try:
            return self._capture.grab()
        except cv2.error:
            return False

    def retrieve(self) -> Image | None:
        """The frame last stepped to, None if it cannot be decoded."""
        try:
            ok, image = self._capture.retrieve()
        except cv2.error:
            return None
        return np.asarray(image, dtype=np.uint8) if ok and image is not None and image.size else None

    def read(self) -> Image | None:
        return self.retrieve() if self.grab() else None

    def close(self) -> None:
        self._capture.release()


def open_camera(number: int) -> OpenCVCapture | None:
    """Open a camera by its number and ask for small frames; None where there is none."""
    silence_opencv()
    # Named outright where there is one right answer: the others print warnings and take time.
    backend = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION}.get(sys.platform, cv2.CAP_ANY)
    capture = _open(lambda: cv2.VideoCapture(number, backend))
    if capture is None:
        return None
    # Uncompressed frames halve the frame rate of many USB cameras, and a larger picture costs as much
    # to decompress as to recognize. A camera that knows neither goes on with what it has.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, CAMERA_SIZE[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, CAMERA_SIZE[1])
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return OpenCVCapture(capture)


def open_url(url: str) -> OpenCVCapture | None:
    """Open an http or rtsp address; None where nothing that can be played answers within a few seconds."""
    silence_opencv()
    timeouts = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, STREAM_TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS]
    capture = _open(lambda: cv2.VideoCapture(url, cv2.CAP_FFMPEG, timeouts))
    return None if capture is None else OpenCVCapture(capture)


def open_file(path: str) -> OpenCVCapture | None:
    """Open a video file; None where it is not one."""
    silence_opencv()
    capture = _open(lambda: cv2.VideoCapture(path, cv2.CAP_FFMPEG))
    return None if capture is None else OpenCVCapture(capture)


def _open(make: Callable[[], cv2.VideoCapture]) -> cv2.VideoCapture | None:
    try:
        capture = make()
    except cv2.error:
        return None
    if not capture.isOpened():
        capture.release()
        return None
    return capture
