"""What is decided, and when, for sequences of single-frame readings with known truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from currency_app.events import Maybe, NoteEvent, NoteLeft, Observation, Sighting
from currency_app.tracking.tracker import Tracker, TrackerSettings
from tests.support.observations import BUNDLE, Part, box, bundle_of, clip, note, nothing, seen

EMPTY = Part(1.0)
BOTH_SPEEDS = pytest.mark.parametrize("fps", [15, 30])


def play(observations: Iterable[Observation], settings: TrackerSettings | None = None) -> list[NoteEvent]:
    tracker = Tracker(BUNDLE, settings)
    return [event for observation in observations for event in tracker.update(observation)]


def decided(fps: float, *parts: Part) -> list[NoteEvent]:
    return play(clip(fps, parts))


def told(events: Iterable[NoteEvent]) -> list[str]:
    """The events in short: "20", "maybe 20", "left"."""
    names = {Sighting: "", Maybe: "maybe "}
    return ["left" if isinstance(e, NoteLeft) else f"{names[type(e)]}{e.value}" for e in events]


@BOTH_SPEEDS
def test_a_steady_note_is_announced_once_within_a_second(fps: int) -> None:
    events = decided(fps, EMPTY, Part(10.0, 20))
    assert told(events) == ["20"]
    assert 1.0 < events[0].t <= 2.0


@BOTH_SPEEDS
def test_a_note_that_is_there_from_the_first_frame(fps: int) -> None:
    events = decided(fps, Part(3.0, 20))
    assert told(events) == ["20"]
    assert events[0].t <= 1.0


def test_a_sighting_says_what_was_seen() -> None:
    (event,) = decided(15, EMPTY, Part(2.0, 50, 0.99, side="back"))
    assert isinstance(event, Sighting)
    assert (event.currency, event.value, event.side) == ("USD", 50, "back")
    assert event.confidence == pytest.approx(0.985, abs=0.015)


@BOTH_SPEEDS
def test_what_is_sure_in_every_other_frame_only_is_never_announced(fps: int) -> None:
    """As things are that are no note: together their frames would be sure."""
    parts = [part for _ in range(40) for part in (Part(2 / fps, 20, 0.999), Part(1 / fps, 20, 0.9))]
    assert "20" not in told(decided(fps, *parts))
    assert told(decided(fps, Part(4.0, 20, 0.985))) == ["20"], "no frame is as sure, but all of them are"


def test_a_frame_of_another_value_confirms_nothing() -> None:
    """Also if the belief leaps from the one to the other, as it does while few frames have been seen."""
    frames = [note(0.0, 1, 0.999), note(0.2, 2, 0.999), note(0.4, 2, 0.999), note(0.6, 2, 0.999)]
    assert told(play(frames[:3])) == []
    assert told(play(frames)) == ["2"]


@pytest.mark.parametrize(("step", "said"), [(0.0, True), (0.05, True), (0.3, False)])
@pytest.mark.parametrize(("chances", "what"), [({20: 0.99}, "20"), ({20: 0.75, 10: 0.2}, "maybe 20")])
def test_what_leaps_about_is_neither_announced_nor_doubted(
    chances: dict[int, float], what: str, step: float, said: bool
) -> None:
    """As the corners do that are found where there is no note."""
    places = [box(0.2 + step * (n % 2), 0.25, 0.7 + step * (n % 2), 0.75) for n in range(60)]
    assert told(play(seen(n / 15, chances, corners=place) for n, place in enumerate(places))) == [what] * said


def test_a_bundle_that_does_not_locate_announces_by_its_value_alone() -> None:
    observations = [replace(seen(n / 15, {20: 0.99}), corners=None) for n in range(30)]
    assert told(play(observations)) == ["20"]


@BOTH_SPEEDS
def test_an_empty_room_says_nothing(fps: int) -> None:
    assert decided(fps, Part(20.0)) == []


@BOTH_SPEEDS
@pytest.mark.parametrize("flicker", [Part(0.033, 5), Part(0.066, 5, 1.0), Part(0.033, 5, 0.6, 20)])
def test_a_flicker_of_another_value_is_never_announced(fps: int, flicker: Part) -> None:
    in_room = [part for _ in range(8) for part in (Part(0.5), flicker)]
    while_held = [part for _ in range(8) for part in (Part(0.5, 20), flicker)]
    assert told(decided(fps, *in_room, EMPTY, *while_held)) == ["20"]


@pytest.mark.parametrize("fps", [2, 4, 15, 30])
def test_two_frames_are_not_enough_at_any_speed(fps: int) -> None:
    parts = [part for _ in range(5) for part in (Part(2.0), Part(2 / fps, 100, 1.0))]
    assert decided(fps, *parts, Part(2.0)) == []


@BOTH_SPEEDS
def test_two_equal_notes_with_a_gap_are_two_sightings(fps: int) -> None:
    events = decided(fps, EMPTY, Part(2.0, 20), Part(1.0), Part(2.0, 20), Part(1.0))
    assert told(events) == ["20", "left", "20", "left"]
    assert 3.0 < events[1].t < 4.0 < events[2].t < 5.0


@BOTH_SPEEDS
def test_turning_a_note_over_is_the_same_note(fps: int) -> None:
    edge_on = Part(0.25, 20, 0.2)
    events = decided(fps, EMPTY, Part(2.0, 20), edge_on, Part(2.0, 20, side="back"), edge_on, Part(2.0, 20))
    assert told(events) == ["20"]


def test_both_sides_count_together() -> None:
    """A worn note of which the side cannot be told is still a sure 20."""
    both = seen(0, {20: 0.5}, side="front")
    both.probabilities[:] += seen(0, {20: 0.5}, side="back").probabilities
    both.probabilities[-1] = 0
    frames = [seen(i / 15, {20: 0.99}) for i in range(15)]
    for frame in frames:
        frame.probabilities[:] = both.probabilities
    assert told(play(frames)) == ["20"]


@BOTH_SPEEDS
@pytest.mark.parametrize("hidden", [Part(0.3), Part(0.3, 5, 0.5, 20), Part(0.3, 5, 1.0)])
def test_a_short_occlusion_is_the_same_note(fps: int, hidden: Part) -> None:
    assert told(decided(fps, EMPTY, Part(2.0, 20), hidden, Part(2.0, 20), hidden, Part(2.0, 20))) == ["20"]


@BOTH_SPEEDS
def test_a_held_note_outlasts_most_of_a_second_of_another_value(fps: int) -> None:
    """A reflection or a fold can look like another value, and surely so, for a while."""
    assert told(decided(fps, EMPTY, Part(2.0, 20), Part(0.8, 5, 1.0), Part(2.0, 20))) == ["20"]


@BOTH_SPEEDS
def test_another_note_without_a_gap_replaces_the_first(fps: int) -> None:
    events = decided(fps, EMPTY, Part(3.0, 20), Part(3.0, 5), EMPTY)
    assert told(events) == ["20", "left", "5", "left"]
    assert events[1].t == events[2].t
    assert 4.0 < events[2].t < 6.0


@BOTH_SPEEDS
def test_a_doubtful_value_is_said_once_as_such(fps: int) -> None:
    events = decided(fps, EMPTY, Part(20.0, 20, 0.75, 10))
    assert told(events) == ["maybe 20"]
    assert isinstance(events[0], Maybe)
    assert events[0].confidence == pytest.approx(0.78, abs=0.04)
    assert 2.0 < events[0].t < 4.0


def test_the_next_doubtful_note_is_doubted_again() -> None:
    doubtful = Part(3.0, 20, 0.75, 10)
    assert told(decided(15, EMPTY, doubtful, EMPTY, doubtful)) == ["maybe 20", "left", "maybe 20"]


def test_one_maybe_a_note_also_when_the_doubt_moves() -> None:
    events = decided(15, EMPTY, Part(3.0, 20, 0.75, 10), Part(3.0, 10, 0.75, 20), Part(3.0, 20, 0.75, 10))
    assert told(events) == ["maybe 20"]


def test_a_doubtful_note_may_become_sure() -> None:
    assert told(decided(15, EMPTY, Part(3.0, 20, 0.75, 10), Part(2.0, 20), EMPTY)) == ["maybe 20", "20", "left"]


def test_a_note_that_becomes_sure_at_once_is_not_doubted_first() -> None:
    """Held too far away for seconds, then brought near: on its way to sure the value passes through doubt."""
    assert told(decided(15, EMPTY, Part(5.0, 20, 0.6, 5), Part(2.0, 20))) == ["20"]


def test_a_sure_note_is_not_doubted_afterwards() -> None:
    assert told(decided(15, EMPTY, Part(2.0, 20), Part(5.0, 20, 0.75, 10), Part(2.0, 20))) == ["20"]


@pytest.mark.parametrize("chance", [0.5, 0.65])
def test_below_doubt_nothing_is_said(chance: float) -> None:
    assert decided(15, EMPTY, Part(20.0, 20, chance, 10)) == []


@pytest.mark.parametrize("frames_each", [1, 2, 3])
@BOTH_SPEEDS
def test_alternating_values_say_nothing(fps: int, frames_each: int) -> None:
    parts = [Part(frames_each / fps, value, 0.97) for _ in range(100) for value in (5, 10)]
    assert decided(fps, EMPTY, *parts) == []


def test_doubtful_readings_of_many_values_say_nothing() -> None:
    parts = [Part(0.3, value, 0.6, 100) for _ in range(10) for value in (1, 2, 5, 10, 20, 50)]
    assert decided(15, EMPTY, *parts) == []


def test_a_doubtful_rival_does_not_end_a_sure_note() -> None:
    assert told(decided(15, EMPTY, Part(2.0, 20), Part(5.0, 10, 0.8, 20), Part(2.0, 20))) == ["20"]


def test_a_note_leaves_once() -> None:
    events = decided(15, EMPTY, Part(2.0, 20), Part(30.0))
    assert told(events) == ["20", "left"]
    assert 3.5 < events[1].t < 4.2


def test_an_uncertain_room_ends_a_note_too() -> None:
    """A hand or a wallet keeps the background at little over a half."""
    assert told(decided(15, EMPTY, Part(2.0, 20), Part(3.0, None, 0.6))) == ["20", "left"]


def test_it_has_a_note_while_an_announced_one_is_in_view() -> None:
    tracker = Tracker(BUNDLE)
    held = []
    for observation in clip(15, [EMPTY, Part(2.0, 20, 0.75, 5), Part(2.0, 20), Part(2.0)]):
        tracker.update(observation)
        held.append(tracker.has_note)
    assert (held[0], held[40], held[70], held[-1]) == (False, False, True, False)


def test_dropped_frames_do_not_stop_a_sighting() -> None:
    """A slow computer that reads 4 frames a second still has an answer."""
    events = decided(4, EMPTY, Part(4.0, 20), Part(2.0))
    assert told(events) == ["20", "left"]
    assert events[0].t <= 2.5


def test_a_long_stall_does_not_outweigh_what_was_seen() -> None:
    """One frame after a minute without pictures decides nothing by itself."""
    before = list(clip(15, [EMPTY, Part(2.0, 20)]))
    after = [note(63.0, 5), *(note(63.1 + i / 15, 20) for i in range(30))]
    assert told(play(before + after)) == ["20"]


def test_times_are_settings() -> None:
    patient = TrackerSettings(leave_s=5.0, hidden_s=5.0)
    parts = [EMPTY, Part(2.0, 20), Part(3.0), Part(2.0, 20)]
    assert told(play(clip(15, parts), patient)) == ["20"]
    cautious = TrackerSettings(caution=6.0)
    assert told(play(clip(15, parts), cautious)) == ["maybe 20", "left", "maybe 20"]


def test_a_currency_of_other_values() -> None:
    krona = bundle_of((20, 50, 100, 200, 500, 1000), currency="SEK")
    tracker = Tracker(krona)
    frames = (seen(i / 15, {500: 0.99}, bundle=krona) for i in range(30))
    (event,) = [event for frame in frames for event in tracker.update(frame)]
    assert isinstance(event, Sighting)
    assert (event.currency, event.value) == ("SEK", 500)


def test_several_frames_must_tell_more_than_the_threshold_asks_of_one() -> None:
    """A misreading goes on for frames; so a value at the threshold is doubtful, also when it stays."""
    for caution, announced in ((0.0, ["20"]), (1.0, ["maybe 20"])):
        tracker = Tracker(BUNDLE, TrackerSettings(caution=caution))
        frames = clip(15, [EMPTY, Part(4.0, 20, 0.955)])
        assert told(event for frame in frames for event in tracker.update(frame)) == announced


def test_a_value_has_its_own_threshold() -> None:
    """Where a wrong one costs more, what would do for another value is only said as doubtful."""
    strict = replace(BUNDLE, sure_by_value={100: 0.98})
    for value, announced in ((100, ["maybe 100"]), (50, ["50"])):
        tracker = Tracker(strict)
        frames = clip(15, [EMPTY, Part(4.0, value, 0.975, 10)])
        assert told(event for frame in frames for event in tracker.update(frame)) == announced
    tracker = Tracker(strict)
    frames = clip(15, [EMPTY, Part(4.0, 100, 0.998)])
    assert told(event for frame in frames for event in tracker.update(frame)) == ["100"]


def test_a_held_note_gives_way_to_a_value_with_a_higher_threshold_only_when_that_is_reached() -> None:
    strict = replace(BUNDLE, sure_by_value={100: 0.985})
    for chance, announced in ((0.965, ["20"]), (0.995, ["20", "left", "100"])):
        tracker = Tracker(strict)
        frames = clip(15, [EMPTY, Part(2.0, 20), Part(4.0, 100, chance, 10)])
        assert told(event for frame in frames for event in tracker.update(frame)) == announced


@pytest.mark.parametrize(("gone_s", "announced"), [(0.55, 1), (1.4, 2)])
def test_a_note_that_vanishes_in_place_was_covered_for_a_moment(gone_s: float, announced: int) -> None:
    """The same absence of a note that was on its way out is one that left."""
    events = decided(15, EMPTY, Part(2.0, 20), Part(gone_s), Part(2.0, 20))
    assert told(events).count("20") == announced


def test_a_note_at_the_edge_that_vanishes_has_left_sooner_than_one_in_the_middle() -> None:
    left_at = []
    for corners in (box(0.25, 0.3, 0.75, 0.6), box(-0.2, 0.3, 0.5, 0.6)):
        frames = [replace(frame, corners=corners if frame.value else None) for frame in
                  clip(15, [EMPTY, Part(2.0, 20), Part(3.0)])]  # fmt: skip
        left_at += [event.t for event in play(frames) if isinstance(event, NoteLeft)]
    assert left_at[1] < left_at[0] - 0.1


def test_a_value_that_nobody_sees_any_more_is_let_go() -> None:
    """Swapped without a gap for a note that never becomes sure: what was held is no longer what is in view."""
    events = decided(15, EMPTY, Part(2.0, 20), Part(12.0, 10, 0.8, 5))
    assert told(events) == ["20", "left", "maybe 10"]
    assert 8.5 < events[1].t < 10.0


def test_a_badly_seen_note_needs_more_than_a_well_seen_one() -> None:
    """A note of which little is in view, or that is blurred, is not sure at what would do for a whole sharp one."""
    changes: list[dict[str, Any]] = [{"in_view": 0.2}, {"covered": 0.7}, {"sharpness": 0.4}]
    for change in changes:
        frames = list(clip(15, [EMPTY, Part(3.0, 20, 0.97, 5)]))
        assert told(play(frames)) == ["20"]
        hidden = [replace(frame, **change) if frame.value else frame for frame in frames]
        assert "20" not in told(play(hidden))
    filling: dict[str, Any] = {"in_view": 0.2, "corners": box(-1.0, -0.2, 2.0, 1.2)}
    assert told(play(replace(frame, **filling) if frame.value else frame for frame in frames)) == ["20"], (
        "a fifth of it is more to read than a whole one, if it fills the frame"
    )


def test_time_that_stands_still_decides_nothing() -> None:
    assert play([nothing(1.0)] + [note(1.0) for _ in range(50)]) == []
