"""Hiding the note that was found, and what counts as a second one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.arrays import Corners, Image
from currency_app.events import Frame
from currency_app.recognition.corners import area_in_frame
from currency_app.recognition.passes import Glance, NetworkPasses, hide_note
from currency_app.recognition.second_note import (
    OthersSearch,
    Verdict,
    is_confirmed,
    judge_rest,
    leaves_room,
    overlap_much,
    sides_of,
)
from tests.support.observations import BUNDLE, CENTRED, box, note

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


class Played:
    """Answers each search with the next of these looks, and each closer look at a suspect with the next of those."""

    def __init__(self, rest: list[Glance], suspect: list[Glance]) -> None:
        self.left = iter(rest)
        self.suspects = iter(suspect)
        self.scales: list[float] = []

    def rest(self, picture: Image, placement: object, hidden: Sequence[Corners], scale: float) -> Glance:
        self.scales.append(scale)
        return next(self.left)

    def suspect(self, image: Image, corners: Corners, hidden: Sequence[Corners]) -> Glance:
        return next(self.suspects)


def searched(
    rest: list[Glance], suspect: list[Glance] | None = None, *, rests: bool = True
) -> tuple[OthersSearch, Played]:
    """A search after so many looks, one each half second."""
    played = Played(rest, suspect or [])
    search = OthersSearch(BUNDLE, cast(NetworkPasses, played))
    for index in range(len(rest) + len(suspect or [])):
        search.look(Frame(np.zeros((60, 80, 3), np.uint8), index / 2, index), LEFT, rests=rests)
    return search, played


def due_after_s(search: OthersSearch, t: float, first: Corners, *, likely: bool) -> float:
    """When the next search is due beside a note in its place, whose value is sure, or not even doubtful."""
    last = replace(note(t, 20, 0.99 if likely else 0.01), corners=first, in_view=1.0)
    due = search.due_after_s(last, in_place=True)
    assert due is not None
    return due


def continued(search: OthersSearch, look: Glance, t: float) -> OthersSearch:
    """The same search after one more look."""
    search._passes = cast(NetworkPasses, Played([look], []))
    search.look(Frame(np.zeros((60, 80, 3), np.uint8), t, 0), LEFT, rests=True)
    return search


SEEN, DOUBT, EMPTY = glance(0.99, RIGHT), glance(0.5, RIGHT), glance(0.01, RIGHT)


def test_what_is_in_doubt_is_looked_at_closer() -> None:
    search, _ = searched([DOUBT])
    assert not search.tells(0.1, LEFT)
    assert due_after_s(search, 0.1, LEFT, likely=False) == 0, "at once"
    search, _ = searched([DOUBT], [SEEN])
    assert (search.other_notes, search.tells(0.6, LEFT)) == (1, True)


@pytest.mark.parametrize("before", [[], [EMPTY, EMPTY, EMPTY]])
def test_after_a_doubt_the_note_is_alone_once_it_is_found_so_with_each_size(before: list[Glance]) -> None:
    """Else a search before the doubt, or a closer look that misses the second note, would say that there is none."""
    played = Played([*before, DOUBT, DOUBT], [DOUBT, DOUBT])
    search = OthersSearch(BUNDLE, cast(NetworkPasses, played))
    known = []
    for index in range(len(before) + 4):
        search.look(Frame(np.zeros((60, 80, 3), np.uint8), index / 15, index), LEFT, rests=True)
        known.append(search.tells(index / 15, LEFT))
    assert known == [*[True] * len(before), False, False, False, True]
    assert search.other_notes == 0
    assert len(set(played.scales[-2:])) == 2


def test_notes_on_both_sides_are_looked_for_on_one_side_after_the_other() -> None:
    around = glance(0.5, LEFT, 0.95)
    search, _ = searched([around])
    assert not search.tells(0.1, LEFT)
    assert due_after_s(search, 0.1, LEFT, likely=False) == 0, "at once"
    search, _ = searched([around, EMPTY, SEEN])
    assert (search.other_notes, search.tells(1.1, LEFT)) == (1, True)


def test_a_note_with_none_on_its_sides_is_alone() -> None:
    search, _ = searched([glance(0.5, LEFT, 0.95), EMPTY, EMPTY, EMPTY, EMPTY, EMPTY])
    assert (search.other_notes, search.tells(2.6, LEFT)) == (0, True)


def test_what_is_whole_and_not_confirmed_is_looked_for_on_each_side() -> None:
    whole = glance(0.5, RIGHT, 0.95)
    search, _ = searched([whole], [DOUBT])
    assert not search.tells(0.6, LEFT)
    assert due_after_s(search, 0.6, LEFT, likely=False) == 0, "at once"
    played = Played([whole, EMPTY, SEEN], [DOUBT])
    search = OthersSearch(BUNDLE, cast(NetworkPasses, played))
    for index in range(4):
        search.look(Frame(np.zeros((60, 80, 3), np.uint8), index / 15, index), LEFT, rests=True)
    assert (search.other_notes, search.tells(0.2, LEFT)) == (1, True)


def test_a_doubt_about_one_note_is_none_about_the_next() -> None:
    search, _ = searched([DOUBT], [DOUBT])
    assert not search.tells(0.6, LEFT)
    search.note_lost(1.0)
    search = continued(search, EMPTY, t=2.0)
    assert search.tells(2.1, LEFT)


def test_no_search_is_needed_beside_a_note_that_is_not_in_one_place_yet() -> None:
    search, _ = searched([])
    last = replace(note(0.0), corners=LEFT, in_view=1.0)
    assert search.due_after_s(last, in_place=True) == 0
    assert (search.due_after_s(last, in_place=False) or 0) > 0
    for nowhere in (
        None,
        replace(last, in_view=0.0),
        replace(last, corners=None),
        replace(last, corners=box(0, 0, 1, 1)),
    ):
        assert search.due_after_s(nowhere, in_place=True) is None


def test_a_search_does_not_count_for_a_note_that_has_come_a_long_way_since() -> None:
    """Two notes that come in one after the other: when the first was searched beside, the other was not there."""
    search, _ = searched([EMPTY])
    assert search.tells(0.1, LEFT + np.float32(0.05))
    assert not search.tells(0.1, RIGHT)
    assert due_after_s(search, 0.1, RIGHT, likely=True) == 0


def test_a_second_note_is_gone_once_it_is_found_at_neither_size() -> None:
    search, played = searched([SEEN, EMPTY])
    assert search.other_notes == 1
    assert due_after_s(search, 0.6, LEFT, likely=True) < due_after_s(searched([EMPTY])[0], 0.1, LEFT, likely=True)
    search, played = searched([SEEN, EMPTY, EMPTY])
    assert search.other_notes == 0
    assert len(set(played.scales)) == 2


def test_a_search_counts_for_a_second_and_for_one_sighting() -> None:
    search, _ = searched([EMPTY])
    assert search.tells(0.9, LEFT)
    assert not search.tells(1.1, LEFT)
    assert due_after_s(search, 1.1, LEFT, likely=True) == 0
    assert due_after_s(search, 1.1, LEFT, likely=False) > 0
    search.note_lost(0.5)
    assert not search.tells(0.6, LEFT)


def test_several_notes_are_forgotten_when_all_have_gone() -> None:
    search, _ = searched([SEEN])
    search.note_lost(0.5)
    assert search.other_notes == 1
    search.note_lost(1.5)
    assert search.other_notes == 0


@pytest.mark.parametrize(("look", "known"), [(SEEN, False), (DOUBT, False), (EMPTY, True)])
def test_beside_a_note_that_moves_no_other_is_found_but_an_empty_frame_is_empty(look: Glance, known: bool) -> None:
    search, _ = searched([look], rests=False)
    assert (search.other_notes, search.tells(0.1, LEFT)) == (0, known)
