"""Strips of notes of other values beside a note: where they are looked for, and what counts as one."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.corners import iou
from currency_app.recognition.numerals import CROPS, StripCheck
from currency_app.recognition.numerals.strips import strips_beside
from tests.recognition.numerals.test_reading_numerals import RULE, VALUES
from tests.support.observations import box

NOTE = box(0.3, 0.3, 0.7, 0.6)
LEVELS = {5: 120, 20: 200}
"""Grey level of the hatching that stands for a numeral, by value."""


class HatchedNumerals:
    """Reads hatching in the middle of a crop, whose upper half is the darker one if it is the right way up."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, crops: Image) -> Floats:
        assert crops.shape == (CROPS, RULE.crop_height, RULE.crop_width)
        self.calls += 1
        read = np.zeros((CROPS, len(VALUES) + 2), np.float32)
        for row, crop in enumerate(crops):
            inner = crop[10:38, 18:46].astype(int)
            upper, lower = (np.percentile(half, 90) for half in (inner[:12], inner[-12:]))
            near = [place for place, value in enumerate(VALUES) if abs(lower - LEVELS[value]) < 25]
            upright = upper > 40 and upper < 0.75 * lower
            read[row, near[0] if near and upright else -1] = 1.0
        return read


def picture_with(*numerals: tuple[float, float, int], turned: bool = False) -> Image:
    """A plain note at NOTE, and numerals of these values around these places of it, in shares of its size."""
    picture = np.full((480, 640, 3), 30, np.uint8)
    picture[144:288, 192:448] = 60
    for across, down, value in numerals:
        x, y = round(192 + across * 256), round(144 + down * 144)
        patch = np.full((44, 40), 25, np.uint8)
        patch[:22, ::4], patch[:22, 1::4] = LEVELS[value] // 2, LEVELS[value] // 2
        patch[22:, ::4], patch[22:, 1::4] = LEVELS[value], LEVELS[value]
        picture[y - 22 : y + 22, x - 20 : x + 20] = (patch[::-1, ::-1] if turned else patch)[..., None]
    return picture


def found_beside(picture: Image, note: Corners = NOTE, known: frozenset[int] = frozenset({5})) -> Corners | None:
    return StripCheck(RULE, HatchedNumerals()).other_note(picture, note, known)


SIDES = {
    "left": ((-0.13, 0.18), (-0.13, 0.82), (-0.25, 0.0)),
    "right": ((1.13, 0.18), (1.13, 0.82), (0.25, 0.0)),
    "above": ((0.11, -0.01), (0.89, -0.01), (0.0, -0.16)),
    "below": ((0.11, 1.01), (0.89, 1.01), (0.0, 0.36)),
}
"""Places of two numerals of a second note, and how far it lies from the first one, by side."""


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("side", sorted(SIDES))
def test_two_numerals_of_another_value_along_an_edge_are_a_second_note(side: str, turned: bool) -> None:
    one, other, away = SIDES[side]
    found = found_beside(picture_with((*one, 20), (*other, 20), turned=turned))
    assert found is not None
    height = 0.8 if side in {"above", "below"} else 1.0
    left, top = 0.3 + 0.4 * away[0], 0.3 + 0.3 * away[1]
    assert iou(found, box(left, top, left + 0.4, top + 0.3 * height)) > 0.6


@pytest.mark.parametrize("side", sorted(SIDES))
def test_one_numeral_or_two_different_ones_are_none(side: str) -> None:
    one, other, _ = SIDES[side]
    assert found_beside(picture_with((*one, 20))) is None
    assert found_beside(picture_with((*one, 20), (*other, 5)), known=frozenset()) is None


def test_a_strip_of_a_known_value_is_passed_over() -> None:
    one, other, _ = SIDES["left"]
    picture = picture_with((*one, 20), (*other, 20))
    assert found_beside(picture, known=frozenset({5, 20})) is None
    assert found_beside(picture, known=frozenset({5})) is not None


def test_where_nothing_has_detail_nothing_is_read() -> None:
    network = HatchedNumerals()
    assert StripCheck(RULE, network).other_note(picture_with(), NOTE, frozenset({5})) is None
    assert network.calls == 0


def test_a_corner_that_a_strip_has_drawn_to_itself_does_no_harm() -> None:
    one, other, _ = SIDES["above"]
    wavering = NOTE + np.array([[-0.03, -0.03], [0.02, 0.02], [0, 0], [0, 0]], np.float32)
    assert found_beside(picture_with((*one, 20), (*other, 20)), wavering) is not None


def test_in_a_still_corners_that_all_lie_too_near_are_tried_larger_too() -> None:
    one, other, _ = SIDES["right"]
    picture, near = picture_with((*one, 20), (*other, 20)), box(0.324, 0.318, 0.676, 0.582)
    assert found_beside(picture, near) is not None
    assert not any(StripCheck(RULE, HatchedNumerals()).search(picture, near, frozenset({5})))


def test_strips_are_looked_for_inside_the_frame_only() -> None:
    noise = np.asarray(np.random.default_rng(0).integers(0, 255, (480, 640, 3)), np.uint8)
    inside = strips_beside(noise, NOTE, RULE)
    assert len(inside) == 22
    at_the_left = [strip.corners[:, 0].mean() for strip in strips_beside(noise, box(0.0, 0.3, 0.4, 0.6), RULE)]
    assert min(at_the_left) > 0.1, "half of a numeral must be in it"
    assert sum(middle < 0.19 for middle in at_the_left) < 3
    assert len(at_the_left) < len(inside)
    assert strips_beside(noise, NOTE[[0, 2, 1, 3]], RULE) == []
    assert strips_beside(noise, np.full((4, 2), np.nan, np.float32), RULE) == []


def test_a_search_stops_after_each_call_of_the_network() -> None:
    noise = np.asarray(np.random.default_rng(0).integers(0, 255, (480, 640, 3)), np.uint8)
    network = HatchedNumerals()
    counts = [network.calls for _ in StripCheck(RULE, network).search(noise, NOTE, frozenset({5}))]
    assert counts == [1, 2, 3, 4, 5]
    assert network.calls == 6
