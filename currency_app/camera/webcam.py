"""A camera of this computer, opened by its number."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from currency_app.camera.capture import Capture, open_camera
from currency_app.camera.live import LiveSource, require_picture
from currency_app.camera.pacing import Clock
from currency_app.errors import SourceError


def open_webcam(
    number: int,
    *,
    clock: Clock = time.monotonic,
    opener: Callable[[int], Capture | None] = open_camera,
) -> LiveSource:
    """Open camera `number`, counted from 0. Raises SourceError if it is absent or gives no picture.

    clock: seconds. opener: opens a camera by its number, or returns None; a fake in tests.
    """
    capture = opener(number)
    if capture is None:
        raise SourceError(_why_absent(number))
    require_picture(
        capture,
        f"Camera {number} gives no picture. Close other programs that use it, or unplug it and plug it in again.",
    )
    return LiveSource(f"camera {number}", lambda: opener(number), capture=capture, clock=clock)


def _why_absent(number: int) -> str:
    device = Path(f"/dev/video{number}")
    if sys.platform == "linux" and device.exists() and not os.access(device, os.R_OK | os.W_OK):
        return (
            f"Camera {number} may not be used by this account. "
            "Add it to the group video with `sudo usermod -aG video $USER` and log in again."
        )
    return f"No camera {number} was found. Plug one in, or try `currency-app demo`."
