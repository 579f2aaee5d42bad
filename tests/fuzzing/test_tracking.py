"""Whatever a camera shows, in any order: no value twice for one note, and never stuck."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from currency_app.events import AppEvent, Hint, Maybe, NoteLeft, Observation, Sighting, Unknown
from currency_app.guidance import Framing
from currency_app.pipeline import Pipeline
from currency_app.recognition.multi_currency import MultiObservation, visibility
from currency_app.tracking import NoteTracker, Tracker, tracker_for
from tests.fuzzing.profiles import examples
from tests.fuzzing.views import View, any_views, observed, steady
from tests.support.observations import BUNDLE
from tests.support.two_currencies import BOTH, EUR, USD

NOTE_S = 2.0
"""Seconds in which a well-held note is announced, once what was seen before has gone."""
GONE_S = 2.0
"""Seconds of an empty room after which no note can be in view."""


class Grammar:
    """What may follow what, in what is told of notes. Asserts it event by event."""

    def __init__(self) -> None:
        self.sighted: Sighting | None = None
        self.doubted = self.unknown = False
        self.sightings: list[Sighting] = []

    def hear(self, event: AppEvent, t: float) -> None:
        assert event.t == t
        match event:
            case Sighting():
                assert self.sighted is None, f"{event} while {self.sighted} has not left"
                assert 0.0 <= event.confidence <= 1.0 + 1e-9
                self.sighted = event
                self.sightings.append(event)
            case Maybe():
                assert self.sighted is None, "no doubt about a note that was announced"
                assert not self.doubted, "one doubt for a note"
                assert not self.unknown, "no doubt about a note that was told as unknown"
                self.doubted = True
            case Unknown():
                assert self.sighted is None
                assert not self.unknown
                assert not self.doubted
                self.unknown = True
            case NoteLeft():
                assert self.sighted is not None or self.doubted or self.unknown, "nothing was told that could leave"
                self.sighted, self.doubted, self.unknown = None, False, False


def track(tracker: NoteTracker, observations: Iterable[Observation], grammar: Grammar) -> float:
    """Let a tracker see observations, hold it to the grammar, and return the time of the last."""
    t = 0.0
    for observation in observations:
        t = observation.t
        for event in tracker.update(observation):
            grammar.hear(event, t)
        assert tracker.has_note == (grammar.sighted is not None)
    return t


def confirmed(event: Sighting, recent: Sequence[Observation]) -> bool:
    """Whether the last frames that were looked at are each sure of the value."""
    return len(recent) == 3 and all(
        seen.value == event.value and not seen.refused and BUNDLE.is_sure(seen.value, seen.confidence)
        for seen in recent
    )


@given(any_views())
@examples()
def test_no_value_is_announced_twice_without_the_note_having_left(shown: list[View]) -> None:
    track(Tracker(BUNDLE), observed(shown), Grammar())


@given(any_views())
@examples()
def test_a_value_is_announced_only_when_its_last_frames_are_each_sure_of_it(shown: list[View]) -> None:
    tracker, looked = Tracker(BUNDLE), []
    for observation in observed(shown):
        if observation.looked:
            looked.append(observation)
        for event in tracker.update(observation):
            assert not isinstance(event, Sighting) or confirmed(event, looked[-3:])


@given(any_views(), st.sampled_from(BUNDLE.values))
@examples()
def test_after_an_empty_room_any_note_is_announced_whatever_came_before(shown: list[View], value: int) -> None:
    tracker, grammar = Tracker(BUNDLE), Grammar()
    t = track(tracker, observed(shown), grammar)
    t = track(tracker, steady(None, t, GONE_S), grammar)
    assert (grammar.sighted, grammar.doubted) == (None, False), "an empty room is noticed"
    before = len(grammar.sightings)
    track(tracker, steady(value, t, NOTE_S), grammar)
    assert [sighting.value for sighting in grammar.sightings[before:]] == [value]


@given(any_views(), st.sampled_from(BUNDLE.values))
@examples()
def test_a_note_held_well_is_in_the_end_the_one_announced_without_an_empty_room(shown: list[View], value: int) -> None:
    tracker, grammar = Tracker(BUNDLE), Grammar()
    t = track(tracker, observed(shown), grammar)
    track(tracker, steady(value, t, 4.0), grammar)
    assert grammar.sighted is not None
    assert grammar.sighted.value == value


def run(pipeline: Pipeline, tracker: NoteTracker, observations: Iterable[Observation], grammar: Grammar) -> float:
    """Let tracking and guidance see observations, and return the time of the last."""
    t = 0.0
    for observation in observations:
        t = observation.t
        hints = 0
        for event in pipeline.events_for(observation):
            if isinstance(event, Hint):
                hints += 1
                assert grammar.sighted is None, "no hint while a value holds"
            grammar.hear(event, t)
        assert hints <= 1
        assert tracker.has_note == (grammar.sighted is not None)
    return t


@given(any_views(), st.sampled_from(BUNDLE.values))
@examples()
def test_tracking_and_guidance_tell_of_each_note_once_and_are_never_stuck(shown: list[View], value: int) -> None:
    tracker, grammar = Tracker(BUNDLE), Grammar()
    pipeline = Pipeline(tracker, Framing())
    t = run(pipeline, tracker, observed(shown), grammar)
    t = run(pipeline, tracker, steady(None, t, GONE_S), grammar)
    assert (grammar.sighted, grammar.doubted, grammar.unknown) == (None, False, False)
    before = len(grammar.sightings)
    run(pipeline, tracker, steady(value, t, NOTE_S), grammar)
    assert [sighting.value for sighting in grammar.sightings[before:]] == [value]


def both_see(dollars: Sequence[View], euros: Sequence[View]) -> Iterable[Observation]:
    """What two bundles see of the same frames: the times are those of the first."""
    for one, other in zip(observed(dollars, USD), observed(euros, EUR), strict=False):
        yield of_both(one, other)


def of_both(one: Observation, other: Observation) -> MultiObservation:
    fields = vars(max((one, other), key=visibility))
    seen = tuple(type(one)(**{**vars(each), "t": one.t, "looked": one.looked}) for each in (one, other))
    return MultiObservation(**{**fields, "t": one.t, "looked": one.looked}, per_bundle=seen)


@given(any_views(USD), any_views(EUR))
@examples()
def test_of_two_currencies_one_is_announced_at_a_time(dollars: list[View], euros: list[View]) -> None:
    tracker, grammar = tracker_for(BOTH), Grammar()
    pipeline = Pipeline(tracker, Framing())
    t = run(pipeline, tracker, both_see(dollars, euros), grammar)
    empty = zip(steady(None, t, GONE_S, USD), steady(None, t, GONE_S, EUR), strict=True)
    t = run(pipeline, tracker, (of_both(*frames) for frames in empty), grammar)
    assert (grammar.sighted, grammar.doubted, grammar.unknown) == (None, False, False)
    before = len(grammar.sightings)
    shown = zip(steady(None, t, NOTE_S, USD), steady(20, t, NOTE_S, EUR), strict=True)
    run(pipeline, tracker, (of_both(*frames) for frames in shown), grammar)
    assert [(sighting.currency, sighting.value) for sighting in grammar.sightings[before:]] == [("EUR", 20)]
