"""A camera in virtual time: it sees a stage, and has every trouble that a camera can have."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from currency_app.camera.capture import OpenCVCapture
from tests.support.chaos.stage import Stage
from tests.support.chaos.virtual_time import VirtualTime

Spoil = Callable[[Any], Any]
"""Makes what the driver gives out of what it should give: an array of any kind, or None."""


class ChaosCamera:
    """A camera on the desk. What is public may be set at any time, and holds for the next picture."""

    def __init__(self, time: VirtualTime, stage: Stage, chance: random.Random, fps: float) -> None:
        self.fps = fps
        self.present = True
        """Whether it is plugged in."""
        self.hangs = False
        """Whether the driver hangs, in what it is called for next, until this is False again."""
        self.frozen = False
        """Whether it repeats its last picture."""
        self.error: Exception | None = None
        """What the driver raises."""
        self.damaged = 0.0
        """Share of the pictures that cannot be decoded."""
        self.spoil: Spoil | None = None
        self.good: list[float] = []
        """When each picture was given that shows the stage as it is."""
        self.opened = 0
        self._time = time
        self._stage = stage
        self._chance = chance
        self._last: Any = None

    def open(self, _: int | str) -> OpenCVCapture | None:
        """Open it, as `capture.open_camera` does."""
        self._time.block(lambda: not self.hangs)
        self._time.sleep(0.2)
        if self.error is not None:
            raise self.error
        if not self.present:
            return None
        self.opened += 1
        return OpenCVCapture(_DriverCapture(self))  # type: ignore[arg-type]

    def wait(self) -> bool:
        """Wait for a picture, as long as one takes; return whether there is one."""
        self._time.sleep(1 / self.fps)
        self._time.block(lambda: not self.hangs)
        if self.error is not None:
            raise self.error
        return self.present

    def picture(self) -> Any:
        """Return what the driver gives."""
        now = self._time.now
        if self._chance.random() < self.damaged:
            return None
        if not self.frozen or self._last is None:
            self._last = self._stage.picture(now)
            if self.spoil is None:
                self.good.append(now)
        return self._last if self.spoil is None else self.spoil(self._last)


class _DriverCapture:
    """What of a cv2.VideoCapture the app uses."""

    def __init__(self, camera: ChaosCamera) -> None:
        self._camera = camera
        self._gone = False

    def get(self, _: int) -> float:
        return 0.0

    def grab(self) -> bool:
        if self._gone:
            return False
        there = self._camera.wait()
        # A handle does not come back with the camera.
        self._gone = not there
        return there

    def retrieve(self) -> tuple[bool, Any]:
        picture = self._camera.picture()
        return picture is not None, picture

    def release(self) -> None:
        self._gone = True


def black(picture: Any) -> Any:
    """A closed cover."""
    return np.zeros_like(picture)


def green(picture: Any) -> Any:
    """What a decoder makes of no data at all: YUV of zeros."""
    empty = np.zeros((*picture.shape[:2], 2), np.uint8)
    return cv2.cvtColor(empty, cv2.COLOR_YUV2BGR_YUYV)


def half_green(picture: Any) -> Any:
    """A picture whose lower half has not come."""
    spoilt = picture.copy()
    spoilt[len(spoilt) // 2 :] = green(picture)[len(spoilt) // 2 :]
    return spoilt


def grey(picture: Any) -> Any:
    return picture[:, :, 1].copy()


def with_alpha(picture: Any) -> Any:
    return np.dstack([picture, np.full(picture.shape[:2], 255, np.uint8)])


def sized(width: int, height: int) -> Spoil:
    """Pictures of another size."""
    return lambda picture: cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def nothing(picture: Any) -> Any:
    """An array without any pixel."""
    return picture[:0]
