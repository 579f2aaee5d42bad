"""Rendered frames: the truth is true of what they show."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from currency_app.arrays import Drawing
from currency_app.demo.notes import draw_note
from tests.support.drawn_data import likeness
from training.dataset.notes import flat_note
from training.simulation.scene.face import Face
from training.simulation.scene.grip import SIDES, Hand
from training.simulation.scene.hold import Hold
from training.simulation.scene.material import drawn_room
from training.simulation.scene.render import HeldObject, draw_frame
from training.simulation.scene.surroundings import Surroundings
from training.simulation.scene.truth import Truth
from training.synthesis import surface

pytestmark = pytest.mark.slow

NOTE = flat_note("usd_20_front", draw_note(20, "front", 600))


@pytest.fixture
def flat(monkeypatch: pytest.MonkeyPatch) -> None:
    """Flat new paper: what is left is geometry."""
    monkeypatch.setattr(surface, "_bend", lambda rng, u, v: np.ones_like(u))
    monkeypatch.setattr(surface, "_aged", lambda rng, paper: paper)


def surroundings(seed: int = 1, backlit: bool = False) -> Surroundings:
    made = Surroundings(np.random.default_rng(seed), drawn_room(0))
    made.backlit = backlit
    return made


def face(seed: int = 1) -> Face:
    return Face(np.random.default_rng(seed), NOTE, NOTE.class_name)


def shown(
    hold: Hold | Callable[[float], Hold], hand: Hand | None = None, seed: int = 1, t: float = 1.0
) -> tuple[Drawing, Truth]:
    hold_at = (lambda t: hold) if isinstance(hold, Hold) else hold
    return draw_frame(surroundings(seed), HeldObject([face(seed)], hand), hold_at, t, np.random.default_rng(seed))


def straightened(picture: Drawing, truth: Truth) -> Drawing:
    assert truth.corners is not None
    flat = np.array([[0, 0], [312, 0], [312, 132], [0, 132]], np.float32)
    pixels = (truth.corners * [640, 480]).astype(np.float32)
    return cv2.warpPerspective(picture, cv2.getPerspectiveTransform(pixels - 0.5, flat - 0.5), (312, 132))


HOLDS = [
    Hold(),
    Hold(roll=math.pi, cover=0.2),
    Hold(roll=1.2, cover=0.2),
    Hold(yaw=0.7, pitch=-0.4),
    Hold(x=0.35, y=0.6, cover=0.1),
]


@pytest.mark.usefixtures("flat")
@pytest.mark.parametrize("hold", HOLDS)
def test_the_note_is_drawn_where_the_truth_says(hold: Hold) -> None:
    for seed in (1, 2, 3):
        picture, truth = shown(hold, seed=seed)
        assert picture.shape == (480, 640, 3)
        assert picture.dtype == np.uint8
        right = likeness(straightened(picture, truth), NOTE.levels[0])
        assert right > 0.8
        assert truth.corners is not None
        aside = Truth(0, None, np.asarray(truth.corners + np.float32(0.04)))
        assert likeness(straightened(picture, aside), NOTE.levels[0]) < right
        np.testing.assert_allclose(truth.corners, hold.corners(face().aspect), atol=1e-5)


def test_far_notes_are_small_and_cut_off_ones_in_part_in_view() -> None:
    far, near = shown(Hold(cover=0.05))[1], shown(Hold(cover=0.3))[1]
    assert far.cover == pytest.approx(0.05, rel=0.05)
    assert not far.readable
    assert near.readable
    cut = shown(Hold(x=0.0))[1]
    assert cut.in_view == pytest.approx(0.5, abs=0.05)
    assert not cut.readable


def test_a_note_out_of_the_picture_is_none() -> None:
    truth = shown(Hold(x=1.8))[1]
    assert truth.class_name is None
    assert truth.corners is None
    assert not truth.readable


def sharpness(picture: Drawing) -> float:
    return float(cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.CV_64F)[150:330, 160:480].var())


def test_a_moved_note_blurs_and_the_truth_says_how_much() -> None:
    still, still_truth = shown(Hold())
    moved, moved_truth = shown(lambda t: Hold(x=0.5 + 1.5 * (t - 1.0)))
    assert still_truth.readable
    assert not moved_truth.readable
    # 1.5 widths a second for a thirtieth of a second, on a note that is 213 pixels high.
    assert moved_truth.blur == pytest.approx(1.5 * 640 / 30 / math.sqrt(12) / 213, rel=0.1)
    assert sharpness(moved) < 0.7 * sharpness(still)
    assert shown(lambda t: Hold(x=0.5 + 0.5 * (t - 1.0), light=0.4))[1].blur > (
        1.5 * shown(lambda t: Hold(x=0.5 + 0.5 * (t - 1.0)))[1].blur
    ), "the shutter is open longer in the dark"


def test_light_is_what_is_rendered_on_the_note() -> None:
    for light in (0.08, 0.5, 1.0, 4.5):
        picture, truth = shown(Hold(light=light, cover=0.4))
        assert truth.corners is not None
        mask = np.zeros((480, 640), np.uint8)
        cv2.fillConvexPoly(mask, np.round(truth.corners * [640, 480]).astype(np.int32), 255)
        mean = cv2.mean(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), mask)[0]
        assert truth.light == pytest.approx(mean, abs=6)
        assert truth.readable == (0.3 < light < 2)
    dark, backlit = (
        draw_frame(surroundings(1, behind), HeldObject(), lambda t: Hold(light=0.1), 0.0, np.random.default_rng(1))[1]
        for behind in (False, True)
    )
    assert dark.light < 40 < backlit.light, "light from behind leaves the room bright"


@pytest.mark.parametrize("side", SIDES)
def test_a_hand_hides_what_it_should_and_the_truth_says_so(side: str) -> None:
    hand = Hand(np.random.default_rng(4), side, face().aspect, covering=True)
    hidden = []
    for wanted in (0.0, 0.1, 0.3, 0.5):
        hold = Hold(cover=0.25, fingers=wanted)
        with_hand, truth = shown(hold, hand)
        without, _ = shown(hold)
        pixels = np.abs(straightened(with_hand, truth).astype(int) - straightened(without, truth)).sum(axis=2) > 60
        assert truth.hidden == pytest.approx(wanted, abs=0.06)
        assert float(pixels.mean()) == pytest.approx(truth.hidden, abs=0.15)
        hidden.append(truth.hidden)
    assert hidden == sorted(hidden)


def test_hands_come_from_the_side_they_should_and_reach_out_of_the_picture() -> None:
    for side, corner in (("below", (479, 320)), ("left", None), ("right", None)):
        hand = Hand(np.random.default_rng(2), side, 2.36)
        empty, _ = draw_frame(surroundings(), HeldObject(), lambda t: Hold(cover=0.06), 0.0, np.random.default_rng(1))
        with_hand, truth = draw_frame(
            surroundings(), HeldObject((), hand), lambda t: Hold(cover=0.06), 0.0, np.random.default_rng(1)
        )
        changed = np.abs(with_hand.astype(int) - empty).sum(axis=2) > 60
        assert truth.class_name is None
        edges = {"below": changed[-3:], "left": changed[:, :3], "right": changed[:, -3:]}
        # An arm that leans may leave through the bottom instead.
        assert edges[side].any() or edges["below"].any()
        if corner:
            assert not changed[:100].any()


def test_the_same_seeds_give_the_same_frame() -> None:
    one, again, other = (shown(Hold(), seed=seed)[0] for seed in (5, 5, 6))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_camera_keeps_its_colours_and_its_noise_changes() -> None:
    setting = surroundings(3)
    frames = [
        draw_frame(setting, HeldObject(), lambda t: Hold(), t, np.random.default_rng(int(t * 15)))[0].astype(float)
        for t in (0.0, 1 / 15, 2.0)
    ]
    assert np.abs(frames[0] - frames[1]).mean() > 0.3
    assert np.abs(frames[0].mean(axis=(0, 1)) - frames[2].mean(axis=(0, 1))).max() < 12


def test_what_is_too_near_is_out_of_focus() -> None:
    near, far = shown(Hold(cover=2.5))[1], shown(Hold(cover=0.4))[1]
    assert near.blur > far.blur
    assert replace(far, blur=near.blur).blur == near.blur
