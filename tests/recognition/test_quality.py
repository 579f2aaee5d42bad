"""Light, sharpness and what hands cover, on drawn notes whose truth is known."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from currency_app.arrays import Corners, Image
from currency_app.demo.notes import draw_note
from currency_app.guidance.conditions import Limits
from currency_app.recognition.quality import Quality, frame_quality, note_quality
from tests.support.observations import box

HELD = np.array([[0.2, 0.3], [0.75, 0.25], [0.8, 0.62], [0.22, 0.68]], np.float32)
SHORT = 0.37
"""Of HELD: its shorter side as a share of the picture's height."""
BLURRED = Limits().blurred
COVERED = Limits().covered


def scene(value: int = 20, side: str = "front", corners: Corners = HELD, size: tuple[int, int] = (640, 480)) -> Image:
    """A drawn note in a grey room, uint8 [h, w, 3] BGR; size: width and height, pixels."""
    note = draw_note(value, side)[..., :3]
    flat = np.array([[0, 0], [note.shape[1], 0], note.shape[1::-1], [0, note.shape[0]]], np.float32)
    onto = cv2.getPerspectiveTransform(flat, (corners * size).astype(np.float32))
    smaller = note.shape[1] / (float(np.ptp(corners[:2, 0])) * size[0])
    soft = cv2.GaussianBlur(note, (0, 0), max(0.4 * smaller, 0.3))
    room = np.full((size[1], size[0], 3), 90, np.uint8)
    return np.asarray(cv2.warpPerspective(soft, onto, size, room, borderMode=cv2.BORDER_TRANSPARENT), np.uint8)


def blurred(picture: Image, share: float) -> Image:
    """share: standard deviation of the blur over the note's shorter side."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), share * SHORT * picture.shape[0]), np.uint8)


def moved(picture: Image, share: float, degrees: float) -> Image:
    """The same by motion in this direction."""
    length = share * SHORT * picture.shape[0] * 12**0.5
    size = int(length) // 2 * 2 + 3
    step = np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))]) * length / 2
    kernel = np.zeros((size, size), np.float32)
    for t in np.linspace(-1, 1, 400):
        x, y = np.round(size // 2 + t * step).astype(int)
        kernel[y, x] += 1
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.uint8)


def sharp(picture: Image, corners: Corners = HELD) -> float:
    return note_quality(picture, corners).sharpness


@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("value", [1, 20, 100])
def test_blur_is_told_whatever_the_note(value: int, side: str) -> None:
    picture = scene(value, side)
    assert sharp(picture) > 1.5 * BLURRED
    assert sharp(blurred(picture, 0.015)) > BLURRED
    assert sharp(blurred(picture, 0.07)) < BLURRED


@pytest.mark.parametrize("degrees", [0, 30, 45, 80, 90, 150])
def test_motion_blur_is_told_in_every_direction(degrees: float) -> None:
    assert sharp(moved(scene(), 0.09, degrees)) < BLURRED


def test_more_blur_is_less_sharp() -> None:
    falling = [sharp(blurred(scene(), share)) for share in (0.005, 0.015, 0.03, 0.06, 0.12)]
    assert falling == sorted(falling, reverse=True)


def test_a_near_note_is_as_sharp_as_a_far_one() -> None:
    far = ((HELD - 0.5) * 0.6 + 0.5).astype(np.float32)
    assert sharp(scene(corners=far), far) == pytest.approx(sharp(scene()), rel=0.35)
    assert sharp(scene(size=(1920, 1440))) == pytest.approx(sharp(scene()), rel=0.35)


def test_sharpness_stays_in_dim_light() -> None:
    dim = (scene() * 0.4).astype(np.uint8)
    assert sharp(dim) == pytest.approx(sharp(scene()), rel=0.25)


def test_a_sharp_room_does_not_make_a_blurred_note_sharp() -> None:
    picture = blurred(scene(), 0.08)
    noise = np.random.default_rng(1).integers(0, 256, picture.shape, dtype=np.uint8)
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(HELD * (640, 480)).astype(np.int32), 1)
    assert sharp(np.where(mask[..., None] == 1, picture, noise)) < BLURRED


def test_light_is_that_of_the_note() -> None:
    picture = np.full((48, 64, 3), 10, np.uint8)
    picture[12:36, 16:48] = 200
    assert note_quality(picture, box(0.25, 0.25, 0.75, 0.75)).light == pytest.approx(200, abs=5)
    assert frame_quality(picture).light == pytest.approx(200, abs=10), "without a note, that of the middle"


def test_only_what_is_inside_the_frame_counts() -> None:
    """Half of the note lies beyond the edge, where there is nothing to see."""
    picture = np.full((480, 640, 3), 180, np.uint8)
    found = note_quality(picture, box(0.5, 0.2, 1.5, 0.8))
    assert found.light == pytest.approx(180, abs=1)
    assert found.sharpness == frame_quality(picture).sharpness, "the edge of the frame is no detail of the note"


def test_blur_is_told_of_a_note_that_is_cut_off() -> None:
    turned = np.array([[0.4, -0.13], [0.86, 0.94], [0.49, 1.14], [0.01, 0.16]], np.float32)
    picture = scene(corners=turned)
    assert sharp(picture, turned) > BLURRED
    assert sharp(np.asarray(cv2.GaussianBlur(picture, (0, 0), 14), np.uint8), turned) < BLURRED


def test_a_plain_frame_is_not_blurred() -> None:
    assert frame_quality(np.full((48, 64, 3), 8, np.uint8)).sharpness > BLURRED


@pytest.mark.parametrize(
    "corners",
    [HELD[[0, 2, 1, 3]], HELD * 100, HELD + 5, np.full((4, 2), np.nan, np.float32), box(0.5, 0.5, 0.5, 0.5)],
)
def test_corners_of_no_note_give_the_frames_own(corners: Corners) -> None:
    picture = scene()
    assert note_quality(picture, corners) == frame_quality(picture)


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (7, 5)])
def test_the_smallest_pictures(shape: tuple[int, int]) -> None:
    picture = np.full((*shape, 3), 50, np.uint8)
    for found in (frame_quality(picture), note_quality(picture, box(0.1, 0.1, 0.9, 0.9))):
        assert isinstance(found, Quality)
        assert 25 < found.light < 51


SKINS = [(150, 170, 215), (95, 120, 175), (50, 70, 110)]


@pytest.mark.parametrize("skin", SKINS)
def test_a_hand_over_most_of_the_note_covers_it(skin: tuple[int, int, int]) -> None:
    """Light, brown and dark; BGR."""
    picture = scene()
    bare = note_quality(picture, HELD).covered
    cv2.rectangle(picture, (0, 0), (400, 480), skin, -1)
    assert bare < 0.1
    assert note_quality(picture, HELD).covered > COVERED


def test_fingers_at_the_edge_do_not() -> None:
    picture = scene()
    cv2.line(picture, (60, 240), (190, 240), SKINS[1], 40, cv2.LINE_AA)
    assert note_quality(picture, HELD).covered < COVERED
