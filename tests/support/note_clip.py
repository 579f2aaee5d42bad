"""A video file in which drawn notes are held up one after the other, for as long as a test needs each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2

from currency_app.arrays import Image
from currency_app.demo.scene import DEMO_FPS, DemoScene

NOTE_S = 2.0
"""Seconds that a note is in view, more than it takes to be sure of it."""
EMPTY_S = 1.8
"""Seconds of the empty room between two notes: more than it takes for one to have left."""


def note_pictures(values: Iterable[int], around_s: float = EMPTY_S) -> Iterator[Image]:
    """Yield DEMO_FPS pictures a second: the empty room, a note, the empty room, and so on.

    around_s: seconds of the empty room before the first note and after the last one.
    """
    scene = DemoScene(realtime=False)
    middle_s = {note.value: (note.start_s + note.end_s) / 2 for note in scene.schedule}
    first_note = int(min(note.start_s for note in scene.schedule) / 2 * DEMO_FPS)

    def empty_room(seconds: float) -> Iterator[Image]:
        return (scene.picture(number % first_note) for number in range(round(seconds * DEMO_FPS)))

    empty_s = around_s
    for value in values:
        yield from empty_room(empty_s)
        begin = round((middle_s[value] - NOTE_S / 2) * DEMO_FPS)
        yield from map(scene.picture, range(begin, begin + round(NOTE_S * DEMO_FPS)))
        empty_s = EMPTY_S
    yield from empty_room(around_s)


def write_note_clip(path: Path, values: Iterable[int], around_s: float = EMPTY_S) -> None:
    """Write an .avi file of `note_pictures`."""
    writer: cv2.VideoWriter | None = None
    for picture in note_pictures(values, around_s):
        if writer is None:
            size = picture.shape[1], picture.shape[0]
            writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), DEMO_FPS, size)
            assert writer.isOpened()
        writer.write(picture)
    if writer is not None:
        writer.release()
