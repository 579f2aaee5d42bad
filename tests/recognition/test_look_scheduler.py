"""Which look each frame gets: one at most, whatever is in view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from currency_app.recognition.look_scheduler import Look, LookScheduler

FPS = 15.0


def run(
    scheduler: LookScheduler,
    seconds: float,
    shows: Callable[[Look], bool],
    *,
    moving: bool = False,
    sure: bool = True,
    resting: bool = False,
    after_s: float | None = None,
    start: float = 0.0,
    fps: float = FPS,
) -> list[Look]:
    """The looks of so many seconds, in which a look shows a note if `shows` says so."""
    looks = []
    for index in range(round(seconds * fps)):
        t = start + index / fps
        look = scheduler.next_look(t, moving=moving, sure=sure, resting=resting, others_after_s=after_s)
        looks.append(look)
        if look in (Look.WHOLE, Look.CLOSER):
            if shows(look):
                scheduler.saw_note(t, can_be_followed=True)
            else:
                scheduler.saw_nothing()
        elif look is Look.FAR:
            scheduler.saw_part(far_note=False)
    return looks


def always(_: Look) -> bool:
    return True


def never(_: Look) -> bool:
    return False


def test_the_first_frame_is_looked_at_as_a_whole() -> None:
    assert LookScheduler().next_look(0.0, moving=False) is Look.WHOLE


def test_a_note_is_looked_at_closer_from_the_next_frame_on() -> None:
    looks = run(LookScheduler(), 0.3, always)
    assert looks[:3] == [Look.WHOLE, Look.CLOSER, Look.CLOSER]


def test_a_note_that_has_just_come_gets_whole_looks_too_so_that_two_kinds_of_look_agree() -> None:
    """A closer look at a wrong place can confirm itself for ever."""
    assert Counter(run(LookScheduler(), 0.4, always))[Look.WHOLE] >= 2


def test_a_sure_note_is_followed_by_closer_looks_with_a_whole_one_each_second() -> None:
    looks = run(LookScheduler(others=False), 11, always)[15:]
    assert Counter(looks) == {Look.CLOSER: 140, Look.WHOLE: 10}


@pytest.mark.parametrize(("fps", "share"), [(15.0, 1 / 2), (30.0, 1 / 3), (10.0, 1.0), (5.0, 1.0)])
def test_a_settled_note_is_looked_at_ten_times_a_second(fps: float, share: float) -> None:
    looks = run(LookScheduler(others=False), 12, always, resting=True, fps=fps)[round(2 * fps) :]
    looked = 1 - Counter(looks)[Look.NONE] / len(looks)
    assert looked == pytest.approx(share, abs=0.08)


def test_a_note_that_moves_or_is_doubtful_is_looked_at_in_every_frame() -> None:
    assert Look.NONE not in run(LookScheduler(), 3.0, always, resting=False)
    assert Look.NONE not in run(LookScheduler(), 3.0, always, resting=True, sure=False)


def test_while_the_value_is_doubtful_both_kinds_of_look_take_turns() -> None:
    assert run(LookScheduler(), 0.4, always, sure=False) == [Look.WHOLE, Look.CLOSER] * 3


def test_a_note_that_jumped_is_found_again_within_two_frames() -> None:
    scheduler = LookScheduler()
    run(scheduler, 2.0, always)
    lost = run(scheduler, 2 / FPS, lambda look: look is Look.WHOLE, start=2.0)
    assert lost == [Look.CLOSER, Look.WHOLE]


def test_a_note_whose_corners_cannot_be_followed_is_looked_at_as_a_whole() -> None:
    scheduler = LookScheduler()
    for index in range(20):
        assert scheduler.next_look(index / FPS, moving=False) is Look.WHOLE
        scheduler.saw_note(index / FPS, can_be_followed=False)


def test_where_nothing_depends_on_it_a_second_note_is_looked_for_only_now_and_then() -> None:
    looks = run(LookScheduler(), 3.0, always, after_s=0.6)
    assert looks.index(Look.OTHERS) == 6
    assert 4 <= Counter(looks)[Look.OTHERS] <= 5, "not in every frame"
    assert Look.OTHERS not in run(LookScheduler(), 3.0, always, after_s=None)


def test_a_search_that_is_needed_goes_before_all_else_and_is_never_given_up() -> None:
    scheduler = LookScheduler()
    scheduler.extra_looks = False
    assert run(scheduler, 1 / FPS, always) == [Look.WHOLE]
    looks = run(scheduler, 4 / FPS, always, after_s=0.0, start=1 / FPS)
    assert [look is Look.OTHERS for look in looks] == [True, False, True, False], "the note's corners stay fresh"


def test_a_search_that_settles_nothing_is_followed_by_a_look_at_the_note_however_long_it_has_been_seen() -> None:
    scheduler = LookScheduler()
    run(scheduler, 1.0, always)
    looks = run(scheduler, 1.0, always, after_s=0.0, start=1.0)
    assert not [pair for pair in pairwise(looks) if pair == (Look.OTHERS, Look.OTHERS)]
    assert Look.OTHERS in looks


@pytest.mark.parametrize("fps", [5.0, 15.0, 30.0])
@pytest.mark.parametrize("moving", [True, False])
def test_every_part_is_searched_for_a_far_note_within_three_seconds(fps: float, moving: bool) -> None:
    looks = run(LookScheduler(), 3.0, never, moving=moving, fps=fps)
    assert Counter(looks)[Look.FAR] >= 5


@pytest.mark.parametrize(("moving", "share"), [(True, 0.8), (False, 0.55)])
def test_a_view_without_a_note_costs_less_than_a_note(moving: bool, share: float) -> None:
    looks = run(LookScheduler(), 20.0, never, moving=moving)
    assert 1 - Counter(looks)[Look.NONE] / len(looks) < share


def test_what_moves_into_an_empty_view_is_looked_at_as_a_whole_within_two_frames() -> None:
    for empty_s in (3.0, 3.1, 3.2, 3.3, 3.4):
        scheduler = LookScheduler()
        run(scheduler, empty_s, never)
        assert Look.WHOLE in run(scheduler, 2 / FPS, never, moving=True, start=empty_s)


def test_a_view_that_nothing_moves_in_is_still_looked_at_now_and_then() -> None:
    looks = run(LookScheduler(), 20.0, never)[15:]
    gaps = "".join(look.value[0] for look in looks).split("w")
    assert max(map(len, gaps)) / FPS < 0.7


def test_just_after_a_note_most_frames_are_looked_at_as_a_whole() -> None:
    scheduler = LookScheduler()
    run(scheduler, 2.0, always)
    looks = Counter(run(scheduler, 0.75, never, start=2.0))
    assert looks[Look.NONE] == 0
    assert looks[Look.WHOLE] >= 8


def test_extra_looks_can_be_given_up() -> None:
    scheduler = LookScheduler()
    scheduler.extra_looks = False
    assert Look.FAR not in run(scheduler, 3.0, never)
    assert Look.OTHERS not in run(scheduler, 3.0, always, after_s=0.6, start=3.0)


@pytest.mark.parametrize("sure", [True, False])
def test_what_is_not_to_be_looked_for_is_not(sure: bool) -> None:
    scheduler = LookScheduler(others=False, search=False)
    looks = run(scheduler, 3.0, never) + run(scheduler, 3.0, always, after_s=0.6, sure=sure, start=3.0)
    assert not {Look.FAR, Look.OTHERS} & set(looks)
