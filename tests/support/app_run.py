"""One run of the whole app on fakes, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.app import App
from currency_app.errors import SourceError
from currency_app.eventlog import EventLog
from currency_app.events import Frame, Observation, SourceEvent
from currency_app.guidance.hints import Framing
from currency_app.recognition.recognizer import FrameReader
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import Phrases
from currency_app.testing import FakeRecognizer, FakeSource, FakeVoice
from currency_app.tracking.tracker import Tracker
from tests.support.observations import BUNDLE, Part, clip

BLACK = np.zeros((48, 64, 3), np.uint8)


class AppRun:
    """One run of the app. voice, source: the fakes. logged: the event log's entries."""

    def __init__(self, tmp_path: Path, played: Sequence[SourceEvent], reader: FrameReader, **settings: Any) -> None:
        self.voice: FakeVoice = settings.pop("voice", None) or FakeVoice()
        self.source: FakeSource = settings.pop("source", None) or FakeSource(played, dropped=3)
        log = tmp_path / "events.jsonl"
        with EventLog(str(log)) as writer:
            self.app = App(
                self.source,
                reader,
                Tracker(BUNDLE),
                Framing(mirror_left=settings.pop("mirror_left", True)),
                Announcer(Phrases("en", BUNDLE.names)),
                self.voice,
                [writer],
                **settings,
            )
            self.error: SourceError | KeyboardInterrupt | None = None
            try:
                self.app.run()
            except (SourceError, KeyboardInterrupt) as error:
                self.error = error
        self.logged: list[dict[str, Any]] = [json.loads(line) for line in log.read_text().splitlines()]

    @property
    def said(self) -> list[str]:
        return [utterance.text for utterance in self.voice.said]

    @property
    def happened(self) -> list[str]:
        """The events, but for the totals that follow whatever is counted."""
        return [entry["event"] for entry in self.logged if entry["event"] != "total"]


def frames_of(observations: Sequence[Observation]) -> list[SourceEvent]:
    return [Frame(BLACK, observation.t, index) for index, observation in enumerate(observations)]


def show(tmp_path: Path, *parts: Part, fps: float = 15, **settings: Any) -> AppRun:
    observations = list(clip(fps, parts))
    return AppRun(tmp_path, frames_of(observations), FakeRecognizer(observations), **settings)
