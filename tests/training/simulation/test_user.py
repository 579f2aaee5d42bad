"""The virtual user: holds a note wrongly, obeys late and roughly, or searches and hears nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest

from currency_app.demo.notes import draw_note
from currency_app.events import HintKind
from tests.support.drawn_data import room
from training.dataset.notes import flat_note
from training.simulation.closed_loop import ClosedLoop
from training.simulation.scene.hold import Hold
from training.simulation.scene.material import Material
from training.simulation.starts import WRONG_STARTS, Start
from training.simulation.steps import step
from training.simulation.user import GIVES_UP_S, VirtualUser

FPS = 15


def lived(user: VirtualUser, until: float, since: float = 0.0) -> list[Hold]:
    holds = []
    for index in range(round(since * FPS), round(until * FPS)):
        user.act(index / FPS)
        holds.append(user.hold(index / FPS))
    return holds


def steps(kind: HintKind, hold: Hold, mirror_left: bool = True) -> list[Hold]:
    return [step(np.random.default_rng(seed), kind, hold, mirror_left)[0] for seed in range(60)]


@pytest.mark.parametrize(
    ("kind", "mirror_left", "way"),
    [
        (HintKind.MOVE_LEFT, True, (1, 0)),
        (HintKind.MOVE_LEFT, False, (-1, 0)),
        (HintKind.MOVE_RIGHT, True, (-1, 0)),
        (HintKind.MOVE_RIGHT, False, (1, 0)),
        (HintKind.MOVE_UP, True, (0, -1)),
        (HintKind.MOVE_UP, False, (0, -1)),
        (HintKind.MOVE_DOWN, True, (0, 1)),
        (HintKind.MOVE_DOWN, False, (0, 1)),
    ],
)
def test_people_move_the_way_they_are_told_as_they_see_it(
    kind: HintKind, mirror_left: bool, way: tuple[int, int]
) -> None:
    moves = np.array([[hold.x - 0.5, (hold.y - 0.5) * 0.75] for hold in steps(kind, Hold(), mirror_left)])
    along = moves @ way
    assert (along > 0.05).all()
    assert 0.12 < along.mean() < 0.25
    across = moves @ [way[1], way[0]]
    assert 0.01 < across.std() < 0.08, "not quite that way"
    assert along.std() > 0.02


def test_people_do_the_other_things_they_are_told() -> None:
    assert all(1.4 < hold.cover / 0.1 < 2.3 for hold in steps(HintKind.MOVE_CLOSER, Hold(cover=0.1)))
    assert all(0.4 < hold.cover < 0.7 for hold in steps(HintKind.MOVE_BACK, Hold(cover=1.0)))
    assert np.mean([hold.light > 0.6 for hold in steps(HintKind.TOO_DARK, Hold(light=0.1))]) > 0.6
    assert np.mean([hold.light < 1.3 for hold in steps(HintKind.TOO_BRIGHT, Hold(light=4))]) > 0.6
    assert all(abs(hold.yaw) < 0.8 for hold in steps(HintKind.TILTED, Hold(yaw=1.3)))
    assert all(hold.fingers < 0.31 for hold in steps(HintKind.FINGERS, Hold(fingers=0.6)))
    assert all(hold.waving < 0.04 for hold in steps(HintKind.HOLD_STILL, Hold(waving=0.14)))
    assert np.mean([abs(hold.x - 0.5) < 0.4 for hold in steps(HintKind.NO_NOTE, Hold(x=3.0))]) > 0.9


def test_nobody_moves_before_the_reaction_time() -> None:
    delays = []
    for number in range(30):
        user = VirtualUser(number, 20, start=Start.TOO_FAR)
        before = lived(user, 1.0)[-1].cover
        user.hear(HintKind.MOVE_CLOSER, None, 1.0)
        covers = [hold.cover for hold in lived(user, 3.5, since=1.0)]
        assert covers[-1] > 1.25 * before
        # Half of the growth is done half of the movement, 0.17 to 0.4 s, after the reaction.
        half = math.sqrt(covers[0] * covers[-1])
        delays.append(next(index for index, cover in enumerate(covers) if cover > half) / FPS - 0.29)
    assert 0.55 < np.median(delays) < 0.85
    assert np.std(delays) > 0.05
    assert min(delays) > 0.2


def test_a_hint_said_twice_is_followed_once_and_a_newer_one_replaces_it() -> None:
    user = VirtualUser(3, 20, start=Start.TOO_FAR)
    lived(user, 1.0)
    for t in (1.0, 1.1, 1.2):
        user.hear(HintKind.MOVE_CLOSER, None, t)
    first = lived(user, 3.0, since=1.0)
    assert first[-1].cover / first[0].cover < 2.6
    user.hear(HintKind.MOVE_CLOSER, None, 3.0)
    user.hear(HintKind.MOVE_BACK, None, 3.1)
    assert lived(user, 5.0, since=3.0)[-1].cover < first[-1].cover


def test_an_unguided_search_never_hears_and_never_rests() -> None:
    deaf, quiet = (VirtualUser(4, 20, guided=False) for _ in range(2))
    for index in range(12 * FPS):
        t = index / FPS
        deaf.hear(HintKind.MOVE_CLOSER, None, t)
        deaf.act(t)
        quiet.act(t)
        assert deaf.hold(t) == quiet.hold(t)
    places = np.array([[hold.x, hold.y, math.log(hold.cover)] for hold in lived(quiet, 30.0, since=12.0)])
    assert (np.ptp(places, axis=0) > 0.1).all()


def test_a_guided_user_who_hears_nothing_tries_something_in_the_end() -> None:
    user = VirtualUser(2, 20, start=Start.TOO_FAR)
    holds = lived(user, 20.0)
    early = np.ptp([hold.cover for hold in holds[FPS : 4 * FPS]])
    assert early < 0.05
    assert np.ptp([(hold.x, hold.y, hold.cover) for hold in holds[4 * FPS :]], axis=0).max() > 0.1


def test_guided_or_not_the_start_is_the_same_and_wrong() -> None:
    seen = set()
    for number in range(40):
        guided, alone = VirtualUser(number, 20), VirtualUser(number, 20, guided=False)
        assert guided.hold(0.9) == alone.hold(0.9)
        assert guided.start in WRONG_STARTS
        seen.add(guided.start)
    assert len(seen) > 8


def test_it_ends_with_the_right_value_or_after_half_a_minute() -> None:
    user = VirtualUser(1, 20)
    user.hear(None, 5, 3.0)
    assert not user.done(3.0)
    assert user.done(GIVES_UP_S)
    user.hear(None, 20, 4.0)
    assert user.done(4.0)
    assert user.stopped_s == 4.0


def test_turning_over_shows_the_other_side_where_there_is_one() -> None:
    for sides, after in ((2, 1), (1, 0)):
        user = VirtualUser(1, 20, sides=sides, start=Start.TOO_FAR)
        lived(user, 1.0)
        user.hear(HintKind.TURN_OVER, None, 1.0)
        lived(user, 3.5, since=1.0)
        assert user.side(0.9) == 0
        assert user.side(3.5) == after


@pytest.fixture(scope="module")
def material() -> Material:
    notes = {
        f"usd_20_{side}": [lambda side=side: flat_note("", draw_note(20, side, 500))] for side in ("front", "back")
    }
    return Material("usd", notes, [lambda: room(1, 640, 480)])


@pytest.mark.slow
def test_every_bad_start_is_unreadable(material: Material) -> None:
    for number in range(30):
        loop = ClosedLoop(number, material)
        for t in (0.9, 1.1):
            frame, truth = loop.frame(t)
            assert not truth.readable, (number, loop.user.start)
            assert frame.t == t


def test_a_closed_loop_goes_on_until_the_right_value_is_heard(material: Material) -> None:
    loops = [ClosedLoop(11, material, guided=guided) for guided in (True, False)]
    pictures = [loop.frame(0.8)[0].image for loop in loops]
    np.testing.assert_array_equal(pictures[0], pictures[1])
    loop = loops[0]
    assert loop.value == 20
    loop.hear(None, 5, 0.8)
    assert not loop.done
    loop.hear(None, 20, 0.9)
    assert loop.done
