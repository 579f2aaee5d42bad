"""Hiding the note that was found, and what counts as a second one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.arrays import Corners
from currency_app.recognition.corners import area_in_frame
from currency_app.recognition.passes import Glance, hide_note
from currency_app.recognition.second_note import (
    Verdict,
    is_confirmed,
    judge_rest,
    leaves_room,
    overlap_much,
    sides_of,
)
from tests.support.observations import BUNDLE, CENTRED, box

LEFT, RIGHT = box(0.05, 0.3, 0.45, 0.7), box(0.55, 0.3, 0.95, 0.7)


def test_a_hidden_note_takes_the_colour_of_the_room() -> None:
    picture = np.full((100, 100, 3), (40, 80, 120), np.uint8)
    picture[30:70, 5:45] = 255
    before = picture.copy()
    hidden = hide_note(picture, LEFT, 1.1)
    assert (hidden == (40, 80, 120)).all()
    assert (picture == before).all(), "the picture itself stays"


def test_the_other_note_stays() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[30:70, 55:95] = 200
    assert (hide_note(picture, LEFT, 1.1)[32:68, 60:93] == 200).all()


def glance(note: float, corners: npt.NDArray[np.float32], in_view: float = 0.5) -> Glance:
    """A look that gives all values together this probability."""
    probabilities = np.zeros(len(BUNDLE.labels), np.float32)
    probabilities[0], probabilities[-1] = note, 1 - note
    return Glance(probabilities, corners, in_view)


@pytest.mark.parametrize(
    ("note", "corners", "verdict"),
    [
        (0.99, RIGHT, Verdict.ANOTHER),
        (0.5, RIGHT, Verdict.SUSPICION),
        (0.1, RIGHT, Verdict.ALONE),
        (0.99, LEFT, Verdict.SUSPICION),
        (0.99, LEFT + 0.05, Verdict.SUSPICION),
        (0.99, box(0.6, 0.4, 0.8, 0.6), Verdict.ALONE),
        (0.99, RIGHT + np.float32(0.35), Verdict.ALONE),
        (0.99, RIGHT[[0, 2, 1, 3]], Verdict.ALONE),
        (0.99, np.full((4, 2), np.nan, np.float32), Verdict.ALONE),
    ],
)
def test_what_is_another_note(note: float, corners: npt.NDArray[np.float32], verdict: Verdict) -> None:
    """Sure of a value, large enough, and not the first one again; what is in doubt is suspected."""
    assert judge_rest(glance(note, corners), BUNDLE, [LEFT]) is verdict


@pytest.mark.parametrize("note", [0.99, 0.1])
def test_a_whole_note_where_one_is_hidden_stands_for_notes_on_both_sides(note: float) -> None:
    """Sure or not: the network gives one answer for two notes, with corners between theirs."""
    assert judge_rest(glance(note, LEFT + 0.05, 0.95), BUNDLE, [LEFT]) is Verdict.AROUND


@pytest.mark.parametrize(
    ("note", "corners", "in_view", "verdict"),
    [
        (0.1, RIGHT, 0.95, Verdict.AROUND),
        (0.1, box(0.6, 0.4, 0.62, 0.42), 0.95, Verdict.AROUND),
        (0.1, RIGHT, 0.5, Verdict.ALONE),
        (0.01, RIGHT, 0.95, Verdict.ALONE),
        (0.5, RIGHT, 0.95, Verdict.SUSPICION),
        (0.99, RIGHT, 0.95, Verdict.ANOTHER),
    ],
)
def test_what_is_whole_and_hardly_likely_a_note_may_stand_for_several(
    note: float, corners: Corners, in_view: float, verdict: Verdict
) -> None:
    """Wherever its corners lie: between two notes, or on a crossing of them."""
    assert judge_rest(glance(note, corners, in_view), BUNDLE, [LEFT]) is verdict


@pytest.mark.parametrize(
    ("note", "corners", "still", "verdict"),
    [
        (0.99, box(0.6, 0.4, 0.8, 0.6), True, Verdict.SUSPICION),
        (0.99, box(0.6, 0.4, 0.8, 0.6), False, Verdict.ALONE),
        (0.7, box(0.6, 0.4, 0.8, 0.6), True, Verdict.ALONE),
        (0.99, box(0.6, 0.4, 0.7, 0.5), True, Verdict.ALONE),
        (0.99, box(0.1, 0.4, 0.3, 0.6), True, Verdict.SUSPICION),
    ],
)
def test_what_is_surely_a_small_note_in_a_still_is_looked_at_closer(
    note: float, corners: Corners, still: bool, verdict: Verdict
) -> None:
    assert judge_rest(glance(note, corners), BUNDLE, [LEFT], still=still) is verdict


def test_the_sides_of_a_note_are_the_halves_of_the_frame_beside_its_middle_lines() -> None:
    every = slice(None)
    halves = [(slice(32, None), every), (slice(28), every), (every, slice(42, None)), (every, slice(38))]
    for side, (rows, columns) in zip(sides_of(box(0.25, 0.4, 0.75, 0.6)), halves, strict=True):
        picture = np.full((60, 80, 3), 9, np.uint8)
        picture[rows, columns] = 200
        assert (hide_note(picture, side, 1.0) == 9).all()
        assert area_in_frame(side) == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("note", "corners", "confirmed"), [(0.9, RIGHT, True), (0.7, RIGHT, False), (0.9, LEFT, False)]
)
def test_what_confirms_a_suspicion(note: float, corners: npt.NDArray[np.float32], confirmed: bool) -> None:
    assert is_confirmed(glance(note, corners), BUNDLE, [LEFT]) is confirmed


def test_only_a_very_near_note_leaves_no_room_for_another() -> None:
    assert leaves_room(CENTRED)
    assert leaves_room(box(0.02, 0.02, 0.9, 0.9))
    assert leaves_room(box(0.4, 0.4, 0.6, 0.6))
    assert not leaves_room(box(0.01, 0.01, 0.99, 0.99))
    assert not leaves_room(box(-1, -1, 2, 2))
    assert not leaves_room(np.full((4, 2), np.nan, np.float32))


def test_notes_that_touch_do_not_hide_each_other() -> None:
    assert not overlap_much(LEFT, RIGHT)
    assert not overlap_much(LEFT, box(0.43, 0.3, 0.83, 0.7))
    assert overlap_much(LEFT, box(0.35, 0.3, 0.75, 0.7))


def test_areas() -> None:
    assert area_in_frame(CENTRED) == pytest.approx(0.3)
    assert area_in_frame(box(0.5, 0, 1.5, 1)) == pytest.approx(0.5)
    assert area_in_frame(CENTRED[[0, 2, 1, 3]]) == pytest.approx(0.3), "whatever their order"
    assert area_in_frame(CENTRED + 3) == 0
    assert area_in_frame(np.full((4, 2), np.inf, np.float32)) == 0
