"""The app on a film of drawn notes that tells, in JSON lines, what happened when: a program that faults are tried on.

python -m tests.support.speaking_app VALUE...: each value is shown once. Times are readings of `time.monotonic`, which
all programs of a computer share.
"""

from __future__ import annotations

import io
import json
import sys
import threading
import time
from collections.abc import Iterator, Sequence

from currency_app.arrays import Image
from currency_app.camera.pacing import Pacer
from currency_app.demo.scene import DEMO_FPS
from currency_app.events import AppEvent, Frame, Observation, RunSummary, Sighting, SourceEvent
from currency_app.session import Session
from currency_app.settings import Settings
from tests.support.note_clip import note_pictures

_AROUND_S = 2.5
"""Seconds of the empty room at the beginning, in which voices are found and made ready, and at the end."""
_lock = threading.Lock()


def tell(**what: object) -> None:
    with _lock:
        print(json.dumps({"t": time.monotonic(), **what}), flush=True)


class Film:
    """Plays pictures in real time, and drops those that the app misses, as a camera does."""

    name = "film"

    def __init__(self, pictures: Sequence[Image]) -> None:
        self.dropped = 0
        self._pictures = pictures
        self._pacer = Pacer(time.monotonic, time.sleep)
        self._closed = False

    def events(self) -> Iterator[SourceEvent]:
        for index, picture in enumerate(self._pictures):
            t, next_t = index / DEMO_FPS, (index + 1) / DEMO_FPS
            if self._closed:
                return
            if not self._pacer.wait(t, next_t):
                self.dropped += 1
                continue
            yield Frame(picture, t, index)

    def close(self) -> None:
        self._closed = True


class Teller:
    """Tells of every frame and of every value that is sure."""

    def on_frame(self, frame: Frame, observation: Observation) -> None:
        tell(frame=frame.index)

    def on_event(self, event: AppEvent, text: str | None) -> None:
        if isinstance(event, Sighting):
            tell(decided=text)

    def on_end(self, summary: RunSummary) -> None:
        tell(end=summary.frames)


class ToldPrint(io.StringIO):
    """Tells of every line that the app prints for its user."""

    def write(self, text: str) -> int:
        if text.strip():
            tell(printed=text.strip())
        return len(text)


def main() -> None:
    values = [int(value) for value in sys.argv[1:]]
    session = Session(Settings(voice="auto", language="en", hints="off"))
    voice = session.open_voice(ToldPrint())
    film = Film(list(note_pictures(values, _AROUND_S)))
    session.app(film, voice=voice, listeners=[Teller()]).run()


if __name__ == "__main__":
    main()
