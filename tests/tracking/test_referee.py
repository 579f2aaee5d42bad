"""The referee between currencies: what is said once two are sure, of one note after the other, in whose words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.app import App
from currency_app.arrays import Corners
from currency_app.eventlog import EventLog
from currency_app.events import Frame
from currency_app.guidance.hints import framing_for
from currency_app.recognition.multi_currency import MultiRecognizer
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import phrases_for
from currency_app.testing import FakeRecognizer, FakeSource, FakeVoice
from currency_app.tracking.referee import tracker_for
from tests.support.observations import CENTRED, box
from tests.support.two_currencies import BOTH, EUR, NOTHING, USD, Shown, alone

FPS = 15


class Session:
    """The whole app on what each bundle sees alone: parts of so many seconds, then what USD and what EUR shows.

    euros_at: where EUR sees its note; USD sees its own in the middle.
    """

    def __init__(self, tmp_path: Path, *parts: tuple[float, Shown, Shown], euros_at: Corners = CENTRED) -> None:
        dollars, euros = [], []
        for seconds, in_usd, in_eur in parts:
            for _ in range(round(seconds * FPS)):
                dollars.append(alone(0.0, in_usd, USD))
                euros.append(alone(0.0, in_eur, EUR, euros_at))
        image = np.zeros((48, 64, 3), np.uint8)
        frames = [Frame(image, index / FPS, index) for index in range(len(dollars))]
        self.voice = FakeVoice()
        log = tmp_path / "events.jsonl"
        with EventLog(str(log)) as writer:
            self.app = App(
                FakeSource(frames),
                MultiRecognizer(BOTH, [FakeRecognizer(dollars), FakeRecognizer(euros)]),
                tracker_for(BOTH),
                framing_for(BOTH),
                Announcer(phrases_for(BOTH)),
                self.voice,
                [writer],
            )
            self.app.run()
        self.logged: list[dict[str, Any]] = [json.loads(line) for line in log.read_text().splitlines()]

    @property
    def said(self) -> list[str]:
        return [utterance.text for utterance in self.voice.said]

    @property
    def notes(self) -> list[str]:
        """The events of notes, without hints and the summary."""
        return [entry["event"] for entry in self.logged if entry["event"] not in ("hint", "total", "summary")]


def test_each_currency_is_said_in_its_own_words(tmp_path: Path) -> None:
    session = Session(
        tmp_path,
        (1, NOTHING, NOTHING),
        (2, (20, 0.99), NOTHING),
        (1.5, NOTHING, NOTHING),
        (2, NOTHING, (20, 0.99)),
        (1.5, NOTHING, NOTHING),
        (2, NOTHING, (5, 0.99)),
    )
    assert session.said == ["20 dollars", "20 euros", "5 euros"]
    assert session.notes == ["sighting", "note_left", "sighting", "note_left", "sighting"]
    assert [e["currency"] for e in session.logged if e["event"] == "sighting"] == ["USD", "EUR", "EUR"]
    assert session.app.total_text() == "Total 20 dollars, 1 note. Total 25 euros, 2 notes"


def test_where_both_are_sure_neither_is_said(tmp_path: Path) -> None:
    session = Session(tmp_path, (1, NOTHING, NOTHING), (4, (20, 0.99), (50, 0.97)), (1.5, NOTHING, NOTHING))
    assert session.notes == []
    assert [text for text in session.said if "dollar" in text or "euro" in text] == []


def test_the_holder_is_told_to_turn_a_note_over_of_which_both_are_sure(tmp_path: Path) -> None:
    session = Session(tmp_path, (1, NOTHING, NOTHING), (4, (20, 0.99), (50, 0.97)))
    assert "Turn the note over" in session.said


@pytest.mark.parametrize("other", [0.75, 0.9])
def test_a_currency_that_is_not_sure_does_not_silence_one_that_is(tmp_path: Path, other: float) -> None:
    session = Session(tmp_path, (1, NOTHING, NOTHING), (3, (20, 0.99), (50, other)), (1.5, NOTHING, NOTHING))
    assert session.said == ["20 dollars"]
    assert session.notes == ["sighting", "note_left"]


@pytest.mark.parametrize(("in_usd", "in_eur"), [((20, 0.99), (50, 0.85)), ((20, 0.85), (50, 0.99))])
def test_nothing_is_said_of_a_note_beside_one_of_another_currency_that_is_doubtful(
    tmp_path: Path, in_usd: Shown, in_eur: Shown
) -> None:
    parts = ((1, NOTHING, NOTHING), (3, in_usd, in_eur), (1.5, NOTHING, NOTHING))
    session = Session(tmp_path, *parts, euros_at=box(0.1, 0.76, 0.9, 1.0))
    assert session.notes == []
    assert session.said == ["Show one note at a time"]


def test_once_one_of_them_doubts_the_other_is_said(tmp_path: Path) -> None:
    """As when the note is turned to a side that only one bundle takes for its own."""
    session = Session(tmp_path, (1, NOTHING, NOTHING), (2, (20, 0.99), (50, 0.99)), (2, (20, 0.99), NOTHING))
    assert [entry["text"] for entry in session.logged if entry["event"] == "sighting"] == ["20 dollars"]
    assert 3 <= session.logged[-2]["t"] < 4


def test_a_frame_of_which_both_are_sure_makes_neither_surer(tmp_path: Path) -> None:
    """Every other frame is contested, so no four in a row show the value."""
    parts = [(1 / FPS, (20, 0.99), (50, 0.99) if index % 2 else NOTHING) for index in range(60)]
    assert Session(tmp_path, (1, NOTHING, NOTHING), *parts).notes == []


def test_a_held_note_is_not_a_note_of_the_other_currency(tmp_path: Path) -> None:
    """What was told stays told, whatever the other bundle comes to think of the same note."""
    session = Session(
        tmp_path,
        (1, NOTHING, NOTHING),
        (2, (20, 0.99), NOTHING),
        (2, (20, 0.8), (50, 0.99)),
        (2, (20, 0.99), (50, 0.8)),
        (1.5, NOTHING, NOTHING),
    )
    assert session.said == ["20 dollars"]
    assert session.notes == ["sighting", "note_left"]


def test_a_note_that_takes_the_place_of_one_of_another_currency_is_said(tmp_path: Path) -> None:
    session = Session(tmp_path, (1, NOTHING, NOTHING), (2, (20, 0.99), NOTHING), (3, NOTHING, (50, 0.99)))
    assert [text for text in session.said if text != "Turn the note over"] == ["20 dollars", "50 euros"]
    assert session.notes == ["sighting", "note_left", "sighting"]


def test_a_doubtful_value_is_said_once(tmp_path: Path) -> None:
    session = Session(tmp_path, (1, NOTHING, NOTHING), (3, NOTHING, (50, 0.8)), (1.5, NOTHING, NOTHING))
    assert [text for text in session.said if "Maybe" in text] == ["Maybe 50 euros. Turn the note over"]
    assert session.notes == ["maybe", "note_left"]
    assert session.logged[0]["currency"] == "EUR"


def test_a_doubtful_value_is_not_said_where_the_other_currency_sees_one_too(tmp_path: Path) -> None:
    session = Session(tmp_path, (1, NOTHING, NOTHING), (4, (20, 0.8), (50, 0.8)), (1.5, NOTHING, NOTHING))
    assert session.notes == []
    assert not any("Maybe" in text for text in session.said)


def test_a_doubt_of_one_currency_makes_way_for_the_sureness_of_the_other(tmp_path: Path) -> None:
    session = Session(
        tmp_path, (1, NOTHING, NOTHING), (3, (20, 0.8), NOTHING), (3, (20, 0.6), (50, 0.99)), (1.5, NOTHING, NOTHING)
    )
    assert session.notes == ["maybe", "sighting", "note_left"]
    assert [text for text in session.said if text != "Turn the note over"] == [
        "Maybe 20 dollars. Turn the note over",
        "50 euros",
    ]


def test_a_referee_takes_nothing_else_than_what_several_bundles_see() -> None:
    with pytest.raises(TypeError):
        tracker_for(BOTH).update(alone(0, NOTHING, USD))
