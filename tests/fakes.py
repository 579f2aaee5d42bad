"""Stand-ins for a camera, a recognizer, a voice and a clock; users of the package may use them too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from currency_app.events import Frame, Observation, SourceEvent, Utterance


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
