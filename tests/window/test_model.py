"""What the window shows when, as the app tells it, without a display."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from currency_app.events import (
    AppEvent,
    CameraBack,
    CameraCovered,
    CameraLost,
    CameraUncovered,
    Frame,
    Hint,
    HintKind,
    Maybe,
    NoteLeft,
    Observation,
    Sighting,
    Unknown,
)
from currency_app.speech.phrases import Phrases
from currency_app.window.model import LivePicture, ValueKind, WindowModel, WindowText
from tests.support.observations import CENTRED, note, seen

ENGLISH = Phrases("en")


class Shown:
    """A model, what it was told, and what it shows then."""

    def __init__(self, **settings: Any) -> None:
        self.total = "No notes counted"
        self.model = WindowModel(Phrases(settings.pop("language", "en")), **settings)
        self.calls = 0
        self.model.on_changed = self._call
        self.model.follow(lambda: self.total, self.model._phrases)

    def _call(self) -> None:
        self.calls += 1

    def event(self, event: AppEvent, text: str | None = None) -> WindowText:
        self.model.on_event(event, text)
        return self.text

    def frame(self, t: float, observation: Observation | None = None) -> WindowText:
        image = np.zeros((48, 64, 3), np.uint8)
        self.model.on_frame(Frame(image, t, 0), seen(t, {}) if observation is None else observation)
        return self.text

    @property
    def text(self) -> WindowText:
        return self.model._text


def sighting(t: float, value: int = 20) -> Sighting:
    return Sighting(t, "USD", value, "front", 0.99)


def test_it_says_that_it_starts_until_the_first_picture_then_what_to_do() -> None:
    shown = Shown()
    assert (shown.text.value, shown.text.total) == ("Starting", "No notes counted")
    assert shown.frame(0.0).value == ENGLISH.ready()


def test_a_value_takes_the_place_of_hint_and_prompt() -> None:
    shown = Shown()
    shown.frame(0.0)
    assert shown.event(Hint(0.5, HintKind.MOVE_CLOSER), "Move the note closer").message == "Move the note closer"
    shown.total = "Total 20 dollars in 1 note"
    text = shown.event(sighting(1.0), "20 dollars")
    assert (text.value, text.kind, text.message) == ("20 dollars", ValueKind.SURE, "")
    assert text.total == "Total 20 dollars in 1 note"


def test_all_that_is_shown_changes_with_the_language() -> None:
    shown, spanish = Shown(), Phrases("es")
    shown.frame(0.0)
    shown.model.follow(lambda: shown.total, spanish)
    assert shown.text.value == spanish.ready()
    shown.event(sighting(1.0))
    shown.event(NoteLeft(2.0))
    assert shown.frame(3.0, note(3.0)).last == "Último billete: 20 dólares"
    shown.model.follow(lambda: shown.total, ENGLISH)
    assert (shown.text.value, shown.text.last) == (ENGLISH.ready(), "Last note: 20 dollars")


def test_a_value_stays_after_its_note_has_left_until_another_note_comes() -> None:
    shown = Shown()
    shown.frame(0.0, note(0.0))
    shown.event(sighting(1.0))
    text = shown.event(NoteLeft(2.0))
    assert (text.value, text.kind) == ("20 dollars", ValueKind.LEFT)
    assert shown.frame(30.0).value == "20 dollars"
    text = shown.frame(31.0, note(31.0, 5, 0.6))
    assert (text.value, text.kind, text.last) == (ENGLISH.ready(), ValueKind.PROMPT, "Last note: 20 dollars")
    text = shown.event(sighting(31.5, 5))
    assert (text.value, text.last) == ("5 dollars", "")


def test_a_doubtful_value_goes_with_its_note() -> None:
    shown = Shown()
    shown.frame(0.0)
    text = shown.event(Maybe(1.0, "USD", 20, 0.7))
    assert (text.value, text.kind) == ("Maybe 20 dollars. Turn the note over", ValueKind.DOUBTFUL)
    text = shown.event(NoteLeft(2.0))
    assert (text.value, text.kind, text.last) == (ENGLISH.ready(), ValueKind.PROMPT, "")


def test_a_note_that_is_not_known_is_shown_as_such() -> None:
    shown = Shown()
    shown.frame(0.0)
    text = shown.event(Unknown(1.0), ENGLISH.unknown())
    assert (text.value, text.kind) == (ENGLISH.unknown(), ValueKind.DOUBTFUL)


@pytest.mark.parametrize(("kind", "stays"), [(HintKind.MOVE_LEFT, False), (HintKind.NO_NOTE, True)])
def test_a_hint_goes_when_it_is_out_of_date(kind: HintKind, stays: bool) -> None:
    shown = Shown()
    shown.event(Hint(1.0, kind), ENGLISH.hint(kind))
    assert shown.frame(4.9).message == ENGLISH.hint(kind)
    assert (shown.frame(5.1).message == ENGLISH.hint(kind)) is stays
    assert shown.frame(5.2, note(5.2)).message == ""


def test_what_is_answered_to_a_key_is_shown_for_a_while() -> None:
    shown = Shown()
    shown.frame(1.0)
    shown.model.show_message("Total 20 dollars in 1 note")
    assert shown.frame(8.9).message == "Total 20 dollars in 1 note"
    assert shown.frame(9.1).message == ""


def test_a_picture_is_not_shown_as_of_now_once_the_camera_has_stopped() -> None:
    shown = Shown()
    shown.frame(0.0)
    text = shown.event(CameraLost(1.0), ENGLISH.camera_lost())
    assert (text.message, text.camera_works) == (ENGLISH.camera_lost(), False)
    assert shown.model.take()[1] is None
    assert shown.event(CameraLost(9.0)).message == ENGLISH.camera_lost(), "as long as that lasts"
    assert shown.event(CameraBack(60.0), ENGLISH.camera_back()).camera_works
    assert shown.frame(69.0).message == ""


def test_what_is_wrong_with_the_camera_stays_behind_the_answer_to_a_key() -> None:
    """No frame comes after which that answer would go."""
    shown = Shown()
    shown.frame(0.0)
    shown.event(CameraLost(1.0), ENGLISH.camera_lost())
    shown.model.show_message("Total 20 dollars, 1 note")
    assert shown.text.message == f"Total 20 dollars, 1 note. {ENGLISH.camera_lost()}"
    assert shown.event(CameraBack(60.0), ENGLISH.camera_back()).message == ENGLISH.camera_back()
    assert shown.frame(69.0).message == ""


def test_who_has_muted_the_app_reads_what_is_wrong_with_the_camera() -> None:
    shown = Shown()
    shown.frame(0.0)
    assert shown.event(CameraCovered(1.0)).message == ENGLISH.camera_covered()
    shown.model.show_message("Speech is on")
    assert shown.frame(12.0).message == ENGLISH.camera_covered(), "still, once that has been read"
    assert shown.event(NoteLeft(13.0)).message == ENGLISH.camera_covered()
    assert shown.event(CameraUncovered(14.0)).message == ""
    assert shown.event(CameraLost(15.0)).message == ENGLISH.camera_lost()


def test_a_frame_brings_the_camera_back_by_itself() -> None:
    shown = Shown()
    shown.event(CameraLost(1.0), ENGLISH.camera_lost())
    assert shown.frame(2.0).camera_works


def test_only_the_newest_picture_is_kept_and_told_of_once() -> None:
    shown = Shown()
    shown.model.take()
    calls = shown.calls
    for t in (0.0, 0.1, 0.2):
        shown.frame(t, note(t))
    assert shown.calls == calls + 1, "nobody took the first"
    text, picture = shown.model.take()
    assert picture is not None and picture.corners is not None
    assert np.array_equal(picture.corners, CENTRED)
    assert shown.model.take() == (text, None)
    shown.frame(0.3)
    assert shown.calls == calls + 2
    picture = shown.model.take()[1]
    assert isinstance(picture, LivePicture) and picture.corners is None


def test_the_outline_tells_whether_the_value_is_sure() -> None:
    shown = Shown()
    for event, sure in ((None, False), (sighting(0.5), True), (NoteLeft(1.0), False)):
        if event is not None:
            shown.event(event)
        shown.frame(2.0, note(2.0))
        picture = shown.model.take()[1]
        assert picture is not None
        assert picture.sure is sure


def test_values_are_digits_in_every_language() -> None:
    shown = Shown(language="es", demonstration=False)
    assert shown.event(sighting(1.0, 1)).value == "1 dólar"
    assert shown.event(sighting(2.0, 20)).value == "20 dólares"
    assert shown.event(Maybe(3.0, "EUR", 5, 0.7)).value == Phrases("es").shown_maybe(5, "EUR")


def test_the_demonstrations_values_are_marked() -> None:
    shown = Shown(demonstration=True)
    assert shown.event(sighting(1.0)).value == "Demonstration: 20 dollars"
    shown.event(NoteLeft(2.0))
    text = shown.frame(3.0, note(3.0))
    assert text.value == "Demonstration: The notes are drawn and the camera is off"
    assert text.last == "Last note: Demonstration: 20 dollars"
