"""Which hint for which light, sharpness and place of the note; which of several; and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import numpy as np
import pytest

from currency_app.arrays import Corners
from currency_app.events import Hint, HintKind, Observation
from currency_app.guidance.hints import Framing, FramingSettings
from tests.support.observations import CENTRED, box, nothing, seen


def look(corners: Corners = CENTRED, *, light: float = 120, sharpness: float = 5, t: float = 0) -> Observation:
    return seen(t, {20: 0.99}, corners=corners, light=light, sharpness=sharpness)


def turned(corners: Corners, degrees: float) -> Corners:
    """The same note turned about its centre."""
    a = np.radians(degrees)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    centre = corners.mean(axis=0)
    return ((corners - centre) @ turn.T + centre).astype(np.float32)


FLAT_TILTED = box(0.05, 0.4, 0.95, 0.6)
"""Six times as wide as high on a 4:3 picture."""
EDGE_TILTED = box(0.35, 0.2, 0.65, 0.8)
"""Two thirds as wide as high."""
SMALL = box(0.4, 0.4, 0.6, 0.6)
HUGE = box(0.01, 0.01, 0.99, 0.99)
CUT_BOTH = box(-0.1, 0.3, 1.1, 0.7)
AT_LEFT = box(0.0, 0.2, 0.4, 0.8)
AT_RIGHT = box(0.6, 0.2, 1.0, 0.8)
AT_TOP = box(0.2, 0.0, 0.8, 0.4)
AT_BOTTOM = box(0.2, 0.6, 0.8, 1.0)


@pytest.mark.parametrize(
    ("observation", "kind"),
    [
        (look(), None),
        (look(turned(CENTRED, 180)), None),
        (look(turned(CENTRED, 20)), None),
        (nothing(0), None),
        (look(light=20), HintKind.TOO_DARK),
        (look(light=250), HintKind.TOO_BRIGHT),
        (replace(nothing(0), light=10), HintKind.TOO_DARK),
        (replace(nothing(0), light=250), HintKind.TOO_BRIGHT),
        (look(sharpness=0.5), HintKind.HOLD_STILL),
        (look(SMALL), HintKind.MOVE_CLOSER),
        (look(box(0.95, 0.2, 1.5, 0.8)), HintKind.MOVE_RIGHT),  # nearer is what it is, and too far aside
        (look(box(1.2, 0.2, 1.8, 0.8)), None),  # a note that is read lies in the frame: these corners are wrong
        # Small as it seems, more of it must be seen before anyone can tell how far away it is.
        (look(box(-0.05, 0.4, 0.15, 0.6)), HintKind.MOVE_LEFT),
        (look(box(0.4, 0.9, 0.6, 1.05)), HintKind.MOVE_UP),
        # Cut off at the top by much, it is beyond the left edge by no more than corners there may be wrong.
        (look(box(-0.04, -0.3, 0.7, 0.2)), HintKind.MOVE_DOWN),
        (look(box(-0.15, -0.3, 0.7, 0.2)), HintKind.MOVE_LEFT),
        (look(HUGE), HintKind.MOVE_BACK),
        (look(box(-0.5, -0.5, 1.5, 1.5)), HintKind.MOVE_BACK),
        (look(CUT_BOTH), HintKind.MOVE_BACK),
        (look(box(0.3, -0.1, 0.7, 1.1)), HintKind.MOVE_BACK),
        (look(AT_TOP), HintKind.MOVE_DOWN),
        (look(box(0.2, -0.2, 0.8, 0.6)), HintKind.MOVE_DOWN),
        (look(AT_BOTTOM), HintKind.MOVE_UP),
        (look(box(0.2, 0.4, 0.8, 1.2)), HintKind.MOVE_UP),
        (look(turned(AT_BOTTOM, 180)), HintKind.MOVE_UP),
        (replace(look(), other_notes=1), HintKind.SEVERAL_NOTES),
        (replace(look(), covered=0.5), HintKind.FINGERS),
        (look(FLAT_TILTED), HintKind.TILTED),
        (look(EDGE_TILTED), HintKind.TILTED),
        (look(turned(FLAT_TILTED, 180)), HintKind.TILTED),
        (replace(look(FLAT_TILTED), aspect=0.6), None),
        (look(box(0.35, 0.35, 0.65, 0.65), sharpness=0.5), HintKind.HOLD_STILL),
        (look(box(0.42, 0.42, 0.58, 0.58), sharpness=0.5), HintKind.MOVE_CLOSER),
        (look(box(0.35, 0.35, 0.65, 0.65), sharpness=1.5), HintKind.MOVE_CLOSER),
        (look(HUGE, sharpness=0.5), HintKind.MOVE_BACK),
        (look(CUT_BOTH, sharpness=0.5), HintKind.MOVE_BACK),
    ],
)
def test_each_state_has_its_hint(observation: Observation, kind: HintKind | None) -> None:
    assert Framing().assess(observation) == kind


@pytest.mark.parametrize("mirror_left", [True, False])
@pytest.mark.parametrize("corners", [AT_LEFT, box(-0.2, 0.2, 0.6, 0.8), turned(AT_LEFT, 180)])
def test_left_is_the_users_left(mirror_left: bool, corners: Corners) -> None:
    """A camera that faces the user has the user's right on its left."""
    framing = Framing(mirror_left=mirror_left)
    on_the_other_side = corners * [-1, 1] + [1, 0]
    to_the_right_of_the_picture = HintKind.MOVE_LEFT if mirror_left else HintKind.MOVE_RIGHT
    to_the_left_of_the_picture = HintKind.MOVE_RIGHT if mirror_left else HintKind.MOVE_LEFT
    assert framing.assess(look(corners)) == to_the_right_of_the_picture
    assert framing.assess(look(on_the_other_side.astype(np.float32))) == to_the_left_of_the_picture


TROUBLES: list[tuple[HintKind, Callable[[Observation], Observation]]] = [
    (HintKind.TOO_DARK, lambda seen: replace(seen, light=10.0)),
    (HintKind.HOLD_STILL, lambda seen: replace(seen, sharpness=0.5)),
    (HintKind.SEVERAL_NOTES, lambda seen: replace(seen, other_notes=1)),
    (HintKind.MOVE_CLOSER, lambda seen: replace(seen, corners=box(0.0, 0.0, 0.25, 0.25))),
    (HintKind.FINGERS, lambda seen: replace(seen, covered=0.9)),
]


@pytest.mark.parametrize("first", range(len(TROUBLES)))
def test_the_first_of_the_table_is_given(first: int) -> None:
    observation = look()
    for _, worsen in TROUBLES[first:]:
        observation = worsen(observation)
    assert Framing().assess(observation) == TROUBLES[first][0]


@pytest.mark.parametrize(
    ("corners", "kind"),
    [
        (box(0.0, 0.0, 0.2, 0.2), HintKind.MOVE_CLOSER),  # also at the left and at the top
        (box(-0.4, 0.0, 1.2, 0.3), HintKind.MOVE_BACK),  # also at the top
        (box(0.0, 0.0, 0.45, 0.45), HintKind.MOVE_LEFT),  # also at the top
    ],
)
def test_of_two_places_the_first_of_the_table_is_given(corners: Corners, kind: HintKind) -> None:
    assert Framing().assess(look(corners)) == kind


def test_limits_are_settings() -> None:
    framing = Framing(settings=FramingSettings(dark=5, blurred=0, far=0.01, centre=0.0))
    assert framing.assess(look(box(0.1, 0.1, 0.5, 0.35), light=20, sharpness=0.5)) is None


def test_corners_that_fall_together_are_no_trouble() -> None:
    """An untrained or 8-bit network can put all corners on one point or line."""
    line = np.array([[0.1, 0.5], [0.3, 0.5], [0.6, 0.5], [0.9, 0.5]], np.float32)
    for corners in (np.full((4, 2), 0.5, np.float32), line):
        assert Framing().assess(look(corners)) is None, "no hint is better than one from nowhere"


@pytest.mark.parametrize(
    "corners",
    [
        CENTRED[[0, 2, 1, 3]],
        CENTRED * 1e6,
        CENTRED * -1e6,
        np.full((4, 2), np.nan, np.float32),
        np.array([[0, 0], [np.inf, 0], [1, 1], [0, 1]], np.float32),
    ],
)
def test_corners_of_no_note_break_nothing(corners: Corners) -> None:
    framing = Framing()
    for index in range(10):
        framing.update(look(corners, t=index / 15))
    assert framing.assess(look(corners)) not in {HintKind.TILTED, HintKind.FINGERS}


def test_the_shape_is_that_of_the_currency() -> None:
    """A square note that is seen square lies flat towards the camera."""
    square = box(0.3, 0.2, 0.7, 0.2 + 0.4 * 4 / 3)
    assert Framing(note_aspect=2.4).assess(look(square)) is HintKind.TILTED
    assert Framing(note_aspect=1.0).assess(look(square)) is None


def hints(observations: Iterable[Observation]) -> list[Hint]:
    framing = Framing()
    return [hint for observation in observations if (hint := framing.update(observation)) is not None]


def at_15_fps(*parts: tuple[float, Observation]) -> list[Observation]:
    """The frames of a clip of parts: seconds, and what is seen in them."""
    frames: list[Observation] = []
    for seconds, observation in parts:
        frames += [observation] * round(seconds * 15)
    return [replace(observation, t=index / 15) for index, observation in enumerate(frames)]


def test_a_hint_comes_once_it_has_held_for_a_moment() -> None:
    found = hints(at_15_fps((2.0, look(SMALL))))
    assert {hint.kind for hint in found} == {HintKind.MOVE_CLOSER}
    assert 0.25 <= found[0].t <= 0.5


def test_a_passing_trouble_gives_no_hint() -> None:
    assert hints(at_15_fps((1.0, look()), (0.2, look(sharpness=0.5)), (0.5, look()))) == []


def test_a_hint_survives_frames_that_disagree() -> None:
    frames = at_15_fps(*[(2 / 15, look(SMALL)), (1 / 15, look())] * 6, (3 / 15, look(SMALL)))
    assert {hint.kind for hint in hints(frames)} == {HintKind.MOVE_CLOSER}


def test_no_hint_while_troubles_alternate() -> None:
    assert hints(at_15_fps(*[(1 / 15, look(SMALL)), (1 / 15, look(AT_TOP))] * 20)) == []


def test_the_hint_changes_with_the_trouble() -> None:
    found = hints(at_15_fps((2.0, look(SMALL)), (2.0, look(AT_TOP))))
    kinds = list(dict.fromkeys(hint.kind for hint in found))
    assert kinds == [HintKind.MOVE_CLOSER, HintKind.MOVE_DOWN]
    assert next(hint.t for hint in found if hint.kind is HintKind.MOVE_DOWN) < 2.5


def test_a_readable_note_is_to_be_turned_over_after_two_seconds() -> None:
    found = hints(at_15_fps((1.0, nothing(0)), (4.0, look())))
    assert {hint.kind for hint in found} == {HintKind.TURN_OVER}
    assert found[0].t == pytest.approx(3.0, abs=0.1)


def test_the_two_seconds_start_when_the_note_can_be_read() -> None:
    """A note that was too far away until now has not yet had its chance."""
    found = hints(at_15_fps((4.0, look(SMALL)), (4.0, look())))
    turn_over = [hint.t for hint in found if hint.kind is HintKind.TURN_OVER]
    assert turn_over[0] >= 6.0


def test_an_empty_view_is_told_after_five_seconds() -> None:
    found = hints(at_15_fps((2.0, look()), (8.0, nothing(0))))
    assert {hint.kind for hint in found} == {HintKind.NO_NOTE}
    assert found[0].t == pytest.approx(7.0, abs=0.1)


def test_a_note_in_between_starts_both_waits_again() -> None:
    frames = at_15_fps(*[(4.0, nothing(0)), (1.5, look())] * 4)
    assert hints(frames) == []


def test_hints_come_from_a_slow_source_too() -> None:
    """A network camera may give two frames a second."""
    frames = [replace(look(SMALL), t=index / 2) for index in range(8)]
    found = hints(frames)
    assert found
    assert {hint.kind for hint in found} == {HintKind.MOVE_CLOSER}
    assert found[0].t > 0


def note_of(share: float) -> Corners:
    """A centred note that covers this share of the picture, as high as wide in fractions of it."""
    half = share**0.5 / 2
    return box(0.5 - half, 0.5 - half, 0.5 + half, 0.5 + half)


def test_a_note_on_a_limit_does_not_flicker() -> None:
    """What began stays until the note is clearly beyond the limit; what did not begin does not."""
    far = Framing().settings.far
    jitter = [note_of(far * (1 + (0.04 if index % 2 else -0.02))) for index in range(60)]
    began = [look(note_of(far * 0.8))] * 10 + [look(corners) for corners in jitter]
    found = hints(replace(seen, t=index / 15) for index, seen in enumerate(began))
    assert len(found) > 50
    assert {hint.kind for hint in found} == {HintKind.MOVE_CLOSER}
    fresh = [replace(look(corners), t=index / 15) for index, corners in enumerate(jitter[:25])]
    assert hints(fresh) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [(look(AT_LEFT), look(AT_RIGHT)), (look(AT_TOP), look(AT_BOTTOM)), (look(SMALL), look(HUGE)),
     (look(light=5), look(light=250))],
)  # fmt: skip
def test_no_hint_says_the_opposite_of_the_one_before_too_soon(one: Observation, other: Observation) -> None:
    found = hints(at_15_fps((1.0, one), (3.0, other)))
    kinds = list(dict.fromkeys(hint.kind for hint in found))
    assert len(kinds) == 2
    last = max(hint.t for hint in found if hint.kind is kinds[0])
    first = min(hint.t for hint in found if hint.kind is kinds[1])
    assert first - last >= 1.2
