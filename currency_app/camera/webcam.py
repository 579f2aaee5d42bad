"""A camera of this computer, opened by its number or its device file."""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections.abc import Callable
from pathlib import Path

from currency_app.camera.capture import Capture, open_camera
from currency_app.camera.listing import list_cameras, no_access
from currency_app.camera.live import LiveSource
from currency_app.camera.pacing import Clock

_NUMBER = re.compile(r"(?:/dev/video)?([0-9]{1,4})")
# Links in here go away with the camera, and come back with it under the same name.
_LINKS = re.compile(r"/dev/v4l/by-(id|path)/.+")
_VIDEO4LINUX = 81
"""Linux's number for the kind of device file that a camera is."""


def find_camera(text: str) -> int | str | None:
    """Return the camera that a source names, None if it names none.

    It is the camera's number, else its device file or a link to one.
    """
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return int(number[1])
    return text if _LINKS.fullmatch(text) or isinstance(_behind(text), int) or _is_device(text) else None


def open_webcam(
    camera: int | str,
    *,
    clock: Clock = time.perf_counter,
    opener: Callable[[int | str], Capture | None] = open_camera,
) -> LiveSource:
    """Open a camera, as `find_camera` names it. Raises SourceError if it is absent or gives no picture.

    clock: seconds. opener: opens a camera by its number or device file, or returns None; a fake in tests.
    """
    # A link may lead to another number once the camera was unplugged.
    source = LiveSource(f"camera {camera}", lambda: opener(_behind(camera)), clock=clock)
    source.start(
        absent=lambda: _why_absent(camera),
        silent=_why_silent(camera),
    )
    return source


def _behind(camera: int | str) -> int | str:
    """Return the number of a camera if a link leads to one, else the camera as it is."""
    if isinstance(camera, int):
        return camera
    try:
        number = re.fullmatch(r"/dev/video([0-9]{1,4})", os.path.realpath(camera))
    except (OSError, ValueError):
        return camera
    return camera if number is None else int(number[1])


def _is_device(text: str) -> bool:
    try:
        found = Path(text).stat()
    except (OSError, ValueError):
        return False
    return sys.platform == "linux" and stat.S_ISCHR(found.st_mode) and os.major(found.st_rdev) == _VIDEO4LINUX


def _why_absent(camera: int | str) -> str:
    device = Path(f"/dev/video{camera}" if isinstance(camera, int) else camera)
    if sys.platform == "linux" and device.exists() and not os.access(device, os.R_OK | os.W_OK):
        return no_access(camera)
    found = list_cameras()
    others = [other for other in found if other.number != _behind(camera)]
    listed = "; ".join(f"camera {other.number}, {other.name}" for other in others)
    if len(others) < len(found):  # it is there, but a meeting may have it
        also = f" There is also {listed}: choose one by its number with --source." if others else ""
        return _why_silent(camera, allow=_allow()) + also
    if others:
        return f"No camera {camera} was found, but there is {listed}. Choose one by its number with --source."
    return f"No camera {camera} was found. Plug one in, {_allow()}or try `currency-app demo`."


def _why_silent(camera: int | str, allow: str = "") -> str:
    return (
        f"Camera {camera} gives no picture. Close other programs that use it, {allow}or unplug it and plug it in again."
    )


def _allow() -> str:
    return "" if sys.platform == "linux" else "allow it in the system's privacy settings, "
