"""When strips beside the notes of a film are searched for, and how long what was found counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import numpy as np
import pytest

from currency_app.arrays import Corners, Image
from currency_app.events import Observation
from currency_app.recognition.numerals import StripCheck, StripWatch
from tests.support.observations import box, seen

NOTE, ELSEWHERE = box(0.1, 0.3, 0.5, 0.7), box(0.55, 0.3, 0.95, 0.7)
STRIP = box(0.1, 0.2, 0.5, 0.6)
PICTURE = np.zeros((48, 64, 3), np.uint8)


class PlayedSearches:
    """Answers one search after the other: so many calls of the network, and whether a strip is found in the last."""

    def __init__(self, *searches: tuple[int, bool]) -> None:
        self.left = iter(searches)
        self.begun: list[frozenset[int]] = []
        self.calls = 0

    def search(self, image: Image, note: Corners, known: frozenset[int]) -> Iterator[Corners | None]:
        self.begun.append(known)
        return self.called(*next(self.left, (1, False)))

    def called(self, calls: int, found: bool) -> Iterator[Corners | None]:
        for number in range(calls):
            if number:
                yield None
            self.calls += 1
        if found:
            yield STRIP


def frame(t: float, value: int | None = 5, corners: Corners | None = NOTE, looked: bool = True) -> Observation:
    observation = seen(t, {5 if value is None else value: 0.99}, corners=NOTE)
    return replace(observation, value=value, corners=corners, looked=looked)


def watched(*searches: tuple[int, bool]) -> tuple[StripWatch, PlayedSearches]:
    check = PlayedSearches(*searches)
    return StripWatch(cast(StripCheck, check)), check


def told(watch: StripWatch, *frames: Observation, likely: bool = True, again: bool = True) -> list[tuple[bool, bool]]:
    return [watch.watch(one, PICTURE, likely=likely, may_search=True, again=again) for one in frames]


def test_a_value_waits_until_the_first_search_is_done() -> None:
    watch, check = watched((8, False))
    frames = [frame(t / 15) for t in range(4)]
    assert told(watch, *frames) == [(False, False), (False, False), (True, False), (True, False)]
    assert check.begun[0] == {5}


def test_no_frame_gets_more_than_three_calls_and_later_ones_one() -> None:
    watch, check = watched(*[(4, False)] * 9)
    before = 0
    for number in range(300):
        told(watch, frame(number / 15))
        assert check.calls - before <= (3 if number < 9 else 1)
        before = check.calls
    assert 20 < check.calls < 45, "three searches at once, then one in three seconds"


def test_what_is_found_counts_until_five_searches_in_a_row_find_nothing() -> None:
    watch, check = watched((1, True), *[(1, False)] * 4, (1, True), *[(1, False)] * 5)
    found: list[bool] = []
    while len(check.begun) < 11 or found[-1]:
        found.append(told(watch, frame(len(found) / 3))[0][1])
    assert all(found[:-1])
    assert len(check.begun) == 11


@pytest.mark.parametrize(
    "then",
    [
        frame(0.2, corners=ELSEWHERE),
        frame(0.2, value=20),
        frame(-1.0),
    ],
)
def test_another_note_is_searched_beside_anew(then: Observation) -> None:
    watch, check = watched((1, True), (9, False))
    assert told(watch, frame(0.0)) == [(True, True)]
    assert told(watch, then) == [(False, False)]
    assert len(check.begun) == 2


def test_what_was_found_is_forgotten_with_its_note() -> None:
    watch, _ = watched((1, True))
    told(watch, frame(0.0))
    assert told(watch, frame(0.1, value=None, corners=None)) == [(False, False)]


def test_a_frame_that_was_not_looked_at_changes_nothing() -> None:
    watch, check = watched((1, True))
    assert told(watch, frame(0.0), frame(0.1, value=None, corners=None, looked=False)) == [(True, True)] * 2
    assert check.calls == 1


def test_a_search_goes_on_in_a_frame_that_was_not_looked_at_but_none_begins() -> None:
    watch, check = watched((3, False), (1, True))
    unseen = frame(0.1, looked=False)
    assert told(watch, unseen) == [(False, False)]
    assert check.begun == []
    assert told(watch, frame(0.2), replace(unseen, t=0.3)) == [(False, False), (True, False)]
    assert told(watch, replace(unseen, t=0.4)) == [(True, False)]
    assert (len(check.begun), check.calls) == (1, 3)


def test_nothing_is_searched_beside_what_is_not_likely_or_without_time() -> None:
    watch, check = watched()
    assert told(watch, frame(0.0), likely=False) == [(False, False)]
    assert watch.watch(frame(0.1), PICTURE, likely=True, may_search=False) == (False, False)
    assert check.begun == []


def test_a_slow_computer_searches_once_and_again_while_a_strip_is_seen() -> None:
    watch, check = watched((1, False))
    told(watch, *(frame(number / 2) for number in range(20)), again=False)
    assert len(check.begun) == 1
    watch, check = watched((1, True))
    told(watch, *(frame(number / 2) for number in range(20)), again=False)
    assert len(check.begun) == 6


def test_a_frame_whose_own_numerals_are_read_gets_two_calls_less() -> None:
    watch, check = watched((9, False))
    watch.watch(frame(0.0), PICTURE, likely=True, may_search=True, busy=True)
    assert len(check.begun) == 1
    assert check.calls == 0, "but the strips are cut out of it"
    watch.watch(frame(0.1), PICTURE, likely=True, may_search=True, busy=True)
    assert check.calls == 1
    told(watch, frame(0.2))
    assert check.calls == 4
