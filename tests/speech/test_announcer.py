from __future__ import annotations

import pytest

from currency_app.events import (
    CameraBack,
    CameraCovered,
    CameraLost,
    CameraUncovered,
    DecidedEvent,
    Hint,
    HintKind,
    Maybe,
    NoteLeft,
    Priority,
    Sighting,
    Unknown,
    Utterance,
)
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import Phrases

PHRASES = Phrases("en", {"en": {"one": "dollar", "other": "dollars"}})


def sighting(t: float, value: int = 20) -> Sighting:
    return Sighting(t, "USD", value, "front", 0.99)


def maybe(t: float, value: int = 20) -> Maybe:
    return Maybe(t, "USD", value, 0.7)


def hint(t: float, kind: HintKind = HintKind.MOVE_CLOSER) -> Hint:
    return Hint(t, kind)


def texts_of(announcer: Announcer, *events: DecidedEvent) -> list[str | None]:
    """The text for each event in turn, None for silence."""
    utterances = [announcer.handle(event) for event in events]
    return [utterance.text if utterance else None for utterance in utterances]


@pytest.fixture
def announcer() -> Announcer:
    return Announcer(PHRASES)


@pytest.mark.parametrize(
    ("event", "utterance"),
    [
        (sighting(1), Utterance("20 dollars", Priority.VALUE)),
        (maybe(1), Utterance("Maybe 20 dollars. Turn the note over", Priority.VALUE)),
        (Unknown(1), Utterance("I do not know this note", Priority.VALUE)),
        (hint(1), Utterance("Move the note closer", Priority.HINT)),
        (CameraLost(1), Utterance("The camera has stopped. Trying again", Priority.STATUS)),
        (CameraCovered(1), Utterance("The camera sees nothing. Open its cover", Priority.STATUS)),
        (CameraUncovered(1), Utterance("The camera can see again", Priority.STATUS)),
        (NoteLeft(1), None),
    ],
)
def test_each_event_has_its_words_and_priority(
    announcer: Announcer, event: DecidedEvent, utterance: Utterance | None
) -> None:
    assert announcer.handle(event) == utterance


def test_the_same_hint_waits_three_seconds(announcer: Announcer) -> None:
    texts = texts_of(announcer, hint(0.0), hint(1.5), hint(2.9), hint(3.0), hint(5.9), hint(6.1))
    assert [text is not None for text in texts] == [True, False, False, True, False, True]


def test_another_hint_waits_a_little(announcer: Announcer) -> None:
    texts = texts_of(announcer, hint(0.0), hint(1.0, HintKind.MOVE_LEFT), hint(1.25, HintKind.MOVE_LEFT))
    assert texts == ["Move the note closer", None, "Move the note left"]


def test_the_same_hint_waits_even_when_another_came_between(announcer: Announcer) -> None:
    texts = texts_of(announcer, hint(0.0), hint(1.5, HintKind.MOVE_LEFT), hint(2.8), hint(3.2))
    assert texts == ["Move the note closer", "Move the note left", None, "Move the note closer"]


def test_an_empty_view_is_reported_seldom(announcer: Announcer) -> None:
    spoken = [t for t in range(60) if announcer.handle(hint(float(t), HintKind.NO_NOTE))]
    assert spoken == [0, 20, 40]


def test_the_pauses_are_settings() -> None:
    announcer = Announcer(PHRASES, repeat_same_hint_s=0.5, between_hints_s=0.0)
    assert None not in texts_of(announcer, hint(0.0), hint(0.1, HintKind.MOVE_LEFT), hint(0.6))


def test_no_hint_while_a_value_holds(announcer: Announcer) -> None:
    texts = texts_of(announcer, sighting(0.0), hint(2.0), hint(60.0), NoteLeft(61.0), hint(62.0))
    assert texts == ["20 dollars", None, None, None, "Move the note closer"]


def test_a_value_is_said_right_after_a_hint(announcer: Announcer) -> None:
    assert texts_of(announcer, hint(0.0), sighting(0.1)) == ["Move the note closer", "20 dollars"]


def test_a_hint_does_not_follow_a_value_at_once_even_when_the_note_left(announcer: Announcer) -> None:
    assert texts_of(announcer, sighting(0.0), NoteLeft(0.5), hint(0.6), hint(1.3))[2:] == [None, "Move the note closer"]


def test_hints_come_back_after_a_maybe_once_it_was_heard(announcer: Announcer) -> None:
    texts = texts_of(announcer, maybe(0.0), hint(2.0), hint(3.9), hint(4.1))
    assert texts[1:] == [None, None, "Move the note closer"]


def test_hints_come_back_after_an_unknown_note_was_told_of(announcer: Announcer) -> None:
    texts = texts_of(announcer, Unknown(0.0), hint(3.9), hint(4.1), sighting(5.0))
    assert texts[1:] == [None, "Move the note closer", "20 dollars"]


def test_the_pause_after_a_maybe_outlasts_the_note(announcer: Announcer) -> None:
    assert texts_of(announcer, maybe(0.0), NoteLeft(1.0), hint(3.0))[2] is None


def test_a_sure_value_after_a_maybe_is_said_and_holds(announcer: Announcer) -> None:
    assert texts_of(announcer, maybe(0.0), sighting(1.0), hint(9.0))[1:] == ["20 dollars", None]


def test_the_camera_is_reported_lost_and_back_once_each(announcer: Announcer) -> None:
    texts = texts_of(announcer, CameraBack(0.0), CameraLost(1.0), CameraLost(2.0), CameraBack(3.0), CameraLost(9.0))
    assert [text is not None for text in texts] == [False, True, False, True, True]


def test_a_lost_camera_does_not_keep_hints_off_for_good(announcer: Announcer) -> None:
    assert texts_of(announcer, sighting(0.0), CameraLost(5.0), CameraBack(6.0), hint(9.0))[3] == "Move the note closer"


def test_the_last_value_can_be_repeated(announcer: Announcer) -> None:
    assert announcer.repeat() == Utterance("No note has been read yet", Priority.STATUS)
    texts_of(announcer, sighting(0.0), NoteLeft(1.0), hint(3.0))
    assert announcer.repeat() == Utterance("20 dollars", Priority.VALUE)


def test_what_is_repeated_is_about_the_last_note(announcer: Announcer) -> None:
    """Else the value of the note before would be taken for that of one that is unknown."""
    texts_of(announcer, sighting(0.0), NoteLeft(1.0), Unknown(6.0))
    assert announcer.repeat() == Utterance("I do not know this note", Priority.VALUE)


def test_the_demonstration_marks_every_value() -> None:
    announcer = Announcer(PHRASES, demonstration=True)
    assert texts_of(announcer, sighting(0.0), NoteLeft(1.0), hint(3.0), maybe(9.0, 5)) == [
        "Demonstration: 20 dollars",
        None,
        "Move the note closer",
        "Demonstration: Maybe 5 dollars. Turn the note over",
    ]


def test_a_hint_that_was_dropped_need_not_wait(announcer: Announcer) -> None:
    texts_of(announcer, hint(0.0))
    dropped = hint(5.0, HintKind.NO_NOTE)
    assert announcer.handle(dropped) is not None
    announcer.take_back(dropped)
    again = hint(5.1, HintKind.NO_NOTE)
    assert announcer.handle(again) is not None
    announcer.take_back(dropped)  # an older one changes nothing any more
    assert announcer.handle(hint(9.0, HintKind.NO_NOTE)) is None


def test_a_clock_set_back_does_not_silence_hints(announcer: Announcer) -> None:
    assert None not in texts_of(announcer, hint(100.0), hint(0.0))


def test_few_hints_are_farther_apart_and_leave_out_that_no_note_is_in_view() -> None:
    announcer = Announcer(PHRASES, hints="few")
    events = [hint(t / 2, HintKind.NO_NOTE if t % 2 else HintKind.MOVE_CLOSER) for t in range(60)]
    spoken = [event for event in events if announcer.handle(event)]
    assert [(event.t, event.kind) for event in spoken] == [(t, HintKind.MOVE_CLOSER) for t in (0, 12, 24)]
    assert not any(texts_of(announcer, hint(28.0, HintKind.MOVE_LEFT)))
    assert texts_of(announcer, hint(29.0, HintKind.MOVE_LEFT)) == ["Move the note left"]


def test_hints_are_switched_off_and_on_while_it_runs(announcer: Announcer) -> None:
    announcer.hints = "off"
    assert texts_of(announcer, hint(0.0), maybe(1.0), hint(30.0)) == [
        None,
        "Maybe 20 dollars. Turn the note over",
        None,
    ]
    announcer.hints = "all"
    assert texts_of(announcer, hint(31.0)) == ["Move the note closer"]
