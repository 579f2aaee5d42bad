"""Whether the camera gives pictures, which ones, and whether there is light enough to read a note by."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from currency_app.arrays import Image
from currency_app.camera import Source, is_black
from currency_app.checks.base import CheckResult
from currency_app.errors import SourceError
from currency_app.events import CameraLost, Frame
from currency_app.guidance import Limits
from currency_app.recognition import frame_quality

WARM_UP_FRAMES = 10
"""The first pictures of many cameras are dark, until they have measured the light."""
_MIN_RATE = 12.0
"""Frames a second under which notes are read noticeably later; chosen by hand."""
_MAX_GREY_SPREAD = 2
"""Levels by which the colours of a grey picture differ at most; what turns it into BGR rounds. Chosen by hand."""


class CameraChecks:
    """Opens the camera once, takes some pictures, and tells what they show.

    open_camera: opens it. name: what users call the camera beside its number, empty if that is not known.
    """

    def __init__(self, open_camera: Callable[[], Source], name: str = "") -> None:
        self._open_camera = open_camera
        self._called = name
        self._image: Image | None = None

    def camera(self) -> CheckResult:
        """Tell the size and rate of the pictures. Fails if they are black, as with a closed lens cover."""
        source = self._open_camera()
        try:
            frame = _settled_frame(source)
        finally:
            source.close()
        if frame is None:
            raise SourceError(f"{source.name} gives no picture. Unplug it and plug it in again.")
        name = f"{source.name}, {self._called}" if self._called else source.name
        if is_black(frame.image):
            return False, f"{name} gives black pictures. Open its cover, or switch on a light."
        self._image = frame.image
        height, width = frame.image.shape[:2]
        found = f"{name}, {width}x{height}"
        if frame.t > 0:
            rate = frame.index / frame.t
            found += f", {rate:.0f} frames a second"
            if rate < _MIN_RATE:
                found += ", which is slow. Most cameras take fewer pictures in dim light: switch on a light"
        if _is_grey(frame.image):
            found += (
                ". Its pictures are grey, as those of a laptop's infrared camera: `currency-app devices` lists others"
            )
        return True, found

    def light(self) -> CheckResult | None:
        """Tell whether it is too dark or too bright in the middle of the picture, where notes are held."""
        if self._image is None:
            return None
        limits, light = Limits(), frame_quality(self._image).light
        measured = f"brightness {light:.0f} of 255 in the middle of the picture"
        if light < limits.dark:
            return False, (
                f"too dark to read notes: {measured}, and {limits.dark:.0f} are needed. "
                "Switch on a light that shines on the note, not into the camera."
            )
        if light > limits.bright_room:
            return False, (
                f"too bright to read notes: {measured}, and {limits.bright_room:.0f} are the most. "
                "Turn the camera away from the window or lamp."
            )
        return True, measured


def _settled_frame(source: Source) -> Frame | None:
    """Return the newest picture once the camera has measured the light; None if it gives none.

    Raises SourceError if it stops, or repeats one picture, before that: what it gave says nothing of what it gives.
    """
    newest = None
    for event in source.events():
        if isinstance(event, CameraLost):
            if newest is None:
                break
            raise SourceError(
                f"{source.name} stops after its first pictures. "
                "Close other programs that use it, or unplug it and plug it in again."
            )
        if isinstance(event, Frame):
            newest = event
            if event.index >= WARM_UP_FRAMES:
                break
    return newest


def _is_grey(image: Image) -> bool:
    """Return whether a picture has no colour at all."""
    small = image[::8, ::8].astype(np.int16)
    return bool(np.ptp(small, axis=2).max() <= _MAX_GREY_SPREAD)
