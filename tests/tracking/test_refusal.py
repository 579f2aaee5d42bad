"""A note that is held well and has no value: asked to turn it over, then told that it is unknown, once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import pytest

from currency_app.events import AppEvent, Hint, Maybe, NoteLeft, Observation, Sighting, Unknown
from currency_app.guidance.hints import Framing
from currency_app.pipeline import Pipeline
from currency_app.tracking.referee import tracker_for
from currency_app.tracking.tracker import Tracker
from tests.support.observations import BUNDLE, CENTRED, box, nothing, seen
from tests.support.two_currencies import BOTH

WELL_HELD = box(0.2, 0.3, 0.8, 0.7)
AT_EDGE = box(-0.2, 0.3, 0.4, 0.7)
See = Callable[[float], Observation]


def doubtful(t: float, side: str = "front", corners=WELL_HELD) -> Observation:  # type: ignore[no-untyped-def]
    """A note whose value is not even likely enough to be said as doubtful."""
    return seen(t, {20: 0.5, 5: 0.45}, side=side, corners=corners)


def refused(t: float, side: str = "front") -> Observation:
    """A note whose value the network is sure of, and a check has rejected."""
    return replace(seen(t, {5: 0.997}, side=side, corners=WELL_HELD), refused=True)


def without_value(t: float) -> Observation:
    """A note of which only the corners are known."""
    return replace(nothing(t), corners=WELL_HELD)


def other_side(t: float) -> Observation:
    return doubtful(t, "back")


def known(t: float) -> Observation:
    return seen(t, {20: 0.99}, side="back", corners=WELL_HELD)


def likely(t: float) -> Observation:
    """What is said as doubtful."""
    return seen(t, {20: 0.85, 5: 0.1}, corners=WELL_HELD)


def play(*parts: tuple[float, See], fps: float = 15) -> list[AppEvent]:
    pipeline = Pipeline(Tracker(BUNDLE), Framing())
    return [event for observation in film(parts, fps) for event in pipeline.events_for(observation)]


def film(parts: Iterable[tuple[float, See]], fps: float) -> Iterator[Observation]:
    index, end = 0, 0.0
    for seconds, see in parts:
        end += seconds
        while index / fps < end - 1e-9:
            yield see(index / fps)
            index += 1


def told(events: Iterable[AppEvent]) -> list[str]:
    """Each event's name, or its hint's or value's, but an equal one only once in a row."""
    names: list[str] = []
    for event in events:
        match event:
            case Hint():
                name = event.kind.value
            case Sighting():
                name = str(event.value)
            case _:
                name = type(event).__name__
        if names[-1:] != [name]:
            names.append(name)
    return names


def time_of(events: Iterable[AppEvent], kind: type) -> float:
    return next(event.t for event in events if isinstance(event, kind))


@pytest.mark.parametrize("fps", [5, 15, 30])
@pytest.mark.parametrize("see", [doubtful, refused, without_value])
def test_asked_to_turn_it_after_two_seconds_and_told_after_four(see: See, fps: float) -> None:
    events = play((20, see), fps=fps)
    assert told(events) == ["turn_over", "Unknown"]
    assert time_of(events, Hint) == pytest.approx(2, abs=0.3)
    assert time_of(events, Unknown) == pytest.approx(4, abs=0.3)
    assert sum(isinstance(event, Unknown) for event in events) == 1


@pytest.mark.parametrize("see", [doubtful, refused])
def test_told_at_once_when_the_other_side_is_refused_too(see: Callable[..., Observation]) -> None:
    events = play((2.4, see), (0.4, nothing), (5, lambda t: see(t, "back")))
    assert told(events) == ["turn_over", "Unknown"]
    assert time_of(events, Unknown) == pytest.approx(2.8 + 1, abs=0.2)


def test_the_other_side_is_read_before_anything_is_told() -> None:
    """It came just when the first had been held for long enough."""
    events = play((3.9, doubtful), (0.2, nothing), (0.2, other_side), (5, known))
    assert told(events) == ["turn_over", "20"]


def test_a_side_that_flickers_is_no_other_side() -> None:
    events = play((20, lambda t: doubtful(t, "front" if round(t * 15) % 3 else "back")))
    assert time_of(events, Unknown) == pytest.approx(4, abs=0.3)


def test_a_value_that_becomes_sure_later_is_said() -> None:
    events = play((5, refused), (0.4, nothing), (3, known), (2, nothing))
    assert told(events) == ["turn_over", "Unknown", "20", "NoteLeft"]


def test_a_doubtful_value_and_unknown_are_never_both_said() -> None:
    assert told(play((20, likely))) == ["Maybe", "turn_over"]
    events = play((5, doubtful), (5, likely), (2, nothing))
    assert told(events) == ["turn_over", "Unknown", "NoteLeft"]
    assert told(play((3, likely), (9, doubtful), (2, nothing))) == ["Maybe", "turn_over", "NoteLeft"]


def test_a_refused_value_is_neither_said_nor_doubted() -> None:
    assert not [event for event in play((30, refused)) if isinstance(event, (Sighting, Maybe))]


def test_an_announced_note_is_kept_while_some_frames_are_refused() -> None:
    assert told(play((2, known), (3, refused), (2, known))) == ["20"]


def test_the_next_note_is_told_of_too() -> None:
    events = play((6, refused), (1.5, nothing), (6, doubtful), (1.5, nothing))
    assert told(events) == ["turn_over", "Unknown", "NoteLeft"] * 2


def test_a_moment_without_it_is_no_other_note() -> None:
    events = play((5, refused), (0.4, nothing), (9, refused))
    assert told(events) == ["turn_over", "Unknown"]


def test_a_gap_in_the_frames_ends_it() -> None:
    pipeline = Pipeline(Tracker(BUNDLE), Framing())
    for observation in film([(6, refused)], 15):
        pipeline.events_for(observation)
    assert pipeline.events_of_gap(60.0) == [NoteLeft(60.0)]
    assert pipeline.events_of_gap(61.0) == []


@pytest.mark.parametrize(
    "see",
    [
        lambda t: doubtful(t, corners=AT_EDGE),
        lambda t: replace(doubtful(t), sharpness=0.5),
        lambda t: replace(doubtful(t), other_notes=1),
        lambda t: replace(doubtful(t), covered=0.6),
        lambda t: replace(doubtful(t), light=10.0),
        lambda t: doubtful(t, corners=box(0.4, 0.45, 0.55, 0.55)),
        lambda t: doubtful(t, corners=CENTRED if round(t * 15) % 2 else box(0.05, 0.1, 0.55, 0.5)),
        lambda t: replace(doubtful(t), looked=False),
    ],
    ids=["cut off", "blurred", "several", "covered", "dark", "far", "leaps", "not looked at"],
)
def test_nothing_is_told_of_what_is_not_held_well(see: See) -> None:
    assert "Unknown" not in told(play((20, see)))


def test_the_time_counts_in_which_it_was_held_well() -> None:
    parts = [part for _ in range(8) for part in ((1.0, doubtful), (1.0, lambda t: doubtful(t, corners=AT_EDGE)))]
    assert 8.0 < time_of(play(*parts), Unknown) < 9.0


def test_a_note_that_no_currency_reads() -> None:
    from currency_app.recognition.multi_currency import MultiObservation
    from tests.support.two_currencies import NOTHING, alone

    def both(t: float) -> MultiObservation:
        dollars, euros = alone(t, (20, 0.6), BOTH[0]), alone(t, NOTHING, BOTH[1])
        return MultiObservation(**vars(replace(dollars, corners=WELL_HELD)), per_bundle=(dollars, euros))

    pipeline = Pipeline(tracker_for(BOTH), Framing())
    events = [event for observation in film([(6, both)], 15) for event in pipeline.events_for(observation)]
    assert told(events) == ["turn_over", "Unknown"]
