"""What a note's corners are, what they tell added up, and when the numerals of a film's note are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.arrays import Corners, Floats, Image
from currency_app.events import Observation
from currency_app.recognition.numerals import NumeralRule
from currency_app.recognition.numerals.check import NumeralCheck, NumeralWatch
from currency_app.recognition.numerals.crops import CROPS, corner_crops
from currency_app.recognition.numerals.evidence import support_for_values
from currency_app.testing import FakeNumerals
from tests.support.observations import box, seen

VALUES = (5, 20)
RULE = NumeralRule(
    model=Path("numerals.tflite"),
    sha256="",
    values=VALUES,
    priors=(0.25, 0.25, 0.25, 0.25),
    margin=0.025,
    width=280,
    height=119,
    crop_width=64,
    crop_height=48,
    min_support=0.25,
)
ALL_SEEN = np.ones(CROPS, bool)
NOTE = box(0.2, 0.25, 0.8, 0.75)
CORNER_LEVELS = (50, 100, 150, 200)
"""Grey levels of the note's own top left, top right, bottom right and bottom left."""
FIVE, TWENTY, ANOTHER, NOTHING = ([float(place == shown) for place in range(4)] for shown in range(4))


def note_picture(scale: int = 1) -> Image:
    """A note at NOTE whose quarters are grey, each of another level. It is 192 pixels across, times the scale."""
    picture = np.zeros((240, 320, 3), np.uint8)
    for level, (x, y) in zip(CORNER_LEVELS, ((64, 60), (160, 60), (160, 120), (64, 120)), strict=True):
        picture[y : y + 60, x : x + 96] = level
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST), np.uint8)


def middles(crops: Image) -> list[int]:
    return [int(crop[24, 32]) for crop in crops]


@pytest.mark.parametrize("channels", [3, 4])
def test_corners_come_as_they_are_and_turned_by_half_a_turn(channels: int) -> None:
    picture = note_picture()
    if channels == 4:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2BGRA), np.uint8)
    crops = corner_crops(picture, NOTE, RULE)
    assert crops is not None
    assert crops.pictures.shape == (CROPS, RULE.crop_height, RULE.crop_width)
    first, second, third, fourth = CORNER_LEVELS
    assert middles(crops.pictures) == [*CORNER_LEVELS, third, fourth, first, second]
    np.testing.assert_array_equal(crops.pictures[6], crops.pictures[0][::-1, ::-1])
    assert crops.in_frame.all()


def test_a_note_that_lies_the_other_way_up_has_the_same_crops_in_the_other_half() -> None:
    as_it_is, turned = (corner_crops(note_picture(), corners, RULE) for corners in (NOTE, np.roll(NOTE, 2, axis=0)))
    assert as_it_is is not None
    assert turned is not None
    for half in (slice(0, 4), slice(4, 8)):
        assert middles(turned.pictures[half]) == middles(
            as_it_is.pictures[4:] if half.start == 0 else as_it_is.pictures[:4]
        )


def test_a_corner_outside_the_frame_is_known_to_be() -> None:
    crops = corner_crops(note_picture(), box(-0.4, 0.25, 0.6, 0.75), RULE)
    assert crops is not None
    assert crops.in_frame.tolist() == [False, True, True, False, True, False, False, True]


def test_what_can_be_no_note_has_no_corners() -> None:
    assert corner_crops(note_picture(), NOTE[[0, 2, 1, 3]], RULE) is None


def support(*corners: list[float], in_frame: np.ndarray[tuple[int], np.dtype[np.bool_]] = ALL_SEEN) -> list[float]:
    """What four corners tell; on their heads they cannot be read."""
    told: Floats = np.array([*corners, *[NOTHING] * 4], np.float32)
    return [float(share) for share in support_for_values(told, RULE.priors, in_frame)]


def test_numerals_that_can_be_read_say_the_value() -> None:
    assert support(FIVE, FIVE, NOTHING, FIVE)[0] > 0.99
    assert support(TWENTY, TWENTY, TWENTY, TWENTY)[1] > 0.99
    assert support(ANOTHER, ANOTHER, NOTHING, NOTHING)[2] > 0.99


def test_where_nothing_can_be_read_every_number_is_as_likely() -> None:
    assert support(NOTHING, NOTHING, NOTHING, NOTHING) == pytest.approx([1 / 3] * 3)


def test_one_corner_that_is_misread_does_not_outvote_two() -> None:
    assert support(FIVE, FIVE, TWENTY, NOTHING)[0] > 0.9


def test_a_note_is_read_the_other_way_up_too() -> None:
    turned: Floats = np.array([*[NOTHING] * 4, *[TWENTY] * 4], np.float32)
    assert support_for_values(turned, RULE.priors, ALL_SEEN)[1] > 0.99


def test_a_corner_outside_the_frame_tells_nothing() -> None:
    outside = np.array([False, True, True, True] * 2)
    assert support(TWENTY, NOTHING, NOTHING, NOTHING, in_frame=outside) == pytest.approx([1 / 3] * 3)


def still(corners: Corners = NOTE, value: int = 5, light: float = 120.0, sharpness: float = 12.0) -> Observation:
    return seen(0.0, {value: 0.99}, corners=corners, light=light, sharpness=sharpness)


def watch(shown: list[float]) -> tuple[NumeralWatch, FakeNumerals]:
    network = FakeNumerals(shown)
    return NumeralWatch(NumeralCheck(RULE, network)), network


def frame_of(
    t: float, value: int = 5, side: str = "front", corners: Corners = NOTE, looked: bool = True
) -> Observation:
    return replace(seen(t, {value: 0.99}, side=side, corners=corners, sharpness=12.0), looked=looked)


def refusals(watched: NumeralWatch, *frames: Observation) -> list[bool]:
    return [watched.refuses(frame, note_picture(), doubt=0.0) for frame in frames]


def at(*times: float) -> list[Observation]:
    return [frame_of(t) for t in times]


def test_a_still_is_refused_by_numerals_of_another_value_alone() -> None:
    for shown, refused in ((FIVE, False), (TWENTY, True), (ANOTHER, True), (NOTHING, False)):
        assert NumeralCheck(RULE, FakeNumerals(shown)).refuses(note_picture(), still(), 0.0) is refused


def test_most_of_a_note_must_be_in_view_or_its_numerals_be_clear() -> None:
    """Of a small note that is half outside, a network may be sure of another value."""
    half_outside = box(-0.2, 0.4, 0.2, 0.6)
    for shown, refused in ((FIVE, False), (TWENTY, True), (NOTHING, True)):
        assert NumeralCheck(RULE, FakeNumerals(shown)).refuses(note_picture(), still(half_outside), 0.0) is refused
    large = box(-0.45, 0.1, 0.45, 0.9)
    assert not NumeralCheck(RULE, FakeNumerals(NOTHING)).refuses(note_picture(), still(large), 0.0), (
        "it fills the picture"
    )


@pytest.mark.parametrize(
    ("light", "hard"), [(20.0, True), (30.0, False), (120.0, False), (240.0, False), (250.0, True)]
)
def test_a_note_in_hardly_any_light_or_too_much_needs_clear_numerals(light: float, hard: bool) -> None:
    assert NumeralCheck(RULE, FakeNumerals(NOTHING)).refuses(note_picture(), still(light=light), 0.0) is hard
    assert not NumeralCheck(RULE, FakeNumerals(FIVE)).refuses(note_picture(), still(light=light), 0.0)
    watched, _ = watch(NOTHING)
    assert watched.refuses(replace(frame_of(0.0), light=light), note_picture(), doubt=0.0) is hard


def test_a_value_in_doubt_needs_clear_numerals() -> None:
    for doubt, refused in ((0.05, False), (0.5, True)):
        assert NumeralCheck(RULE, FakeNumerals(NOTHING)).refuses(note_picture(), still(), doubt) is refused
        assert not NumeralCheck(RULE, FakeNumerals(FIVE)).refuses(note_picture(), still(), doubt)


@pytest.mark.parametrize(("in_view", "doubt", "needed"), [(0.4, 0.01, True), (0.4, 0.0005, False), (0.6, 0.01, False)])
@pytest.mark.parametrize("corners", [box(-0.45, 0.1, 0.45, 0.9), box(-0.9, -0.7, 1.9, 1.7)], ids=["in sight", "not"])
def test_a_part_of_a_note_must_be_surer_than_a_whole_one_or_show_clear_numerals(
    corners: Corners, in_view: float, doubt: float, needed: bool
) -> None:
    """However large it is: in a close view of a corner of a 100, a network is sure of a 1."""
    part, read = replace(still(corners), in_view=in_view), corners[0, 0] > -0.5
    for shown, refused in ((NOTHING, needed), (FIVE, needed and not read)):
        assert NumeralCheck(RULE, FakeNumerals(shown)).refuses(note_picture(), part, doubt) is refused
        watched, _ = watch(shown)
        assert watched.refuses(part, note_picture(), doubt=doubt) is refused


def test_a_note_far_away_needs_clear_numerals() -> None:
    for side, hard in ((0.2, True), (0.3, False)):
        far = box(0.4, 0.4, 0.4 + side, 0.4 + side)
        assert NumeralCheck(RULE, FakeNumerals(NOTHING)).refuses(note_picture(), still(far), 0.0) is hard
        assert not NumeralCheck(RULE, FakeNumerals(FIVE)).refuses(note_picture(), still(far), 0.0)


def test_the_numerals_of_a_large_note_in_view_must_be_read() -> None:
    """What else is taken for a note, with all of its corners before the camera, has no such numerals."""
    for shown, refused in ((FIVE, False), (NOTHING, True)):
        assert NumeralCheck(RULE, FakeNumerals(shown)).refuses(note_picture(2), still(), 0.0) is refused
    wide = box(-0.2, 0.0, 1.2, 1.0)
    assert not NumeralCheck(RULE, FakeNumerals(NOTHING)).refuses(note_picture(2), still(wide), 0.0), "they are outside"
    blurred = still(sharpness=4.0)
    assert not NumeralCheck(RULE, FakeNumerals(NOTHING)).refuses(note_picture(2), blurred, 0.0), "nobody could"


def test_a_large_note_is_announced_once_its_numerals_are_seen() -> None:
    watched, network = watch(NOTHING)
    assert watched.refuses(frame_of(0.0), note_picture(2), doubt=0.0)
    network.shown = FIVE  # it is held still
    assert watched.refuses(frame_of(0.05), note_picture(2), doubt=0.0), "not in each frame"
    assert not watched.refuses(frame_of(0.2), note_picture(2), doubt=0.0)


def test_unclear_numerals_do_not_stand_for_a_value_that_becomes_doubtful() -> None:
    watched, network = watch(NOTHING)
    assert refusals(watched, *at(0.0, 0.1, 0.2, 0.3)) == [False] * 4
    assert watched.refuses(frame_of(0.4), note_picture(), doubt=0.5)
    assert network.asked == 4, "it may be possible to read them now"
    assert not watched.refuses(frame_of(0.5), note_picture(), doubt=0.0)


def test_a_note_that_comes_into_view_is_refused_no_longer_than_until_it_is_there() -> None:
    watched, network = watch(NOTHING)
    places = [box(left, 0.4, left + 0.4, 0.6) for left in (-0.2, -0.19, -0.18, -0.1, -0.09)]
    frames = [frame_of(0.04 * place, corners=corners) for place, corners in enumerate(places)]
    assert refusals(watched, *frames) == [True, True, True, False, False]
    assert network.asked == 3, "not in each frame while nothing can have changed"


def test_a_value_that_the_network_does_not_tell_is_not_checked() -> None:
    network = FakeNumerals(TWENTY)
    assert not NumeralCheck(RULE, network).refuses(note_picture(), still(value=100), 0.0)
    assert network.asked == 0


def test_clear_numerals_are_read_once_for_each_note() -> None:
    watched, network = watch(FIVE)
    assert refusals(watched, *at(0.0, 0.1, 5.0)) == [False] * 3
    assert network.asked == 1
    refusals(watched, seen(5.1, {}), frame_of(5.2))  # it was gone for a frame
    assert network.asked == 2
    refusals(watched, frame_of(5.3, corners=box(0.0, 0.0, 0.2, 0.2)))  # another note, elsewhere
    assert network.asked == 3
    refusals(watched, frame_of(0.0, corners=box(0.0, 0.0, 0.2, 0.2)))  # another film
    assert network.asked == 4


def test_a_value_that_is_not_sure_is_not_checked() -> None:
    watched, network = watch(TWENTY)
    assert not watched.refuses(frame_of(0.0), note_picture(), doubt=2.0)
    assert network.asked == 0


def test_numerals_that_cannot_be_read_are_tried_in_a_few_frames() -> None:
    watched, network = watch(NOTHING)
    assert refusals(watched, *at(0.0, 0.1, 0.2, 0.3, 0.4)) == [False] * 5
    assert network.asked == 3


def test_each_reading_waits_for_one_frame_with_more_time_at_most() -> None:
    watched, network = watch(NOTHING)
    for t, asked in ((0.0, 0), (0.1, 1), (0.2, 1), (0.3, 2)):
        assert not watched.refuses(frame_of(t), note_picture(), doubt=0.0, may_wait=True)
        assert network.asked == asked
    assert not watched.refuses(frame_of(0.4), note_picture(), doubt=0.0, may_wait=False)
    assert network.asked == 3, "it may wait, but need not"


def test_a_refusal_holds_until_the_numerals_clearly_say_the_value() -> None:
    watched, network = watch(TWENTY)
    assert refusals(watched, *at(0.0, 0.05), frame_of(0.2, looked=False)) == [True] * 3
    assert network.asked == 1
    network.shown = NOTHING
    assert refusals(watched, *at(0.4)) == [True]
    network.shown = FIVE
    assert refusals(watched, *at(0.8, 0.9)) == [False] * 2


def test_refused_numerals_are_read_again_soon_at_first_and_then_less_often() -> None:
    watched, network = watch(TWENTY)
    asked = []
    for number in range(12):
        watched.refuses(frame_of(number * 0.11), note_picture(), doubt=0.0)
        asked.append(network.asked)
    assert asked == [1, 2, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6]


def test_each_value_and_side_is_checked_by_itself() -> None:
    watched, network = watch(TWENTY)
    assert refusals(watched, frame_of(0.0)) == [True]
    assert refusals(watched, frame_of(0.1, value=20)) == [False]
    assert refusals(watched, frame_of(0.2, side="back")) == [True]
    assert network.asked == 3
