"""A gap in the frames is an absence; a shorter one, and a slow source's own pace, change nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from currency_app.events import AppEvent, HintKind, NoteLeft, Observation, Sighting
from currency_app.guidance.hints import Framing
from currency_app.pipeline import Pipeline
from currency_app.tracking.referee import tracker_for
from currency_app.tracking.tracker import Tracker
from tests.support.observations import BUNDLE, box, note, seen
from tests.support.two_currencies import BOTH, NOTHING, alone

HIDDEN_S = Tracker(BUNDLE).settings.hidden_s


def frames(start: float, seconds: float, value: int = 20, fps: float = 15) -> list[Observation]:
    """A note held still from a time on."""
    return [note(start + index / fps, value) for index in range(round(seconds * fps))]


def play(observations: Sequence[Observation]) -> list[AppEvent]:
    pipeline = Pipeline(Tracker(BUNDLE), Framing())
    return [event for observation in observations for event in pipeline.events_for(observation)]


def names(events: Sequence[AppEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


def of_notes(events: Sequence[AppEvent]) -> list[AppEvent]:
    """The events without the hints: until a slow source has shown enough frames, the note could be turned over."""
    return [event for event in events if isinstance(event, (Sighting, NoteLeft))]


@pytest.mark.parametrize("back", [0.2, 5.0, 4000.0])
def test_time_that_goes_back_is_a_gap(back: float) -> None:
    """Nobody knows how long it was; and what waits for a time must not wait until that comes round again."""
    events = of_notes(play([*frames(5000, 2, 20), *frames(5002 - back, 3, 20), *frames(5005 - back, 3, 5)]))
    assert names(events) == ["Sighting", "NoteLeft", "Sighting", "NoteLeft", "Sighting"]


@pytest.mark.parametrize("gap", [HIDDEN_S + 0.1, 2.0, 60.0, 4000.0])
def test_the_next_note_of_the_same_value_is_one_more(gap: float) -> None:
    events = play([*frames(0, 2), *frames(2 + gap, 2)])
    assert names(events) == ["Sighting", "NoteLeft", "Sighting"]
    assert events[1].t == pytest.approx(2 + gap)


@pytest.mark.parametrize("gap", [0.1, 0.4, HIDDEN_S - 0.1])
def test_a_shorter_gap_changes_nothing(gap: float) -> None:
    assert names(play([*frames(0, 2), *frames(2 + gap, 2)])) == ["Sighting"]


def test_another_value_after_a_gap_does_not_wait_to_replace_the_first() -> None:
    events = play([*frames(0, 2), *frames(10, 2, 5)])
    assert names(events) == ["Sighting", "NoteLeft", "Sighting"]
    assert events[2].t - 10 < 0.5


def test_what_was_half_believed_before_a_gap_does_not_count_after_it() -> None:
    """Three frames are not enough, nor are three more after a gap."""
    assert names(play([*frames(0, 3 / 15), *frames(9, 3 / 15)])) == []


def test_a_slow_source_is_not_interrupted_by_each_frame() -> None:
    assert names(of_notes(play(frames(0, 20, fps=1)))) == ["Sighting"]


def test_a_slow_source_that_stops_is() -> None:
    events = of_notes(play([*frames(0, 20, fps=1), *frames(40, 20, fps=1)]))
    assert names(events) == ["Sighting", "NoteLeft", "Sighting"]


def test_hints_begin_anew_too() -> None:
    """A readable note that stays doubtful for two seconds is to be turned over; a gap is no part of them."""
    pipeline = Pipeline(Tracker(BUNDLE), Framing())
    doubtful = [seen(t, {20: 0.6, 5: 0.4}, corners=box(0.2, 0.3, 0.8, 0.7)) for t in (0.0, 0.5, 30.0, 30.1, 30.2, 30.8)]
    hints = [event for seen_ in doubtful for event in pipeline.events_for(seen_)]
    assert HintKind.TURN_OVER not in [getattr(event, "kind", None) for event in hints]


def test_the_gap_is_noticed_before_the_next_frame_when_the_camera_is_back() -> None:
    pipeline = Pipeline(Tracker(BUNDLE), Framing())
    for observation in frames(0, 2):
        pipeline.events_for(observation)
    assert pipeline.events_of_gap(2.1) == []
    assert pipeline.events_of_gap(62.0) == [NoteLeft(62.0)]
    assert pipeline.events_of_gap(62.0) == []


def test_several_currencies_begin_anew_together() -> None:
    from currency_app.recognition.multi_currency import MultiObservation

    def both(t: float) -> MultiObservation:
        dollars, euros = alone(t, (20, 0.99), BOTH[0]), alone(t, NOTHING, BOTH[1])
        return MultiObservation(**vars(dollars), per_bundle=(dollars, euros))

    pipeline = Pipeline(tracker_for(BOTH), Framing())
    events = [e for start in (0.0, 30.0) for index in range(30) for e in pipeline.events_for(both(start + index / 15))]
    assert names(of_notes(events)) == ["Sighting", "NoteLeft", "Sighting"]
