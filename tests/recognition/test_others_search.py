"""When a film is searched for a second note, and what several looks together tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from currency_app.arrays import Corners, Image
from currency_app.events import Frame
from currency_app.recognition.others_search import OthersSearch
from currency_app.recognition.passes import Glance, NetworkPasses
from tests.recognition.test_second_note import LEFT, RIGHT, glance
from tests.support.observations import BUNDLE, box, note


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
    assert due_after_s(search, 0.1, LEFT, likely=True) == 0, "before a value may be said"
    search, played = searched([around, around])
    assert len(set(played.scales)) == 2
    assert not search.tells(0.6, LEFT)
    assert due_after_s(search, 0.6, LEFT, likely=False) == 0, "at once"
    search, _ = searched([around, around, EMPTY, SEEN])
    assert (search.other_notes, search.tells(1.6, LEFT)) == (1, True)


def test_what_may_be_notes_on_both_sides_with_one_size_alone_is_none() -> None:
    search, played = searched([glance(0.5, LEFT, 0.95), EMPTY])
    assert len(set(played.scales)) == 2
    assert (search.other_notes, search.tells(0.6, LEFT)) == (0, True)


def test_a_note_with_none_on_its_sides_is_alone() -> None:
    around = glance(0.5, LEFT, 0.95)
    search, _ = searched([around, around, EMPTY, EMPTY, EMPTY])
    assert not search.tells(2.1, LEFT)
    search = continued(search, EMPTY, t=2.5)
    assert (search.other_notes, search.tells(2.6, LEFT)) == (0, True)


def test_what_is_whole_and_not_confirmed_is_looked_for_on_each_side() -> None:
    whole = glance(0.5, RIGHT, 0.95)
    search, played = searched([whole, whole], [DOUBT, DOUBT])
    assert len(set(played.scales)) == 2
    assert not search.tells(1.6, LEFT)
    assert due_after_s(search, 1.6, LEFT, likely=False) == 0, "at once"
    search, _ = searched([whole, whole, EMPTY, SEEN], [DOUBT, DOUBT])
    assert (search.other_notes, search.tells(2.6, LEFT)) == (1, True)


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
