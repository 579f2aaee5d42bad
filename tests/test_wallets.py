"""Wallets of ten notes, as hands show them: counted exactly by voice, in the event log, and in the list of notes."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.controls import key_bindings
from currency_app.eventlog import EventLog
from currency_app.events import Frame, SourceEvent
from currency_app.session import Session
from currency_app.settings import Settings
from currency_app.tally import NoteListFile
from currency_app.testing import FakeRecognizer, FakeSource, FakeVoice
from tests.support.observations import BUNDLE, Part, clip

_PICTURE = np.zeros((48, 64, 3), np.uint8)
GONE = Part(1.2)
"""Long enough for a note to have left."""


def shown(value: int, side: str = "front") -> list[Part]:
    return [Part(1.5, value, side=side), GONE]


def flickering(value: int) -> list[Part]:
    """A note that nothing is seen of now and then, for less time than it takes to leave."""
    return [part for _ in range(3) for part in (Part(0.8, value), Part(0.3))] + shown(value)


def misread(value: int, other: int) -> list[Part]:
    """A note of which some frames say that it is another."""
    return [Part(0.2, other), Part(1.2, value), Part(0.2, other), Part(0.6, value), Part(0.3, value, 0.6, other), GONE]


def turned(value: int) -> list[Part]:
    return [Part(1.5, value), Part(0.2), Part(1.5, value, side="back"), GONE]


@dataclass(frozen=True)
class Wallet:
    """What is shown, and what must have been counted."""

    parts: list[list[Part] | str]
    """The notes in their order; a string is keys that are pressed between two of them."""
    values: list[int]
    """What counts at the end."""


WALLETS = {
    "undone at once": Wallet(
        [
            *(shown(20), shown(20), flickering(5), turned(10), shown(1), shown(1), misread(50, 5)),
            *(shown(100), shown(2), shown(2), "z", shown(20)),
        ],
        [20, 20, 5, 10, 1, 1, 50, 100, 2, 20],
    ),
    "the same note ten times": Wallet(
        [*(shown(5) for _ in range(4)), turned(5), flickering(5), "z", *(shown(5, "back") for _ in range(4))],
        [5] * 9,
    ),
    "cleared by mistake": Wallet(
        [
            *(turned(100), flickering(1), shown(1), shown(50), "0", "z"),
            *(misread(2, 20), turned(20), shown(20), "zz", shown(10), shown(5, "back"), flickering(10)),
        ],
        [100, 1, 1, 50, 2, 10, 5, 10],
    ),
}


class Keys(FakeSource):
    """Plays a wallet, and presses its keys between two notes."""

    def __init__(self, wallet: Wallet, fps: int) -> None:
        parts = [part for shown in wallet.parts if not isinstance(shown, str) for part in shown]
        self.observations = list(clip(fps, parts))
        super().__init__([Frame(_PICTURE, o.t, index) for index, o in enumerate(self.observations)])
        self.due: list[tuple[float, str]] = []
        t = 0.0
        for shown in wallet.parts:
            if isinstance(shown, str):
                self.due.append((t, shown))
            else:
                t += sum(part.seconds for part in shown)
        self.bindings: dict[str, Callable[[], None]] = {}

    def events(self) -> Iterator[SourceEvent]:
        for event in super().events():
            while self.due and event.t >= self.due[0][0]:
                for key in self.due.pop(0)[1]:
                    self.bindings[key]()
            yield event
        self.bindings["t"]()


@pytest.mark.parametrize("fps", [8, 15, 30])
@pytest.mark.parametrize("name", WALLETS)
def test_ten_notes_are_counted_exactly(tmp_path: Path, name: str, fps: int) -> None:
    wallet, voice = WALLETS[name], FakeVoice()
    source = Keys(wallet, fps)
    session = Session(Settings(count=True), bundles=[BUNDLE], recognizer=FakeRecognizer(source.observations))
    log_file, list_file = tmp_path / "events.jsonl", tmp_path / "notes.csv"
    with NoteListFile(str(list_file)) as notes, EventLog(str(log_file)) as log:
        app = session.app(source, voice=voice, listeners=[log])
        app.list_notes(notes)
        source.bindings = key_bindings(app)
        app.run()
    total, count = sum(wallet.values), len(wallet.values)

    assert voice.said[-1].text == f"Total {total} dollars, {count} notes"

    entries = [json.loads(line) for line in log_file.read_text().splitlines()]
    totals = [entry for entry in entries if entry["event"] == "total"]
    assert (totals[-1]["total"], totals[-1]["notes"]) == ({"USD": total}, count)
    assert counted_in(entries) == wallet.values

    with list_file.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["value"]) for row in rows] == wallet.values
    assert all(row["side"] in ("front", "back") for row in rows)


def counted_in(entries: list[dict[str, Any]]) -> list[int]:
    """The values that count by the events alone, as another program would add them up."""
    values: list[int] = []
    cleared: list[list[int]] = []
    for entry in entries:
        if entry["event"] == "sighting":
            values.append(entry["value"])
        elif entry["event"] == "clear":
            cleared.append(values)
            values = []
        elif entry["event"] == "undo":
            if entry["value"] is None:
                values = cleared.pop()
            else:
                assert values.pop() == entry["value"]
    return values
