"""Several currencies at once: who answers, what is told once two are sure, and the words of each currency."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.app import App
from currency_app.commands.benchmark import Benchmark
from currency_app.eventlog import EventLog
from currency_app.events import Frame, HintKind, Observation
from currency_app.guidance.hints import framing_for
from currency_app.identify import Identified, answer_among
from currency_app.recognition.multi_currency import MultiObservation, MultiRecognizer, recognizer_for
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import phrases_for
from currency_app.testing import FakeRecognizer, FakeSource, FakeVoice
from currency_app.tracking.referee import tracker_for
from currency_app.tracking.tracker import Tracker
from tests.support.observations import CENTRED, bundle_of, seen

USD = bundle_of()
EUR = replace(
    bundle_of((5, 10, 20, 50, 100, 200, 500), currency="EUR"),
    names={"en": {"one": "euro", "other": "euros"}},
    note_aspect=1.8,
)
BOTH = (USD, EUR)
FPS = 15

Shown = tuple[int | None, float]
"""A value and its chance, or None and the chance of no note."""
NOTHING: Shown = (None, 0.99)


def alone(t: float, shown: Shown, bundle: Any) -> Observation:
    value, chance = shown
    return seen(t, {} if value is None else {value: chance}, bundle=bundle)


class Session:
    """The whole app on what each bundle sees alone: parts of so many seconds, then what USD and what EUR shows."""

    def __init__(self, tmp_path: Path, *parts: tuple[float, Shown, Shown]) -> None:
        dollars, euros = [], []
        for seconds, in_usd, in_eur in parts:
            for _ in range(round(seconds * FPS)):
                dollars.append(alone(0.0, in_usd, USD))
                euros.append(alone(0.0, in_eur, EUR))
        image = np.zeros((48, 64, 3), np.uint8)
        frames = [Frame(image, index / FPS, index) for index in range(len(dollars))]
        self.voice = FakeVoice()
        self.announcer = Announcer(phrases_for(BOTH), "USD")
        log = tmp_path / "events.jsonl"
        with EventLog(str(log)) as writer:
            App(
                FakeSource(frames),
                MultiRecognizer([FakeRecognizer(dollars), FakeRecognizer(euros)]),
                tracker_for(BOTH),
                framing_for(BOTH),
                self.announcer,
                self.voice,
                [writer],
            ).run()
        self.logged: list[dict[str, Any]] = [json.loads(line) for line in log.read_text().splitlines()]

    @property
    def said(self) -> list[str]:
        return [utterance.text for utterance in self.voice.said]

    @property
    def notes(self) -> list[str]:
        """The events of notes, without hints and the summary."""
        return [entry["event"] for entry in self.logged if entry["event"] not in ("hint", "summary")]


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
    assert session.announcer.total == 20
    assert session.announcer.total_text() == "Total 20 dollars in 1 note. Total 25 euros in 2 notes"


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


def test_a_frame_shows_what_the_one_shows_that_sees_a_note(tmp_path: Path) -> None:
    frame = Frame(np.zeros((48, 64, 3), np.uint8), 2.0, 30)
    pairs: list[tuple[Shown, Shown, int | None]] = [
        ((20, 0.9), NOTHING, 20),
        (NOTHING, (50, 0.6), 50),
        ((20, 0.7), (50, 0.9), 50),
        (NOTHING, NOTHING, None),
    ]
    for in_usd, in_eur, value in pairs:
        played = [FakeRecognizer([alone(0, in_usd, USD)]), FakeRecognizer([alone(0, in_eur, EUR)])]
        shown = MultiRecognizer(played).observe(frame)
        assert (shown.t, shown.value) == (2.0, value)
        assert [one.value for one in shown.alone] == [in_usd[0], in_eur[0]]
        assert shown.stages_ms == {"preprocess": 2.0, "network": 6.0, "frame": 9.0}, "a frame costs the sum"


def test_a_far_note_that_one_bundle_finds_is_the_frames() -> None:
    far = replace(alone(0, NOTHING, EUR), corners=CENTRED)
    played = [FakeRecognizer([alone(0, NOTHING, USD)]), FakeRecognizer([far])]
    shown = MultiRecognizer(played).observe(Frame(np.zeros((48, 64, 3), np.uint8), 0.0, 0))
    assert shown.corners is CENTRED


def test_a_referee_takes_nothing_else_than_what_several_bundles_see() -> None:
    with pytest.raises(TypeError):
        tracker_for(BOTH).update(alone(0, NOTHING, USD))


def test_one_currency_alone_has_its_own_stages(tiny_bundle: Path) -> None:
    from currency_app.recognition.bundle import load_bundle
    from currency_app.recognition.recognizer import Recognizer

    bundle = load_bundle(tiny_bundle)
    assert isinstance(recognizer_for([bundle]), Recognizer)
    assert isinstance(tracker_for([bundle]), Tracker)
    seen_alone = recognizer_for([bundle]).observe(Frame(np.zeros((48, 64, 3), np.uint8), 0.0, 0))
    assert not isinstance(seen_alone, MultiObservation)


def tilted(shape: float) -> Observation:
    """A note whose width is so many times its height, in a square picture."""
    half_w, half_h = 0.3 * shape**0.5, 0.3 / shape**0.5
    corners = np.array([[-half_w, -half_h], [half_w, -half_h], [half_w, half_h], [-half_w, half_h]], np.float32) + 0.5
    return replace(seen(0, {20: 0.6}), corners=corners, aspect=1.0)


@pytest.mark.parametrize(
    ("shape", "of_usd", "of_eur", "of_both"), [(0.95, True, False, True), (1.05, True, False, False)]
)
def test_the_shape_of_notes_is_between_the_currencies(shape: float, of_usd: bool, of_eur: bool, of_both: bool) -> None:
    """A note seen 1.05 times as wide as high is less than half of 2.2, more than half of 1.8."""
    for bundles, asked in (((USD,), of_usd), ((EUR,), of_eur), (BOTH, of_both)):
        hint = framing_for(bundles).assess(tilted(shape))
        assert hint is (HintKind.TILTED if asked else None)


def still(shown: Shown, spoken: bool, bundle: Any, hint: HintKind | None = None) -> Identified:
    return Identified(alone(0, shown, bundle), spoken, hint)


def answers(*found: Identified) -> tuple[str | None, int | None, bool]:
    bundle, best = answer_among(BOTH[: len(found)], found)
    return (None if bundle is None else bundle.currency), best.observation.value, best.spoken


@pytest.mark.parametrize(
    ("in_usd", "in_eur", "answer"),
    [
        (((20, 0.99), True), (NOTHING, False), ("USD", 20, True)),
        ((NOTHING, False), ((50, 0.99), True), ("EUR", 50, True)),
        (((20, 0.96), True), ((50, 0.94), False), ("USD", 20, True)),
        (((20, 0.94), False), ((50, 0.96), True), ("EUR", 50, True)),
        (((20, 0.97), True), ((50, 0.99), True), ("EUR", 50, False)),
        (((20, 0.8), False), ((50, 0.7), False), ("USD", 20, False)),
        ((NOTHING, False), ((50, 0.7), False), ("EUR", 50, False)),
        ((NOTHING, False), (NOTHING, False), (None, None, False)),
    ],
)
def test_one_bundle_answers_for_a_still(
    in_usd: tuple[Shown, bool], in_eur: tuple[Shown, bool], answer: tuple[str | None, int | None, bool]
) -> None:
    assert answers(still(*in_usd, USD), still(*in_eur, EUR)) == answer


def test_a_less_confident_value_that_is_sure_answers_before_a_more_confident_one_that_is_not() -> None:
    """Values have their own thresholds: what would do for a five does not for a hundred."""
    assert answers(still((5, 0.955), True, USD), still((500, 0.97), False, EUR)) == ("USD", 5, True)


def test_one_bundle_alone_answers_also_where_it_sees_nothing() -> None:
    assert answers(still(NOTHING, False, USD)) == ("USD", None, False)
    assert answers(still((20, 0.99), True, USD)) == ("USD", 20, True)


def test_the_budget_is_told_to_be_for_one_currency() -> None:
    frame = {"p50": 20.0, "p95": 24.0, "p99": 26.0}
    lines = {n: Benchmark("a CPU", 1, 60, {"frame": frame}, 50.0, currencies=n).as_text().splitlines() for n in (1, 2)}
    assert lines[2][:-1] == lines[1]
    assert "for one currency; here 2 were read at once" in lines[2][-1]
