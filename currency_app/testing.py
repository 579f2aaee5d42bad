"""Stand-ins for what is expensive or needs hardware, from camera to clock; users of the package may use them too."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from currency_app.events import AppEvent, Frame, Observation, RunSummary, SourceEvent, Utterance
from currency_app.server.reading.readers import PictureAnswer

ANSWER: dict[str, Any] = {
    "currency": "XTS",
    "value": 7,
    "side": None,
    "confidence": 0.75,
    "spoken": False,
    "corners": None,
    "hint": "move_left",
    "probabilities": {"xts_7": 0.75, "background": 0.25},
    "model_version": "0123456789ab",
}
"""What a `FakePictureReader` answers: 7 of the currency for tests, by ISO 4217."""


class FakeClock:
    """A clock that moves only when told, or when something sleeps on it. Seconds."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class FakeSource:
    """Plays a list of source events once."""

    name = "fake source"

    def __init__(self, played: Iterable[SourceEvent], dropped: int = 0) -> None:
        self.played = list(played)
        self.dropped = dropped
        self.closed = False

    def events(self) -> Iterator[SourceEvent]:
        for event in self.played:
            if self.closed:
                return
            yield event

    def close(self) -> None:
        self.closed = True


class FakeRecognizer:
    """Answers each frame with the next of the given observations, at the frame's own time."""

    def __init__(self, played: Iterable[Observation]) -> None:
        self.played = iter(played)
        self.frames: list[Frame] = []

    def observe(self, frame: Frame) -> Observation:
        self.frames.append(frame)
        return replace(next(self.played), t=frame.t)


class FakeNetwork:
    """Answers each picture with the next of the given outputs: probabilities [labels] and corners [9]."""

    def __init__(self, played: Iterable[tuple[npt.ArrayLike, npt.ArrayLike]]) -> None:
        self.played = iter(played)
        self.pictures: list[npt.NDArray[np.uint8]] = []

    def __call__(self, picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        self.pictures.append(picture)
        probabilities, corners = next(self.played)
        return np.asarray(probabilities, np.float32), np.asarray(corners, np.float32)


@dataclass
class FakePictureReader:
    """Answers every picture with ANSWER, once it may.

    gate: set while it may; at first it is. started: set once it was asked. asked: shapes of the pictures, and how they
    were taken.
    """

    gate: threading.Event = field(default_factory=threading.Event)
    started: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[tuple[int, ...], bool, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate.set()

    def __call__(self, picture: npt.NDArray[np.uint8], mirror_left: bool, mirrored: bool) -> PictureAnswer:
        self.asked.append((picture.shape, mirror_left, mirrored))
        self.started.set()
        assert self.gate.wait(60)
        return PictureAnswer(dict(ANSWER), 0.002, "not_sure")


class FakeListener:
    """Keeps what an app told it: `heard`, each event with its words, and at last `summary`."""

    def __init__(self) -> None:
        self.heard: list[tuple[AppEvent, str | None]] = []
        self.summary: RunSummary | None = None

    def on_event(self, event: AppEvent, text: str | None) -> None:
        """Keep an event and its words."""
        self.heard.append((event, text))

    def on_end(self, summary: RunSummary) -> None:
        """Keep how the run went."""
        self.summary = summary


class FakeVoice:
    """Keeps what it was told to say."""

    name = "fake voice"

    def __init__(self) -> None:
        self.said: list[Utterance] = []
        self.closed = False

    def say(self, utterance: Utterance) -> None:
        self.said.append(utterance)

    def wait(self, timeout_s: float) -> bool:
        return True

    def close(self) -> None:
        self.closed = True
