"""A network camera on the loopback address that plays the drawn scene over and over, and stamps each picture."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from currency_app.benchmarking.chain.stamp import Stamp, write_stamp
from tests.support.live_stream import FPS, QUALITY, Film
from tests.support.mjpeg_server import MjpegServer

TICKS_PER_S = 10_000
"""A stamp tells the time in tenths of a millisecond, which is what pictures are known by."""
LEAD_PICTURES = 150
"""Pictures of an empty room before the film begins: five seconds, in which the app says that it is ready."""
COMING_IN_PICTURES = 30
"""Pictures in which a note comes in before most of it is in view, at most: it takes 0.75 seconds."""


@dataclass(frozen=True)
class ShownNote:
    """A note that came and went; both are numbers of pictures."""

    value: int
    """What it is worth."""
    first: int
    """The first picture with most of it in view."""
    last: int
    """The last picture with most of it in view."""


class StampingCamera:
    """Sends the pictures of a film at 30 a second while its server runs.

    ticks: when each picture was drawn, as its stamp tells it; the place in the list is the picture's number.
    """

    def __init__(self, film: Film) -> None:
        self.ticks: list[int] = []
        self.server = MjpegServer(FPS, self._picture)
        self._film = film
        self._empty = max(round(film.notes[0][1] * FPS) - COMING_IN_PICTURES, 1)  # pictures without a note

    def shown(self, first: int, last: int) -> Iterator[ShownNote]:
        """Yield the notes that both came and went between two pictures."""
        length = len(self._film.jpegs)
        for begin in range(LEAD_PICTURES, last, length):
            for value, start_s, end_s in self._film.notes:
                note = ShownNote(value, begin + round(start_s * FPS), begin + round(end_s * FPS))
                if first <= note.first and note.last <= last:
                    yield note

    def _picture(self, number: int) -> bytes:
        place = number % self._empty if number < LEAD_PICTURES else number - LEAD_PICTURES
        data = np.frombuffer(self._film.picture(place), np.uint8)
        picture = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
        now = time.perf_counter()
        write_stamp(picture, Stamp(now, 0, now))
        self.ticks.append(round(now * TICKS_PER_S))
        return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
