"""How a note is held, and how hands move: corners, sway, smooth paths, blur."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from currency_app.recognition.corners import note_area
from training.simulation.scene.hold import FRAME_ASPECT, Hold
from training.simulation.scene.layers import blurred, motion_kernel
from training.simulation.scene.motion import HandPath, Sway, motion_blur

ASPECT = 156 / 66


@pytest.mark.parametrize("cover", [0.05, 0.3, 1.5])
def test_a_note_seen_straight_on_covers_what_it_should_and_keeps_its_shape(cover: float) -> None:
    corners = Hold(cover=cover).corners(ASPECT)
    assert note_area(corners) == pytest.approx(cover, rel=1e-4)
    width, height = np.ptp(corners, axis=0) * [FRAME_ASPECT, 1]
    assert width / height == pytest.approx(ASPECT, rel=1e-4)
    np.testing.assert_allclose(corners.mean(axis=0), [0.5, 0.5], atol=1e-6)
    assert corners[0, 0] < corners[1, 0]
    assert corners[0, 1] < corners[3, 1]


def test_upside_down_its_own_top_left_is_at_the_bottom_right() -> None:
    upright, turned = Hold().corners(ASPECT), Hold(roll=math.pi).corners(ASPECT)
    np.testing.assert_allclose(turned, np.roll(upright, 2, axis=0), atol=1e-6)


def test_a_tilted_note_is_narrower_and_its_nearer_edge_is_longer() -> None:
    straight, tilted = Hold().corners(ASPECT), Hold(yaw=1.0).corners(ASPECT)
    assert note_area(tilted) < 0.75 * note_area(straight)
    left, right = tilted[3, 1] - tilted[0, 1], tilted[2, 1] - tilted[1, 1]
    assert left > right
    assert note_area(Hold(yaw=math.pi / 2).corners(ASPECT)) < 0.1 * note_area(straight)


def test_half_way_is_half_way_in_factors_of_size_and_light() -> None:
    middle = Hold(x=0, cover=0.1, light=0.25).towards(Hold(x=1, cover=0.4, light=1), 0.5)
    assert (middle.x, middle.cover, middle.light) == pytest.approx((0.5, 0.2, 0.5))


def test_a_path_waits_moves_smoothly_and_goes_on_from_where_it_is() -> None:
    path = HandPath(Hold(x=0.0))
    path.move(1.0, 1.0, Hold(x=1.0))
    places = [path.at(t).x for t in np.linspace(0.9, 2.1, 121)]
    steps = np.diff(places)
    assert path.at(1.0).x == 0
    assert path.at(1.5).x == pytest.approx(0.5)
    assert path.at(2.0).x == 1.0
    assert (steps >= 0).all()
    assert np.abs(np.diff(steps)).max() < 0.0012, "no jerk"
    path.move(1.5, 0.5, Hold(x=0.0))
    assert path.at(1.5).x == pytest.approx(0.5)
    assert path.at(2.0).x == 0.0
    assert path.goal.x == 0.0


def test_a_hand_is_never_quite_still_but_nearly() -> None:
    moved = np.array([Sway(np.random.default_rng(seed)).at(t) for seed in range(20) for t in np.arange(0, 20, 0.1)])
    spread = moved.std(axis=0)
    assert (spread > 0.005).all()
    assert spread[:2].max() < 0.03, "a few hundredths of the picture"
    assert spread[3:].max() < math.radians(6)


def _swayed(sway: Sway, hold: Hold, t: float) -> Hold:
    return sway.swayed(hold, t)


def test_a_held_note_is_sharp_and_a_waved_or_moved_one_is_not() -> None:
    sways = [Sway(np.random.default_rng(seed)) for seed in range(10)]
    still, waved = (
        [np.linalg.norm(motion_blur(partial(_swayed, sway, hold), 1.0, 1 / 30, ASPECT)[0]) for sway in sways]
        for hold in (Hold(), Hold(waving=0.12))
    )
    assert max(still) < 6
    assert min(waved) > 18
    path = HandPath(Hold(x=0.2))
    path.move(0.0, 0.5, Hold(x=0.7))
    shift, rest = motion_blur(path.at, 0.25, 1 / 30, ASPECT)
    assert shift == pytest.approx([0.5 * 640 * 1.875 / 0.5 / 30, 0], abs=1.5)
    assert rest < 0.1
    # Turning on the spot shifts nothing, and blurs.
    shift, rest = motion_blur(lambda t: replace(Hold(), roll=3 * t), 0.0, 1 / 30, ASPECT)
    assert np.linalg.norm(shift) < 0.5
    assert rest > 2


@pytest.mark.parametrize("shift", [(9.0, 0.0), (0.0, 14.0), (-6.0, 8.0)])
def test_the_motion_kernel_spreads_as_a_line_of_this_length_does(shift: tuple[float, float]) -> None:
    kernel = motion_kernel(np.array(shift))
    assert kernel.sum() == pytest.approx(1, abs=1e-5)
    ys, xs = np.mgrid[: kernel.shape[0], : kernel.shape[1]]
    x, y = xs - kernel.shape[1] // 2, ys - kernel.shape[0] // 2
    assert (kernel * x).sum() == pytest.approx(0, abs=1e-3)
    along = (x * shift[0] + y * shift[1]) / math.hypot(*shift)
    # Bilinear drawing adds a sixth of a pixel squared or less in each direction.
    assert (kernel * along**2).sum() == pytest.approx(math.hypot(*shift) ** 2 / 12, abs=0.9)


@pytest.mark.parametrize(("sigma", "length"), [(1.0, 4.0), (2.0, 12.0), (6.0, 30.0), (12.0, 0.0)])
def test_strong_and_weak_blur_spread_as_much_as_they_say(sigma: float, length: float) -> None:
    layer = np.zeros((240, 240, 4), np.uint8)
    layer[118:122, 118:122] = 255
    soft = blurred(layer, sigma, np.array([length, 0.0]))[..., 0].astype(float)
    assert soft.shape == (240, 240)
    xs = np.arange(240) - 119.5
    variance = (soft.sum(axis=0) * xs**2).sum() / soft.sum() - 4**2 / 12
    assert math.sqrt(variance) == pytest.approx(math.hypot(sigma, length / math.sqrt(12)), rel=0.2)
