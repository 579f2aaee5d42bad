"""What the user hears of the running total, and what listeners hear of it, whichever thread changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.dialogue import Dialogue
from currency_app.events import (
    AppEvent,
    Cleared,
    Hint,
    HintKind,
    Maybe,
    NoteLeft,
    Priority,
    Sighting,
    Total,
    Undone,
    Unknown,
)
from currency_app.speech.announcer import Announcer
from currency_app.speech.phrases import Phrases, languages
from currency_app.tally import NoteListFile
from currency_app.testing import FakeVoice


class Talk:
    """A dialogue with a fake voice, and what its listeners would hear."""

    def __init__(self, *values: int, language: str = "en", count: bool = False, demonstration: bool = False) -> None:
        self.voice = FakeVoice()
        announcer = Announcer(Phrases(language), count=count, demonstration=demonstration)
        self.dialogue = Dialogue(announcer, self.voice)
        self.heard: list[tuple[AppEvent, str | None]] = []
        self.t = 0.0
        self.show(*values)

    def show(self, *values: int, currency: str = "USD") -> None:
        for value in values:
            self.dialogue.publish(Sighting(self.t, currency, value, "front", 0.99))
            self.dialogue.publish(NoteLeft(self.t + 1))
            self.t += 2

    def events(self) -> list[tuple[AppEvent, str | None]]:
        """What the listeners have not heard of yet."""
        return list(self.dialogue.due(self.now))

    @property
    def now(self) -> float:
        """When the last note left."""
        return self.t - 1

    @property
    def said(self) -> list[str]:
        return [utterance.text for utterance in self.voice.said]

    @property
    def last(self) -> str:
        return self.said[-1]


def test_the_total_follows_each_value_where_that_is_asked_for() -> None:
    talk = Talk(20, 20, 5, count=True)
    assert talk.said[-2:] == ["5 dollars", "Total 45 dollars, 3 notes"]
    value, total = talk.voice.said[-2:]
    assert (value.priority, total.priority) == (Priority.VALUE, Priority.STATUS)
    assert [text for event, text in talk.events() if isinstance(event, Total)][-1] == "Total 45 dollars, 3 notes"


def test_a_total_that_waits_for_a_value_is_the_newest() -> None:
    talk = Talk(20, count=True)
    waiting = talk.voice.said[-1]
    talk.show(5)
    assert waiting.renew is not None
    assert waiting.renew() == "Total 25 dollars, 2 notes"


def test_without_it_only_the_key_says_the_total() -> None:
    talk = Talk(20, 5)
    assert talk.said == ["20 dollars", "5 dollars"]
    talk.dialogue.say_total()
    assert talk.last == "Total 25 dollars, 2 notes"
    assert [event for event, _ in talk.events()] == [
        Sighting(0.0, "USD", 20, "front", 0.99),
        Total(0.0, {"USD": 20}, 1),
        NoteLeft(1.0),
        Sighting(2.0, "USD", 5, "front", 0.99),
        Total(2.0, {"USD": 25}, 2),
        NoteLeft(3.0),
    ]


def test_only_sure_values_count() -> None:
    talk = Talk()
    for event in (Maybe(0.0, "USD", 100, 0.8), NoteLeft(1.0), Unknown(2.0), Hint(9.0, HintKind.MOVE_CLOSER)):
        talk.dialogue.publish(event)
    talk.dialogue.say_total()
    assert talk.last == "No notes counted"
    assert not any(isinstance(event, Total) for event, _ in talk.events())


def test_undo_says_what_it_took_back_and_the_listeners_hear_of_it() -> None:
    talk = Talk(20, 5)
    talk.events()
    talk.dialogue.undo()
    assert talk.last == "Took back 5 dollars. Total 20 dollars, 1 note"
    assert talk.events() == [(Undone(talk.now, "USD", 5), talk.last), (Total(talk.now, {"USD": 20}, 1), None)]
    talk.dialogue.undo()
    assert talk.last == "Took back 20 dollars. No notes counted"
    assert talk.events()[-1] == (Total(talk.now, {}, 0), None)
    talk.dialogue.undo()
    assert talk.last == "No notes counted"
    assert talk.events() == []


def test_clear_can_be_taken_back() -> None:
    talk = Talk(20, 5)
    talk.events()
    talk.dialogue.clear_total()
    assert talk.last == "Total cleared. Undo brings it back"
    assert [event for event, _ in talk.events()] == [Cleared(talk.now), Total(talk.now, {}, 0)]
    talk.dialogue.undo()
    assert talk.last == "Brought back. Total 25 dollars, 2 notes"
    assert [event for event, _ in talk.events()] == [
        Undone(talk.now, None, None),
        Total(talk.now, {"USD": 25}, 2),
    ]
    talk.dialogue.undo()
    talk.dialogue.undo()
    talk.events()
    talk.dialogue.clear_total()
    assert talk.last == "No notes counted"
    assert talk.events() == []


def test_the_notes_are_read_back_in_their_order() -> None:
    talk = Talk(20, 5, 20)
    talk.dialogue.read_back()
    assert talk.last == "Counted: 20 dollars, 5 dollars, 20 dollars"
    empty = Talk()
    empty.dialogue.read_back()
    assert empty.last == "No notes counted"


def test_several_currencies_are_never_added_up() -> None:
    talk = Talk(20)
    talk.show(50, 5, currency="EUR")
    talk.dialogue.undo()
    assert talk.last == "Took back 5 euros. Total 20 dollars, 1 note. Total 50 euros, 1 note"
    assert talk.events()[-1][0] == Total(talk.now, {"USD": 20, "EUR": 50}, 2)


def test_the_demonstration_marks_every_amount() -> None:
    talk = Talk(20, demonstration=True)
    talk.dialogue.say_total()
    talk.dialogue.read_back()
    talk.dialogue.undo()
    talk.dialogue.say_total()
    assert talk.said == [
        "Demonstration: 20 dollars",
        "Demonstration: Total 20 dollars, 1 note",
        "Demonstration: Counted: 20 dollars",
        "Demonstration: Took back 20 dollars. No notes counted",
        "Demonstration: No notes counted",
    ]


@pytest.mark.parametrize("language", languages())
def test_each_language_has_its_own_words(language: str) -> None:
    talk = Talk(1, 20, language=language)
    phrases = Phrases(language)
    talk.dialogue.undo()
    assert phrases.value(20, "USD") in talk.last
    assert talk.last.endswith(phrases.total(1, 1, "USD"))


def test_a_list_that_cannot_be_written_is_one_sentence_and_the_count_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    talk = Talk()
    notes = NoteListFile(str(folder / "notes.csv"))
    talk.dialogue.list_notes(notes)
    talk.show(20)
    assert notes.wait(20.0)
    folder.rename(tmp_path / "pulled")
    talk.show(5, 1)
    assert not notes.wait(20.0)
    assert sorted(talk.said) == [
        "1 dollar",
        "20 dollars",
        "5 dollars",
        "The list of notes cannot be saved. The count goes on",
    ]
    notes.close()
    talk.dialogue.say_total()
    assert talk.last == "Total 26 dollars, 3 notes"


def test_a_list_that_cannot_be_written_is_told_with_the_end_of_muting(tmp_path: Path) -> None:
    """While it is muted, only keys are answered."""
    folder = tmp_path / "stick"
    folder.mkdir()
    talk = Talk()
    notes = NoteListFile(str(folder / "notes.csv"))
    talk.dialogue.list_notes(notes)
    folder.rename(tmp_path / "pulled")
    talk.dialogue.toggle_mute()
    talk.show(20)
    assert not notes.wait(20.0)
    assert talk.said == ["Muted. Keys are still answered"]
    talk.dialogue.toggle_mute()
    assert talk.last == "Speech is on. The list of notes cannot be saved. The count goes on"
    notes.close()
