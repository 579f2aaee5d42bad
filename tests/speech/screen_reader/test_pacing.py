"""What is sent to a screen reader, and when, in the seconds of the test."""

from __future__ import annotations

import pytest

from currency_app.events import Priority, Utterance
from currency_app.speech.screen_reader.pacing import FRESH_S, GAP_S, HINTS_APART_S, MessagePacing

TWENTY, FIVE = (Utterance(f"{value} dollars", Priority.VALUE) for value in (20, 5))
CLOSER = Utterance("Move the note closer", Priority.HINT)
LEFT = Utterance("Move the note left", Priority.HINT)
TOTAL = Utterance("Total 25 dollars in 2 notes", Priority.STATUS)


def taken(pacing: MessagePacing, now: float, *, interrupts: bool = False) -> tuple[str, bool] | None:
    message = pacing.take(now, interrupts=interrupts)
    return None if message is None else (message.utterance.text, message.interrupt)


@pytest.mark.parametrize("interrupts", [False, True])
def test_two_values_come_in_order_and_whole(interrupts: bool) -> None:
    pacing = MessagePacing()
    assert pacing.offer(TWENTY, 0.0)
    assert pacing.offer(FIVE, 0.0)
    assert taken(pacing, 0.0, interrupts=interrupts) == (TWENTY.text, interrupts)
    assert taken(pacing, GAP_S - 0.01, interrupts=interrupts) is None
    assert taken(pacing, GAP_S, interrupts=interrupts) == (FIVE.text, False)
    assert taken(pacing, 9.0, interrupts=interrupts) is None


def test_a_value_waits_for_a_hint_that_cannot_be_cut_off() -> None:
    pacing = MessagePacing()
    assert pacing.offer(CLOSER, 0.0)
    assert taken(pacing, 0.0) == (CLOSER.text, False)
    pacing.offer(TWENTY, 0.2)
    assert taken(pacing, 0.2) is None
    assert taken(pacing, GAP_S) == (TWENTY.text, False)


@pytest.mark.parametrize("before", [CLOSER, TOTAL])
def test_a_value_cuts_off_a_hint_and_a_status(before: Utterance) -> None:
    pacing = MessagePacing()
    pacing.offer(before, 0.0)
    assert taken(pacing, 0.0, interrupts=True) == (before.text, False)
    pacing.offer(TWENTY, 0.2)
    assert taken(pacing, 0.2, interrupts=True) == (TWENTY.text, True)


def test_a_value_need_not_wait_for_one_that_has_been_said() -> None:
    pacing = MessagePacing()
    pacing.offer(TWENTY, 0.0)
    taken(pacing, 0.0, interrupts=True)
    pacing.offer(FIVE, 5.0)
    assert taken(pacing, 5.0, interrupts=True) == (FIVE.text, True)


def test_a_hint_is_dropped_while_anything_waits_or_was_just_sent() -> None:
    pacing = MessagePacing()
    pacing.offer(TOTAL, 0.0)
    assert not pacing.offer(CLOSER, 0.0)
    assert taken(pacing, 0.0) == (TOTAL.text, False)
    assert not pacing.offer(CLOSER, GAP_S - 0.01)
    assert pacing.offer(CLOSER, GAP_S)


def test_a_hint_is_dropped_while_a_value_is_fresh() -> None:
    pacing = MessagePacing()
    pacing.offer(TWENTY, 0.0)
    taken(pacing, 0.0)
    assert not pacing.offer(CLOSER, FRESH_S - 0.01)
    assert pacing.offer(CLOSER, FRESH_S)


def test_a_hint_is_dropped_that_would_wait_behind_a_long_answer() -> None:
    """All keys take 20 s: by then the note is somewhere else."""
    pacing = MessagePacing()
    pacing.offer(Utterance("R: Repeat. " * 20, Priority.STATUS), 0.0)
    taken(pacing, 0.0)
    assert not any(pacing.offer(CLOSER, now) for now in (1.0, 6.0, 11.0))
    assert pacing.offer(CLOSER, 18.1)


def test_hints_are_few() -> None:
    pacing = MessagePacing()
    pacing.offer(CLOSER, 0.0)
    taken(pacing, 0.0)
    assert not pacing.offer(LEFT, HINTS_APART_S - 0.01)
    assert pacing.offer(LEFT, HINTS_APART_S)


def test_a_hint_that_has_not_left_gives_way_to_a_value() -> None:
    pacing = MessagePacing()
    assert pacing.offer(CLOSER, 0.0)
    pacing.offer(TWENTY, 0.0)
    assert taken(pacing, 0.0) == (TWENTY.text, False)
    assert taken(pacing, 9.0) is None


def test_a_doubt_is_not_said_once_it_is_dispelled() -> None:
    pacing = MessagePacing()
    pacing.offer(Utterance("Maybe 20 dollars. Turn the note over", Priority.VALUE), 0.0)
    pacing.offer(Utterance("20 dollars. Turn the note over", Priority.VALUE), 0.0)
    pacing.offer(FIVE, 0.0)
    assert [utterance.text for utterance in pacing.waiting()][1:] == [FIVE.text]


def test_of_what_is_no_value_only_the_newest_waits_in_the_words_of_then() -> None:
    pacing = MessagePacing()
    pacing.offer(Utterance("Ready", Priority.STATUS), 0.0)
    pacing.offer(Utterance("Total 20 dollars", Priority.STATUS, renew=lambda: "Total 25 dollars"), 0.0)
    pacing.offer(FIVE, 0.0)
    assert taken(pacing, 0.0) == (FIVE.text, False)
    assert taken(pacing, GAP_S) == ("Total 25 dollars", False)
    assert taken(pacing, 9.0) is None


def test_it_is_idle_when_the_words_have_been_said() -> None:
    pacing = MessagePacing()
    assert pacing.idle(0.0)
    pacing.offer(TWENTY, 0.0)
    assert not pacing.idle(0.0)
    taken(pacing, 0.0)
    assert not pacing.idle(0.5)
    assert pacing.idle(3.0)


def test_what_the_screen_reader_took_with_it_is_unsaid() -> None:
    pacing = MessagePacing()
    pacing.offer(TWENTY, 0.0)
    pacing.offer(FIVE, 0.0)
    taken(pacing, 0.0)
    assert pacing.waiting() == [FIVE]
    assert pacing.unsaid(0.1, outlived=True) == [TWENTY]
    assert pacing.unsaid(0.9, outlived=True) == []
    assert pacing.unsaid(0.9, outlived=False) == [TWENTY]
    assert pacing.unsaid(3.0, outlived=False) == []


def test_a_hint_that_went_with_it_is_not_said_again() -> None:
    pacing = MessagePacing()
    pacing.offer(CLOSER, 0.0)
    taken(pacing, 0.0)
    assert pacing.unsaid(0.1, outlived=False) == []
    pacing.offer(CLOSER, HINTS_APART_S)
    assert pacing.waiting() == []


@pytest.mark.parametrize("words", [TWENTY, TOTAL, CLOSER])
def test_what_was_taken_back_is_neither_sent_nor_left_to_anybody(words: Utterance) -> None:
    pacing = MessagePacing()
    pacing.offer(words, 0.0)
    pacing.forget(words)
    assert taken(pacing, 0.0) is None
    pacing.offer(words, 0.0)
    assert taken(pacing, 0.0) == (words.text, False)
    pacing.forget(words)
    assert pacing.unsaid(0.1, outlived=False) == []
