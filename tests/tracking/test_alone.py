"""Of a note beside another nothing is said, for nobody could tell whose value it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from currency_app.events import Maybe, NoteEvent, Observation, Sighting
from currency_app.tracking.tracker import Tracker
from tests.support.observations import BUNDLE, Part, clip, note, seen


def play(observations: Iterable[Observation]) -> list[NoteEvent]:
    tracker = Tracker(BUNDLE)
    return [event for observation in observations for event in tracker.update(observation)]


def values_of(events: Iterable[NoteEvent]) -> list[int]:
    return [event.value for event in events if isinstance(event, Sighting | Maybe)]


@pytest.mark.parametrize("change", [{"other_notes": 1}, {"searched": False}])
@pytest.mark.parametrize("chance", [0.99, 0.8])
def test_nothing_is_said_of_a_note_before_it_is_known_to_be_alone(change: dict[str, Any], chance: float) -> None:
    """Neither as sure nor as doubtful; as soon as it is alone, at once."""
    held = [seen(n / 15, {20: chance}) for n in range(60)]
    events = play([replace(observation, **change) for observation in held[:45]] + held[45:])
    assert [type(event) for event in events] == [Sighting if chance == 0.99 else Maybe]
    assert values_of(events) == [20]
    assert events[0].t == pytest.approx(3.0, abs=0.1)


def test_another_value_beside_the_announced_one_does_not_replace_it() -> None:
    observations = [*clip(15, [Part(2.0, 20)]), *(replace(note(2 + n / 15, 5), other_notes=1) for n in range(45))]
    assert values_of(play(observations)) == [20]
