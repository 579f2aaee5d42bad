"""Fakes for tests of code that uses this package: a camera, a network, a voice and a clock without hardware.

Each stands in for the Protocol that its docstring names, keeps how it was used in public attributes, and never waits
for real time. Importing this module needs only NumPy.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from currency_app.errors import VoiceError
from currency_app.events import AppEvent, Frame, Observation, Priority, RunSummary, SourceEvent, Utterance

if TYPE_CHECKING:
    from currency_app.server.reading.readers import PictureAnswer

ANSWER: dict[str, Any] = {
    "currency": "XTS",
    "value": 7,
    "side": None,
    "confidence": 0.75,
    "spoken": False,
    "corners": None,
    "hint": "move_left",
    "unknown": False,
    "probabilities": {"xts_7": 0.75, "background": 0.25},
    "model_version": "0123456789ab",
}
"""What a `FakePictureReader` answers: 7 of XTS, the currency code that ISO 4217 keeps for tests."""


class FakeClock:
    """A clock, in seconds, that moves only when `now` is set or when something sleeps on it.

    Pass it where a `Clock` is taken, and its `sleep` where a `Sleep` is.
    """

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Move the time on at once."""
        self.now += seconds


class FakeSource:
    """A `Source` that plays a list of events once. dropped: how many frames it says that it skipped.

    closed: whether it was closed.
    """

    name = "fake source"

    def __init__(self, played: Iterable[SourceEvent], dropped: int = 0) -> None:
        self.played = list(played)
        self.dropped = dropped
        self.closed = False

    def events(self) -> Iterator[SourceEvent]:
        """Yield the list, until it ends or the source is closed."""
        for event in self.played:
            if self.closed:
                return
            yield event

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


class FakeRecognizer:
    """A `FrameReader` that answers each frame with the next of some observations, at the frame's own time.

    frames: those that it was asked about.
    """

    def __init__(self, played: Iterable[Observation]) -> None:
        self.played = iter(played)
        self.frames: list[Frame] = []

    def observe(self, frame: Frame) -> Observation:
        """Return the next observation, and keep the frame."""
        self.frames.append(frame)
        return replace(next(self.played), t=frame.t)


class FakeNetwork:
    """A `Network` that answers each picture with the next of some outputs: probabilities [labels] and corners [9].

    pictures: those that it was asked about.
    """

    def __init__(self, played: Iterable[tuple[npt.ArrayLike, npt.ArrayLike]]) -> None:
        self.played = iter(played)
        self.pictures: list[npt.NDArray[np.uint8]] = []

    def __call__(self, picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """Keep the picture, and return the next answer."""
        self.pictures.append(picture)
        probabilities, corners = next(self.played)
        return np.asarray(probabilities, np.float32), np.asarray(corners, np.float32)


class FakeNumerals:
    """A `NumeralNetwork` that reads one number in every corner of a note, and none in those on their heads.

    shown: probabilities of the network's outputs, [outputs]; the last is that nothing can be read.
    """

    def __init__(self, shown: Sequence[float]) -> None:
        self.shown = shown
        self.asked = 0
        """How often it was asked."""

    def __call__(self, crops: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
        """Return what each crop shows."""
        self.asked += 1
        nothing = [0.0] * (len(self.shown) - 1) + [1.0]
        return np.array([*[self.shown] * 4, *[nothing] * 4], np.float32)


@dataclass
class FakePictureReader:
    """A `PictureReader` that answers every picture with ANSWER, as soon as it may."""

    gate: threading.Event = field(default_factory=threading.Event)
    """Set while it may answer; it is from the start."""
    started: threading.Event = field(default_factory=threading.Event)
    """Set once it was asked."""
    asked: list[tuple[tuple[int, ...], bool, bool]] = field(default_factory=list)
    """Each picture's shape, whether the user's left is its right, and whether it is a mirror image."""

    def __post_init__(self) -> None:
        self.gate.set()

    def __call__(self, picture: npt.NDArray[np.uint8], mirror_left: bool, mirrored: bool) -> PictureAnswer:
        """Keep how it was asked, and answer as soon as the gate is set."""
        from currency_app.server.reading.readers import PictureAnswer

        self.asked.append((picture.shape, mirror_left, mirrored))
        self.started.set()
        assert self.gate.wait(60)
        return PictureAnswer(dict(ANSWER), 0.002, "not_sure")


class FakeListener:
    """A `Listener` and `FrameListener` that keeps what an app told it.

    heard: each event with its words. frames: each frame that was read, and what it shows. summary: how the run went.
    """

    def __init__(self) -> None:
        self.frames: list[tuple[Frame, Observation]] = []
        self.heard: list[tuple[AppEvent, str | None]] = []
        self.summary: RunSummary | None = None

    def on_event(self, event: AppEvent, text: str | None) -> None:
        """Keep an event and its words."""
        self.heard.append((event, text))

    def on_frame(self, frame: Frame, observation: Observation) -> None:
        """Keep a frame and its observation."""
        self.frames.append((frame, observation))

    def on_end(self, summary: RunSummary) -> None:
        """Keep how the run went."""
        self.summary = summary


class FakeVoice:
    """A `Voice` that keeps what it was told to say, and to take back.

    woken: how often. quiet: whether it is. busy: with a value. closed: whether it was closed.
    """

    name = "fake voice"

    def __init__(self) -> None:
        self.said: list[Utterance] = []
        self.taken_back: list[Utterance] = []
        self.quiet = True
        self.woken = 0
        self.busy = False
        self.closed = False

    def say(self, utterance: Utterance) -> bool:
        """Keep the utterance; while it is `busy`, drop hints, as if a value were being said."""
        if self.busy and utterance.priority is Priority.HINT:
            return False
        self.said.append(utterance)
        return True

    def take_back(self, utterance: Utterance) -> None:
        """Keep what is not to be said any more."""
        self.taken_back.append(utterance)

    def wake(self) -> None:
        """Count how often it was called."""
        self.woken += 1

    def wait(self, timeout_s: float) -> bool:
        """Return at once whether it is quiet."""
        return self.quiet

    def close(self) -> None:
        """Note that it was closed."""
        self.closed = True


class FakeScreenReader:
    """A `ScreenReader` that keeps what it was sent, each text with whether it cut off the one before.

    running: whether it says that it runs. error: what it raises in place of taking words. gate: cleared, it hangs until
    the gate is set. closed: whether it was let go.
    """

    name = "fake screen reader"

    def __init__(self, *, interrupts: bool = False, outlived: bool = False) -> None:
        self.interrupts = interrupts
        self.outlived = outlived
        self.sent: list[tuple[str, bool]] = []
        self.running = True
        self.error: VoiceError | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.closed = False

    def send(self, text: str, *, interrupt: bool) -> None:
        """Keep the words."""
        assert self.gate.wait(60)
        if self.error is not None:
            raise self.error
        self.sent.append((text, interrupt))

    def is_running(self) -> bool:
        """Return what it was made to say."""
        return self.running

    def close(self) -> None:
        """Note that it was let go."""
        self.closed = True
