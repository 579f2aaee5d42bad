"""Runs the app itself on what was recorded, or on what somebody shows it frame by frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from currency_app.events import AppEvent, Frame, Observation, RunSummary, SourceEvent
from currency_app.recognition.bundle import Bundle
from currency_app.session import Session
from currency_app.settings import Settings

_NO_PICTURE = np.zeros((1, 1, 3), np.uint8)
"""Stands in a frame whose picture nobody looks at, because what it shows was recorded."""


class SpokenEvents:
    """A listener that keeps the events about which something was said."""

    def __init__(self) -> None:
        self.events: list[AppEvent] = []

    def on_event(self, event: AppEvent, text: str | None) -> None:
        """Keep the event if it has words."""
        if text is not None:
            self.events.append(event)

    def on_end(self, summary: RunSummary) -> None:
        """Do nothing: what was said stays."""


class FrameSource:
    """A source that gives frames as they are asked for, and is never behind."""

    name = "frames"
    dropped = 0

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames = frames

    def events(self) -> Iterator[SourceEvent]:
        """Yield the frames."""
        yield from self._frames

    def close(self) -> None:
        """Do nothing: there is no device."""


class RecordedReader:
    """A frame reader that answers each frame with the next of the recorded observations."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self._observations = iter(observations)

    def observe(self, frame: Frame) -> Observation:
        """Return the next observation; the frame's picture is not looked at."""
        return next(self._observations)


def spoken_of(observations: Sequence[Observation], bundle: Bundle) -> list[AppEvent]:
    """Run the app on recorded observations, and return the events about which it said something, in their order."""
    session = Session(Settings(), bundles=[bundle], recognizer=RecordedReader(observations))
    frames = (Frame(_NO_PICTURE, seen.t, index) for index, seen in enumerate(observations))
    heard = SpokenEvents()
    session.app(FrameSource(frames), listeners=[heard]).run()
    return heard.events
