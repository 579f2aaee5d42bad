"""What a camera sees: a room, and one note after the other."""

from __future__ import annotations

import bisect
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from currency_app.arrays import Image
from currency_app.demo.scene import DEMO_FPS, DemoScene
from currency_app.events import Frame
from tests.support.painted import SIDES, colour_of, paint, printed
from tests.support.tiny import USD_VALUES

_DOUBTFUL = (1,)
"""Values that the tiny bundle is not sure of in front of the painted room."""
PICTURE = (96, 72)
"""Width and height of a painted picture, pixels."""
_ROOM_LEVELS = (2, 16)
"""Grey levels of a painted room, from left to right: not all black, and too dark to be a painted note."""
_AWAY_S = (1.5, 3.5)
"""Seconds from one note to the next: longer than a note takes to leave."""
_SHOWN_S = (2.5, 6.0)
"""Seconds for which a note is held up."""
_BEGINS_S, _ENDS_S = 1.0, 0.7
"""Seconds after a drawn note is in view, and before it is not, between which its pictures are taken."""
_TAKEN = 12
"""Pictures of each drawn note."""


@dataclass(frozen=True)
class Showing:
    """A note that is held up, in seconds."""

    value: int
    begin_s: float
    end_s: float


Pictures = Mapping[int | None, Sequence[Image]]
"""Of each value, and of the room alone, by None: played there and back again."""


def showings(chance: random.Random, seconds: float, pictures: Pictures) -> list[Showing]:
    """Notes for so many seconds; the first one comes once the app is ready."""
    values = [value for value in pictures if value is not None]
    shown: list[Showing] = []
    t = chance.uniform(4.0, 6.0)
    while True:
        end = t + chance.uniform(*_SHOWN_S)
        if end > seconds:
            return shown
        shown.append(Showing(chance.choice(values), t, end))
        t = end + chance.uniform(*_AWAY_S)


class Stage:
    """What is in view when. pictures: of `painted` or `drawn`."""

    def __init__(self, shown: Sequence[Showing], pictures: Pictures) -> None:
        self.shown = shown
        self._begins = [showing.begin_s for showing in shown]
        self._pictures = pictures

    def value_at(self, t: float) -> int | None:
        showing = self.showing_at(t)
        return None if showing is None else showing.value

    def showing_at(self, t: float) -> Showing | None:
        number = bisect.bisect_right(self._begins, t) - 1
        return self.shown[number] if number >= 0 and t < self.shown[number].end_s else None

    def values_within(self, begin: float, end: float) -> set[int]:
        """Values that were in view at any time of an interval."""
        return {showing.value for showing in self.shown if showing.begin_s <= end and begin <= showing.end_s}

    def picture(self, t: float) -> Image:
        """What is in view; no two pictures are the same, as of any sensor."""
        pictures = self._pictures[self.value_at(t)]
        place = int(t * DEMO_FPS) % (2 * len(pictures))
        image = pictures[min(place, 2 * len(pictures) - 1 - place)].copy()
        noise = np.frombuffer(int(t * 1e6).to_bytes(8, "little"), np.uint8) // 16
        image[0, :8] = noise[:, None]
        return image


@cache
def painted() -> Pictures:
    """Pictures that the tiny bundle reads."""

    room = np.linspace(*_ROOM_LEVELS, PICTURE[0], dtype=np.uint8)[None, :, None]

    def room_behind(note: Image) -> Image:
        return np.where(note.any(axis=2, keepdims=True), note, room).astype(np.uint8)

    notes: dict[int | None, Sequence[Image]] = {
        value: [room_behind(printed(paint(colour_of(USD_VALUES, value, side), frame=PICTURE))) for side in SIDES[:1]]
        for value in USD_VALUES
        if value not in _DOUBTFUL
    }
    return {None: [room_behind(paint(None, frame=PICTURE))], **notes}


@cache
def drawn() -> Pictures:
    """Pictures of the demonstration, that the shipped dollars read."""
    scene = DemoScene(realtime=False)
    pictures: dict[int | None, list[Image]] = {None: []}
    for event in scene.events():
        assert isinstance(event, Frame)
        note = next((note for note in scene.schedule if note.start_s <= event.t < note.end_s), None)
        steady = note is not None and note.start_s + _BEGINS_S <= event.t < note.end_s - _ENDS_S
        kept = pictures.setdefault(note.value if note is not None and steady else None, [])
        empty = note is None and event.t < scene.schedule[0].start_s - _ENDS_S
        if (steady or empty) and len(kept) < _TAKEN:
            kept.append(event.image)
    return pictures
