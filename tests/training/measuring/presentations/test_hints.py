"""Hints found in frames, beside those that their true geometry calls for."""

from __future__ import annotations

from currency_app.arrays import Corners
from currency_app.events import Observation
from currency_app.guidance.hints import Framing
from tests.support.observations import CENTRED, box, nothing, seen
from training.measuring.presentations.hints import HintFigures, hint_figures, hint_over_time
from training.simulation.scene.truth import Truth

FAR, AT_LEFT, AT_RIGHT = box(0.4, 0.4, 0.6, 0.6), box(-0.1, 0.2, 0.35, 0.7), box(0.65, 0.2, 1.1, 0.7)


def pair(t: float, true: Corners, found: Corners | None) -> tuple[Observation, Truth]:
    observation = nothing(t) if found is None else seen(t, {20: 0.99}, corners=found)
    return observation, Truth(t, "usd_20_front", true)


def figures(*pairs: tuple[Observation, Truth], settle_s: float = 0.0, every: bool = False) -> HintFigures:
    return hint_figures(pairs, Framing().assess, settle_s=settle_s, every=every)


def test_only_frames_that_call_for_a_hint_count() -> None:
    found = figures(pair(0, FAR, FAR), pair(1, FAR, CENTRED), pair(2, CENTRED, CENTRED), pair(3, AT_LEFT, AT_RIGHT))
    assert (found.frames, found.right, found.reversed) == (3, 1, 1)
    assert set(found.confusions) == {("move_closer", "none", 1), ("move_left", "move_right", 1)}
    assert found.share == 1 / 3


def test_frames_that_call_for_none_count_where_asked_for() -> None:
    found = figures(pair(0, CENTRED, CENTRED), pair(1, CENTRED, FAR), every=True)
    assert (found.frames, found.right) == (2, 1)


def test_a_hint_is_asked_for_once_it_has_been_called_for_long_enough() -> None:
    frames = [pair(t / 10, FAR, None if t < 4 else FAR) for t in range(10)]
    assert figures(*frames).right == 6
    settled = figures(*frames, settle_s=0.4)
    assert (settled.frames, settled.right) == (6, 6)
    again = figures(*frames, *[pair(2 + t / 10, AT_LEFT, FAR) for t in range(5)], settle_s=0.4)
    assert (again.frames, again.right) == (7, 6)


def test_a_hint_without_an_opposite_is_never_reversed() -> None:
    tilted = box(0.05, 0.4, 0.95, 0.6)
    found = figures(pair(0, tilted, CENTRED), pair(1, CENTRED, tilted), every=True)
    assert (found.frames, found.right, found.reversed) == (2, 0, 0)


def test_the_next_recording_starts_anew() -> None:
    frames = [pair(t / 10, FAR, FAR) for t in range(5)]
    assert figures(*frames, *frames, settle_s=0.4).frames == 2


def test_of_a_note_that_is_hardly_in_view_nothing_is_asked() -> None:
    assert figures(pair(0, box(-0.5, 0.2, 0.05, 0.7), None)).frames == 0


def test_the_figures_are_told() -> None:
    text = figures(pair(0, FAR, FAR), pair(1, FAR, CENTRED)).as_text()
    assert text.startswith("50.0% right of 2 (50.0% to the letter), 0 reversed")
    assert "none for move_closer 1" in text


def test_in_a_film_a_lost_frame_or_a_wrong_one_changes_nothing() -> None:
    """The frames before tell as well; in the next film nothing of them is left."""
    film = [pair(t / 15, FAR, None if t in (5, 9) else AT_LEFT if t == 12 else FAR) for t in range(20)]
    found = hint_figures([*film, *film], hint_over_time(Framing), settle_s=0.2)
    assert (found.frames, found.right) == (34, 34)
    single = hint_figures([*film, *film], Framing().assess, settle_s=0.2)
    assert single.right == 34 - 6
