"""Frames from cameras, streams, video files and folders; `open_source` opens what the user typed."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

from currency_app.camera.base import Source
from currency_app.camera.black import is_black
from currency_app.camera.capture import CAMERA_SIZE
from currency_app.camera.listing import CameraListing, list_cameras
from currency_app.camera.movement import Movement
from currency_app.camera.pacing import Clock, Pacer, Sleep
from currency_app.camera.video import open_video
from currency_app.errors import SourceError
from currency_app.paths import printable, public_name

__all__ = [
    "CAMERA_SIZE",
    "CameraListing",
    "Clock",
    "Movement",
    "Pacer",
    "Sleep",
    "Source",
    "is_black",
    "is_live",
    "list_cameras",
    "may_be_live",
    "open_source",
    "open_video",
]

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def open_source(text: str, *, realtime: bool, clock: Clock = time.perf_counter, sleep: Sleep = time.sleep) -> Source:
    """Open a camera's number or device file, a video file, a folder of pictures, or an http or rtsp address.

    realtime: play a file or folder at its own speed and drop the frames that the reader misses, instead of giving
    every frame. It makes no difference to a camera or a live stream.
    clock, sleep: seconds. They time live frames, and pace whatever is played in real time.
    Raises SourceError, with a one-line message, if there is no such source or it cannot be read.
    """
    from currency_app.camera.webcam import find_camera, open_webcam

    camera = find_camera(text)
    if camera is not None:
        return open_webcam(camera, clock=clock)
    if _ADDRESS.match(text):
        from currency_app.camera.stream import SCHEMES, open_stream

        if text.partition(":")[0].lower() not in SCHEMES:
            raise _unknown(text)
        try:
            os.fsencode(text)
        except UnicodeError as error:  # letters that no command line can give
            raise _unknown(text) from error
        return open_stream(text, realtime=realtime, clock=clock, sleep=sleep)
    return _open_path(text, realtime=realtime, clock=clock, sleep=sleep)


def is_live(source: Source) -> bool:
    """Whether a source is a camera or a live stream, which has no end of its own."""
    from currency_app.camera.live import LiveSource

    return isinstance(source, LiveSource)


def may_be_live(text: str) -> bool:
    """Whether `open_source` may open a camera or live stream for a text: if it is no file, folder or nonsense."""
    from currency_app.camera.webcam import find_camera

    return find_camera(text) is not None or _ADDRESS.match(text) is not None


def _open_path(text: str, *, realtime: bool, clock: Clock, sleep: Sleep) -> Source:
    path = Path(text)
    try:
        is_folder, is_file, exists = path.is_dir(), path.is_file(), path.exists()
    except (OSError, ValueError) as error:
        raise _unknown(text) from error
    if not text.strip():
        raise _unknown(text)
    if is_folder:
        from currency_app.camera.folder import open_folder

        return open_folder(path, realtime=realtime, clock=clock, sleep=sleep)
    if not exists:
        name = public_name(text)
        raise SourceError(
            f"No file or folder {'of this name' if name is None else name} was found. "
            "A source is a camera number, a video file, a folder of pictures, or an http or rtsp address."
        )
    if not is_file:
        raise _unknown(text)
    from currency_app.images import IMAGE_SUFFIXES

    if path.suffix.lower() in IMAGE_SUFFIXES - {".gif"}:
        name = printable(text)
        raise SourceError(f"{name} is one picture. Try `currency-app identify {name}`.")
    from currency_app.camera.video import open_video

    return open_video(path, realtime=realtime, clock=clock, sleep=sleep)


def _unknown(text: str) -> SourceError:
    name = public_name(text)
    what = "This address" if name is None else f'"{name}"'
    return SourceError(
        f"{what} is not a source. Give a camera number, a video file, a folder of pictures, or an http or rtsp address."
    )
