"""Totals equal what was announced, less what was taken back, and every line of an event log can be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NoReturn

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from currency_app.app import App
from currency_app.eventlog import EventLog
from currency_app.events import (
    AppEvent,
    CameraBack,
    CameraCovered,
    CameraLost,
    CameraUncovered,
    Cleared,
    Frame,
    Hint,
    HintKind,
    Maybe,
    NoteLeft,
    RunSummary,
    Sighting,
    Total,
    Undone,
    Unknown,
)
from currency_app.guidance import Framing
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import Phrases
from currency_app.testing import FakeListener, FakeRecognizer, FakeSource, FakeVoice
from currency_app.tracking import Tracker
from tests.fuzzing.folders import fresh_folder
from tests.fuzzing.profiles import examples
from tests.fuzzing.views import View, any_views, observed
from tests.support.observations import BUNDLE

_IMAGE = np.zeros((8, 8, 3), np.uint8)


class Ledger(FakeListener):
    """Keeps what was announced and taken back, and asks for a step back or a clear now and then."""

    def __init__(self, asks: Sequence[str]) -> None:
        super().__init__()
        self.app: App | None = None
        self.counted: list[int] = []
        self.cleared: list[list[int]] = []
        self._asks = list(asks)

    def on_event(self, event: AppEvent, text: str | None = None) -> None:
        super().on_event(event, text)
        match event:
            case Sighting():
                self.counted.append(event.value)
            case Undone(value=None):
                self.counted = self.cleared.pop()
            case Undone():
                assert self.counted.pop() == event.value
            case Cleared():
                self.cleared.append(self.counted)
                self.counted = []
            case Total():
                assert event.notes == len(self.counted)
                assert dict(event.amounts) == ({"USD": sum(self.counted)} if self.counted else {})
            case NoteLeft() if self._asks and self.app is not None:
                ask = self._asks.pop()
                (self.app.undo if ask == "undo" else self.app.clear_total if ask == "clear" else self.app.repeat)()


@given(any_views(), st.lists(st.sampled_from(("undo", "undo", "clear", "repeat")), max_size=12), st.booleans())
@examples()
def test_the_total_is_what_was_announced_less_what_was_taken_back(
    shown: list[View], asks: list[str], aloud: bool
) -> None:
    observations = list(observed(shown))
    frames = [Frame(_IMAGE, observation.t, number) for number, observation in enumerate(observations)]
    ledger = Ledger(asks)
    voice = FakeVoice()
    ledger.app = App(
        FakeSource(frames),
        FakeRecognizer(observations),
        Tracker(BUNDLE),
        Framing(),
        Announcer(Phrases("en"), count=aloud),
        voice,
        [ledger],
    )
    ledger.app.run()
    total = ledger.app.total_text()
    assert (f"Total {sum(ledger.counted)} dollar" in total) == bool(ledger.counted)
    said = [utterance.text for utterance in voice.said]
    for event, text in ledger.heard:
        assert not isinstance(event, Sighting) or text in said


_SECONDS = st.floats(0, 1e7) | st.sampled_from((0.0, 1e-9, 0.1 + 0.2))
_SHARES = st.floats(0, 1)
_CODES = st.sampled_from(("USD", "EUR", "X\u00c4\n"))
_UNITS = st.integers(1, 10**12)
_EVENTS: st.SearchStrategy[AppEvent] = st.one_of(
    st.builds(Sighting, _SECONDS, _CODES, _UNITS, st.sampled_from(("front", "back", None)), _SHARES),
    st.builds(Maybe, _SECONDS, _CODES, _UNITS, _SHARES),
    st.builds(Hint, _SECONDS, st.sampled_from(HintKind)),
    st.builds(Total, _SECONDS, st.dictionaries(_CODES, _UNITS, max_size=3), st.integers(0, 99)),
    st.builds(Undone, _SECONDS, _CODES, _UNITS),
    *(
        st.builds(kind, _SECONDS)
        for kind in (Unknown, NoteLeft, CameraLost, CameraBack, CameraCovered, CameraUncovered, Cleared)
    ),
)


@given(st.lists(st.tuples(_EVENTS, st.none() | st.text(max_size=20)), max_size=8), st.integers(0, 10**9))
@examples()
def test_every_line_of_an_event_log_is_an_object_of_plain_json(
    events: list[tuple[AppEvent, str | None]], frames: int
) -> None:
    with fresh_folder() as folder:
        file = folder / "events.jsonl"
        with EventLog(str(file)) as log:
            for event, text in events:
                log.on_event(event, text)
            log.on_end(RunSummary(1.0, frames, 0, {"frame": {"p50": 4.04, "p95": 5.0}}))
        lines = file.read_text(encoding="ascii").split("\n")
    assert lines.pop() == "", "the last line is whole"
    entries = [json.loads(line, parse_constant=_refuse) for line in lines]
    assert [entry["t"] for entry in entries[:-1]] == [round(event.t, 3) for event, _ in events]
    assert [entry.get("text") for entry in entries[:-1]] == [text for _, text in events]
    assert (entries[-1]["event"], entries[-1]["frames"]) == ("summary", frames)


def _refuse(name: str) -> NoReturn:
    raise AssertionError(f"{name} is no JSON")
