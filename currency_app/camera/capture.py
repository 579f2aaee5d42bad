"""Cameras, streams and video files as OpenCV opens them, without its messages on standard error.

OpenCV and FFmpeg write warnings about an absent camera or a broken file to standard error, which many users hear read
aloud. They are silenced here; what the user has to know arrives as a SourceError.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable
from typing import Protocol, cast
from urllib.parse import quote

# OpenCV reads its level while it loads, FFmpeg when it opens its first file; -8 is FFmpeg's "quiet".
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
# Without this, Windows' Media Foundation takes up to half a minute to open some cameras.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")

import cv2

from currency_app.arrays import Image
from currency_app.camera.pixels import PixelConverter

CAMERA_SIZE = (640, 480)
"""Width and height, in pixels, that a camera is asked for: a larger picture takes longer to decompress."""
STREAM_TIMEOUT_MS = 5000
"""Milliseconds to wait for a stream to open. Chosen by hand."""
READ_TIMEOUT_MS = 2000
"""Milliseconds to wait for a stream's next frame, as long as `live.STALL_S`."""
DEFAULT_FPS = 30.0
"""Frames per second of a video whose own figure cannot be true."""
MAX_FPS = 240.0
"""Highest frame rate that a video file is believed. Chosen by hand."""
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


def silence_opencv() -> None:
    """Stop OpenCV's own messages, even if it was loaded before this module."""
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


class Capture(Protocol):
    """An open camera or stream: `OpenCVCapture`, or a scripted one in tests."""

    def read(self) -> Image | None:
        """Wait for the next frame and return it, uint8 [height, width, 3] BGR; None if reading failed.

        Raises SourceError if it never will succeed.
        """
        ...

    def close(self) -> None:
        """Release the device. Never called while `read` runs."""
        ...


OpenCapture = Callable[[], Capture | None]
"""Opens a camera or stream; returns None if that fails."""


class OpenCVCapture:
    """A cv2.VideoCapture that returns None or False instead of raising, and colour whatever the camera gives."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self._converter = PixelConverter()

    @property
    def fps(self) -> float:
        """Frames per second as the file states them; DEFAULT_FPS if it states none from 1 to MAX_FPS."""
        fps = self._capture.get(cv2.CAP_PROP_FPS)
        return fps if math.isfinite(fps) and 1.0 <= fps <= MAX_FPS else DEFAULT_FPS

    @property
    def frame_count(self) -> int:
        """Number of frames that a recording states, 0 for a stream without an end."""
        count = self._capture.get(cv2.CAP_PROP_FRAME_COUNT)
        return int(count) if math.isfinite(count) and count > 0 else 0

    @property
    def timestamp(self) -> float:
        """Time of the frame that `grab` stepped to, seconds, as the file tells it; NaN if it does not."""
        try:
            return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1e3
        except cv2.error:
            return math.nan

    def grab(self) -> bool:
        """Step to the next frame. Return False at the end, or if the rest cannot be read."""
        try:
            return self._capture.grab()
        except cv2.error:
            return False

    def retrieve(self) -> Image | None:
        """Decode the frame that `grab` stepped to, uint8 [height, width, 3] BGR; None if that fails.

        Raises SourceError if the camera gives what cannot be made into colour.
        """
        try:
            ok, image = self._capture.retrieve()
            return self._converter.to_bgr(image, self._code) if ok and image is not None else None
        except cv2.error:
            return None

    def read(self) -> Image | None:
        """Step to the next frame and decode it, uint8 [height, width, 3] BGR; None if either fails."""
        return self.retrieve() if self.grab() else None

    def close(self) -> None:
        """Release the device or file."""
        self._capture.release()

    @property
    def _code(self) -> str:
        """The four letters of the format, such as "MJPG"; empty if it is not known."""
        code = self._capture.get(cv2.CAP_PROP_FOURCC)
        return int(code).to_bytes(4, "little").decode("latin-1") if 0 < code < 2**32 else ""


def open_camera(device: int | str) -> OpenCVCapture | None:
    """Open a camera by its number or device file, and ask it for CAMERA_SIZE. Return None if there is none."""
    silence_opencv()
    # Named if the system has one right backend: trying the others prints warnings and takes time.
    backend = {"linux": cv2.CAP_V4L2, "darwin": cv2.CAP_AVFOUNDATION}.get(sys.platform, cv2.CAP_ANY)
    capture = _open(lambda: cv2.VideoCapture(device, backend))
    if capture is None:
        return None
    # Uncompressed frames halve the frame rate of many USB cameras, and a larger picture takes as long to decompress as
    # to recognize. A camera that supports neither MJPG nor this size keeps its own settings.
    capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, CAMERA_SIZE[0])
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, CAMERA_SIZE[1])
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return OpenCVCapture(capture)


def open_url(url: str) -> OpenCVCapture | None:
    """Open an http or rtsp address. Return None if no video answers there within STREAM_TIMEOUT_MS."""
    silence_opencv()
    options = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, STREAM_TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_TIMEOUT_MS]
    # Each further thread of a decoder holds back one more frame, and by itself it takes one for each processor.
    options += [cv2.CAP_PROP_N_THREADS, 1]
    encoded = ascii_url(url)
    capture = _open(lambda: cv2.VideoCapture(encoded, cv2.CAP_FFMPEG, options))
    return None if capture is None else OpenCVCapture(capture)


def ascii_url(url: str) -> str:
    """Return an address in which what is not ASCII is written as %FF: bytes that are no UTF-8 crash OpenCV."""
    return quote(os.fsencode(url), safe=_ASCII)


def open_file(path: str) -> OpenCVCapture | None:
    """Open a video file. Return None if it is not one."""
    silence_opencv()
    # Bytes, because a name that is no UTF-8 crashes OpenCV; not bare, because FFmpeg takes "a:b.mp4" for an address.
    name = os.fsencode(os.path.join(os.curdir, path))  # noqa: PTH118
    capture = _open(lambda: cv2.VideoCapture(cast(str, name), cv2.CAP_FFMPEG))
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
