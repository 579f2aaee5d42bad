"""Pictures as a camera gives them, and a capture session that has taken some of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import numpy as np

from currency_app.arrays import Image
from currency_app.events import Frame, SourceEvent
from currency_app.testing import FakeSource, FakeVoice
from tests.support.drawn_data import photo
from training.dataset.capture.prompts import PromptPlan, read_plan
from training.dataset.capture.session import CaptureSession
from training.dataset.capture.takes import TakeFolder

FPS = 15
NOW = datetime(2024, 2, 3, 4, 5, 6)
NOTE = photo(20, "front", 1)[0]


def swayed(index: int) -> Image:
    """A note that is elsewhere in each frame."""
    return np.asarray(np.roll(NOTE, 11 * index, axis=1), np.uint8)


def frames(pictures: Iterable[Image]) -> list[SourceEvent]:
    return [Frame(picture, index / FPS, index) for index, picture in enumerate(pictures)]


def moving(seconds: float) -> list[SourceEvent]:
    return frames(swayed(index) for index in range(round(seconds * FPS)))


def still(picture: Image, seconds: float) -> list[SourceEvent]:
    return frames(picture for _ in range(round(seconds * FPS)))


class Taken:
    """One run on a list of events. said: the texts, in order. files: what was written, in order."""

    def __init__(
        self,
        out: Path,
        events: Iterable[SourceEvent],
        count: int = 250,
        plan: PromptPlan | None = None,
        mirrored: bool = False,
    ) -> None:
        self.source = FakeSource(events)
        self.voice = FakeVoice()
        self.target = TakeFolder(out, "usd_20_front", NOW)
        plan = plan or read_plan("usd_20_front")
        self.capture = CaptureSession(self.source, self.voice, plan, self.target, count, mirrored=mirrored)
        self.capture.run()
        self.said = [utterance.text for utterance in self.voice.said]
        self.files = sorted((out / "usd_20_front").glob("*"))
