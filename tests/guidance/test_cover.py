"""A covered camera: said before any hint, said again, and said to be over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from currency_app.events import AppEvent, CameraCovered, CameraUncovered, Hint, HintKind, Observation
from currency_app.guidance.hints import Framing
from currency_app.pipeline import Pipeline
from currency_app.tracking.tracker import Tracker
from tests.support.observations import BUNDLE, seen


def views(seconds: float, start: float = 0.0, *, black: bool, light: float = 0.0) -> Iterator[Observation]:
    for index in range(round(seconds * 15)):
        yield replace(seen(start + index / 15, {}, light=light), black=black)


def play(*observations: Iterable[Observation]) -> list[AppEvent]:
    pipeline = Pipeline(Tracker(BUNDLE), Framing())
    return [event for part in observations for view in part for event in pipeline.events_for(view)]


def times(events: Sequence[AppEvent]) -> list[float]:
    return [round(event.t) for event in events if isinstance(event, CameraCovered)]


def test_black_for_a_while_is_a_covered_camera_and_no_hint() -> None:
    events = play(views(9, black=True))
    assert events
    assert {type(event) for event in events} == {CameraCovered}
    assert 1.0 < events[0].t < 2.0


def test_it_is_said_again_every_ten_seconds() -> None:
    assert times(play(views(30, black=True))) == [2, 12, 22]


def test_the_cover_that_was_opened_is_said_once() -> None:
    events = play(views(3, black=True), views(3, 3, black=False, light=120), views(1, 6, black=True))
    assert [type(event) for event in events] == [CameraCovered, CameraUncovered]
    assert 3.1 < events[1].t < 3.4


def test_a_second_of_black_as_cameras_begin_with_says_nothing() -> None:
    assert play(views(1, black=True), views(3, 1, black=False, light=120)) == []


def test_single_frames_that_show_something_change_nothing() -> None:
    flicker = [replace(view, black=index % 5 != 0) for index, view in enumerate(views(3, 3, black=True))]
    assert [type(event) for event in play(views(3, black=True), flicker)] == [CameraCovered]


def test_black_frames_among_others_are_no_cover() -> None:
    flicker = [replace(view, black=index % 5 != 0) for index, view in enumerate(views(9, black=True, light=120))]
    assert not [event for event in play(flicker) if not isinstance(event, Hint)]


def test_a_dark_room_still_asks_for_light() -> None:
    kinds = {event.kind for event in play(views(2, black=False, light=12)) if isinstance(event, Hint)}
    assert kinds == {HintKind.TOO_DARK}
