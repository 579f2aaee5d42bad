"""What was told beside what was shown: right, wrong, missed, twice, late."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from currency_app.events import AppEvent, Hint, HintKind, Maybe, NoteLeft, Sighting
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import Phrases
from tests.support.observations import BUNDLE, box, note, nothing, seen
from training.measuring.presentations.outcome import NoteInView, called_hints, notes_in_view, replay, score
from training.measuring.presentations.recording import Recording
from training.simulation.scene.truth import Truth

NEAR, FAR = box(0.2, 0.25, 0.8, 0.75), box(0.4, 0.4, 0.6, 0.6)


def truths(*parts: tuple[float, str | None, bool]) -> list[Truth]:
    """15 frames a second of parts: seconds, class, and whether it is readable."""
    found: list[Truth] = []
    for seconds, name, readable in parts:
        corners = None if name is None else (NEAR if readable else FAR)
        found += [Truth((len(found) + n) / 15, name, corners) for n in range(round(seconds * 15))]
    return found


ONE = truths((1.0, None, False), (1.0, "usd_20_front", False), (2.0, "usd_20_front", True), (1.0, None, False))


def sighting(t: float, value: int) -> Sighting:
    return Sighting(t, "USD", value, "front", 0.99)


def test_a_note_is_shown_from_its_first_frame_to_its_last() -> None:
    (note_shown,) = notes_in_view(ONE, "usd")
    assert note_shown.value == 20
    assert note_shown.start == pytest.approx(1.0)
    assert note_shown.end == pytest.approx(4.0, abs=0.1)
    assert note_shown.readable_from == pytest.approx(2.0)
    assert note_shown.readable_s == pytest.approx(2.0, abs=0.1)


def test_notes_are_told_apart_by_gaps_and_values_not_by_sides() -> None:
    one_turned = truths((1, "usd_20_front", True), (1, "usd_20_back", True))
    assert [n.value for n in notes_in_view(one_turned, "usd")] == [20]
    equal = truths((1, "usd_20_front", True), (1, None, False), (1, "usd_20_front", True))
    assert [n.value for n in notes_in_view(equal, "usd")] == [20, 20]
    swapped = truths((1, "usd_20_front", True), (1, "usd_5_front", True))
    assert [n.value for n in notes_in_view(swapped, "usd")] == [20, 5]


def test_another_currencys_note_is_no_note() -> None:
    assert notes_in_view(truths((1, "eur_20_front", True)), "usd") == []


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([sighting(2.3, 20)], {"wrong": 0, "missed": 0, "twice": 0}),
        ([sighting(5.4, 20)], {"wrong": 0, "missed": 0}),  # up to 1.5 s after it has gone
        ([sighting(5.6, 20)], {"wrong": 1, "missed": 1}),
        ([sighting(0.9, 20)], {"wrong": 1, "missed": 1}),
        ([sighting(2.3, 5)], {"wrong": 1, "missed": 1}),
        ([sighting(2.3, 20), NoteLeft(3.0), sighting(3.4, 20)], {"wrong": 0, "twice": 1}),
        ([], {"missed": 1, "maybes": 0}),
        ([Maybe(3.0, "USD", 20, 0.8)], {"missed": 1, "maybes": 1, "wrong_maybes": 0}),
        ([Maybe(3.0, "USD", 10, 0.8)], {"maybes": 1, "wrong_maybes": 1, "wrong": 0}),
    ],
)
def test_what_was_told_is_right_or_wrong(told: list[AppEvent], expected: dict[str, int]) -> None:
    outcome = score("one", told, notes_in_view(ONE, "usd"), 5.0)
    found = {"wrong": len(outcome.wrong), "missed": outcome.missed, "twice": outcome.twice}
    found |= {"maybes": outcome.maybes, "wrong_maybes": outcome.wrong_maybes}
    assert {key: found[key] for key in expected} == expected


def test_the_delay_is_from_readable_to_said() -> None:
    assert score("one", [sighting(2.3, 20)], notes_in_view(ONE, "usd"), 5.0).delays == pytest.approx((0.3,))
    assert score("early", [sighting(1.5, 20)], notes_in_view(ONE, "usd"), 5.0).delays == (0.0,)


def test_a_note_that_could_hardly_be_read_is_not_missed() -> None:
    brief = truths((1, None, False), (2, "usd_20_front", False), (0.5, "usd_20_front", True), (1, None, False))
    assert score("brief", [], notes_in_view(brief, "usd"), 4.5).missed == 0


def hints(*timed: tuple[float, HintKind]) -> Iterable[AppEvent]:
    return [Hint(t, kind) for t, kind in timed]


def test_a_hint_taken_back_at_once_is_a_contradiction() -> None:
    left, right, closer = HintKind.MOVE_LEFT, HintKind.MOVE_RIGHT, HintKind.MOVE_CLOSER
    assert score("x", list(hints((1.0, left), (2.0, right))), [], 5.0).contradictions == 1
    assert score("x", list(hints((1.0, left), (2.3, right))), [], 5.0).contradictions == 0
    assert score("x", list(hints((1.0, left), (2.0, closer))), [], 5.0).contradictions == 0


def test_a_recording_is_replayed_as_the_app_would_tell_it() -> None:
    observations = [nothing(n / 15) for n in range(15)]
    observations += [note(1 + n / 15, 20) for n in range(30)]
    observations += [nothing(3 + n / 15) for n in range(15)]
    recording = Recording("x", observations, truths((1, None, False), (2, "usd_20_front", True), (1, None, False)))
    told = replay(recording, BUNDLE)
    assert [event.value for event in told if isinstance(event, Sighting)] == [20]
    outcome = score("x", told, notes_in_view(recording.truths, "usd"), 4.0)
    assert (outcome.wrong, outcome.missed, outcome.twice) == ((), 0, 0)
    assert outcome.delays[0] < 0.5


def test_a_value_counts_for_the_note_in_view_before_one_that_has_gone() -> None:
    """Two notes of one value, one second apart, each said once."""
    notes = [NoteInView(20, 0.0, 3.0, 0.2, 2.8), NoteInView(20, 4.0, 7.0, 4.2, 2.8)]
    outcome = score("x", [sighting(1.0, 20), sighting(4.4, 20)], notes, 8.0)
    assert (outcome.missed, outcome.twice) == (0, 0)
    assert outcome.delays == pytest.approx((0.8, 0.2))


def test_a_value_said_late_counts_for_the_note_that_has_gone_last() -> None:
    notes = [NoteInView(20, 0.0, 3.0, 0.2, 2.8), NoteInView(20, 3.2, 4.0, 3.2, 0.8)]
    assert score("x", [sighting(1.0, 20), sighting(4.3, 20)], notes, 8.0).twice == 0


@pytest.mark.parametrize(
    ("gap", "between", "count"),
    [(0.5, None, 1), (1.1, HintKind.MOVE_UP, 1), (1.3, None, 0), (0.5, HintKind.MOVE_RIGHT, 1)],
)
def test_contradictions_are_counted_among_all_hints_that_were_called_for(
    gap: float, between: HintKind | None, count: int
) -> None:
    """Also if other hints came between, and each change of mind once, however often a hint is repeated."""
    hints = [Hint(0.0, HintKind.MOVE_LEFT), *([Hint(gap / 2, between)] if between else [])]
    hints += [Hint(gap + index / 30, HintKind.MOVE_RIGHT) for index in range(5)]
    assert score("x", [], [], 5.0, hints).contradictions == count


def test_what_the_announcer_hides_is_counted_all_the_same() -> None:
    """Guidance that contradicts itself would show, though the user hears no two hints within 1.2 s."""
    recording = Recording("x", [], [])
    kinds = [HintKind.MOVE_LEFT if index % 2 else HintKind.MOVE_RIGHT for index in range(10)]
    called = [Hint(index * 0.4, kind) for index, kind in enumerate(kinds)]
    announcer = Announcer(Phrases("en"))
    spoken = [hint for hint in called if announcer.handle(hint) is not None]
    assert score(recording.name, spoken, [], 4.0).contradictions == 0
    assert score(recording.name, spoken, [], 4.0, called).contradictions == 9


def test_every_hint_that_guidance_calls_for_is_seen() -> None:
    observations = [seen(index / 15, {20: 0.6, 5: 0.4}, corners=FAR) for index in range(60)]
    hints = called_hints(Recording("far", observations, []), BUNDLE)
    assert {hint.kind for hint in hints} == {HintKind.MOVE_CLOSER}
    assert len(hints) > 30, "far more than are spoken"
