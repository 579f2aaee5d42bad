"""Pictures to send: drawn notes in a drawn room, as files of the kinds that clients make."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from currency_app.demo.scene import DemoScene
from currency_app.events import Frame


@cache
def scene(index: int) -> npt.NDArray[np.uint8]:
    """A frame of the demonstration, uint8 [480, 640, 3] BGR; about every second one of its first 700 shows a note."""
    drawn = DemoScene(realtime=False)
    frame = next(e for e in drawn.events() if isinstance(e, Frame) and e.index == index)
    return frame.image


@cache
def held_note() -> npt.NDArray[np.uint8]:
    """A note held still in the middle of the demonstration's first showing."""
    drawn = DemoScene(realtime=False)
    shown = drawn.schedule[0]
    return scene(round((shown.start_s + shown.end_s) / 2 * 15))


def encoded(picture: npt.NDArray[np.uint8], kind: str = "JPEG", **options: Any) -> bytes:
    """A picture, uint8 [h, w, 3] BGR, as a file."""
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(picture[:, :, ::-1])).save(stream, kind, **options)
    return stream.getvalue()


@cache
def note_jpeg() -> bytes:
    """A held note as a webcam's JPEG of 640x480 pixels."""
    return encoded(held_note(), quality=90)
