"""The second look: what lies between the corners comes out upright, to the fraction of a pixel."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from currency_app.arrays import Floats, Image
from currency_app.demo.notes import draw_note
from currency_app.recognition.corners import project
from currency_app.recognition.second_look import note_homography, straighten
from tests.support.drawn_data import likeness, photo
from tests.support.observations import box

WHOLE = box(0, 0, 1, 1)


def looked_at(picture: Image, corners: Floats, margin: float, width: int, height: int) -> Image:
    to_picture = note_homography(corners, margin)
    assert to_picture is not None
    return straighten(picture, to_picture, width, height)


def noise(width: int, height: int, seed: int = 1) -> Image:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def ramps(width: int, height: int) -> Image:
    """Blue rises from left to right and green from top to bottom, by 250 levels over the picture's middles."""
    across, down = np.linspace(0, 250, width), np.linspace(0, 250, height)
    blue, green = np.meshgrid(across, down)
    return np.round(np.stack([blue, green, np.full_like(blue, 255)], axis=-1)).astype(np.uint8)


def test_the_whole_picture_looked_at_in_its_own_size_is_the_picture() -> None:
    picture = noise(40, 24)
    np.testing.assert_array_equal(looked_at(picture, WHOLE, 0.0, 40, 24), picture)


def test_corners_on_the_edges_of_pixels_cut_them_out_exactly() -> None:
    picture = noise(40, 20)
    np.testing.assert_array_equal(looked_at(picture, box(0.25, 0.2, 0.75, 0.6), 0.0, 20, 8), picture[4:12, 10:30])


def test_a_margin_shows_what_is_around() -> None:
    """A fifth of the note's own width and height on each side."""
    picture = noise(40, 40)
    np.testing.assert_array_equal(looked_at(picture, box(0.25, 0.5, 0.5, 0.75), 0.2, 14, 14), picture[18:32, 8:22])


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_note_comes_out_upright(quarters: int) -> None:
    """The first corner is the note's own top-left, wherever that lies in the picture."""
    picture = noise(24, 24)
    turned = np.ascontiguousarray(np.rot90(picture, -quarters))  # clockwise
    seen = looked_at(turned, np.roll(WHOLE, -quarters, axis=0), 0.0, 24, 24)
    np.testing.assert_array_equal(seen, picture)


@pytest.mark.parametrize("size", [(30, 30), (64, 16), (7, 11)])
@pytest.mark.parametrize("margin", [0.0, 0.1])
def test_every_pixel_shows_its_own_place(margin: float, size: tuple[int, int]) -> None:
    """In a picture whose colours tell the place, sheared: half a pixel beside it would be 5 levels off."""
    picture = ramps(26, 26)
    top_left, along, down = np.array([0.3, 0.2]), np.array([0.4, 0.15]), np.array([-0.1, 0.5])
    corners = np.array([top_left, top_left + along, top_left + along + down, top_left + down], np.float32)
    seen = looked_at(picture, corners, margin, *size)
    xs, ys = np.meshgrid((np.arange(size[0]) + 0.5) / size[0], (np.arange(size[1]) + 0.5) / size[1])
    in_note = np.stack([xs, ys], axis=-1) * (1 + 2 * margin) - margin
    place = top_left + in_note[..., :1] * along + in_note[..., 1:] * down
    expected = (place * 26 - 0.5) / 25 * 250
    np.testing.assert_allclose(seen[..., :2], expected, atol=1.2)


@pytest.mark.parametrize("seed", range(6))
def test_a_note_held_askew_comes_out_upright(seed: int) -> None:
    picture, corners = photo(20, "front", seed)
    seen = looked_at(picture, (corners / [320, 240]).astype(np.float32), 0.1, 240, 240)
    middle = seen[20:220, 20:220]  # without the margin
    note = draw_note(20, "front", 300, seed)
    assert likeness(middle, note) > 0.9
    assert likeness(middle[::-1, ::-1], note) < 0.4


def test_a_receding_note_comes_out_even() -> None:
    """Straight lines at thirds of a note stay there, though the far half is much smaller in the picture."""
    corners = np.array([[0.1, 0.1], [0.9, 0.35], [0.9, 0.65], [0.1, 0.9]], np.float32)
    note = np.full((300, 300, 3), 200, np.uint8)
    note[95:105] = note[:, 95:105] = note[:, 195:205] = 0
    flat = np.array([[0, 0], [300, 0], [300, 300], [0, 300]], np.float32)
    picture = cv2.warpPerspective(note, cv2.getPerspectiveTransform(flat, corners * 600), (600, 600))
    seen = looked_at(np.asarray(picture, np.uint8), corners, 0.0, 90, 90).mean(axis=2)
    dark = seen < 100
    assert set(np.flatnonzero(dark.mean(axis=1) > 0.9)) & {29, 30}
    columns = set(np.flatnonzero(dark.mean(axis=0) > 0.9))
    assert columns & {29, 30}
    assert columns & {59, 60}
    assert dark.mean() < 0.2


def test_what_lies_outside_the_picture_is_black() -> None:
    white = np.full((30, 30, 3), 255, np.uint8)
    seen = looked_at(white, box(0.5, 0.25, 1.5, 0.75), 0.0, 40, 20)
    assert seen[:, :19].min() == 255
    assert seen[:, 21:].max() == 0


def test_a_large_picture_is_not_aliased() -> None:
    """Single pixels, black and white at random, are grey from far away: picked out one by one they would flicker."""
    picture = (noise(900, 600)[..., :1] // 128 * 255).repeat(3, axis=2)
    askew = np.array([[0.05, 0.1], [0.9, 0.02], [0.97, 0.9], [0.1, 0.98]], np.float32)
    seen = looked_at(picture, askew, 0.0, 32, 32).astype(float)
    assert seen.mean() == pytest.approx(127.5, abs=4)
    assert seen.std() < 15


def test_a_large_picture_keeps_its_place() -> None:
    picture = ramps(1000, 700)
    seen = looked_at(picture, box(0.2, 0.1, 0.8, 0.9), 0.0, 30, 20)
    xs, ys = np.meshgrid(0.2 + 0.6 * (np.arange(30) + 0.5) / 30, 0.1 + 0.8 * (np.arange(20) + 0.5) / 20)
    np.testing.assert_allclose(seen[..., :2], np.stack([xs, ys], axis=-1) * 250, atol=1.5)


def test_the_corners_lie_a_margin_inside_the_look() -> None:
    corners = np.array([[0.2, 0.3], [0.7, 0.25], [0.8, 0.6], [0.15, 0.7]], np.float32)
    to_picture = note_homography(corners, 0.1)
    assert to_picture is not None
    inside = box(1 / 12, 1 / 12, 11 / 12, 11 / 12)
    np.testing.assert_allclose(project(np.linalg.inv(to_picture), corners), inside, atol=1e-5)
    np.testing.assert_allclose(project(to_picture, inside), corners, atol=1e-5)


def test_points_are_mapped_there_and_back() -> None:
    corners = np.array([[0.9, 0.8], [0.2, 0.9], [0.25, 0.3], [0.8, 0.2]], np.float32)
    to_picture = note_homography(corners, 0.1)
    assert to_picture is not None
    points = np.random.default_rng(2).uniform(0, 1, (50, 2)).astype(np.float32)
    there = project(to_picture, points)
    assert there.shape == (50, 2)
    assert there.dtype == np.float32
    np.testing.assert_allclose(project(np.linalg.inv(to_picture), there), points, atol=1e-4)


def turned(degrees: float) -> Floats:
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return ((box(0.3, 0.4, 0.7, 0.6) - 0.5) @ turn + 0.5).astype(np.float32)


@pytest.mark.parametrize("degrees", range(0, 360, 45))
def test_a_note_may_lie_at_any_angle(degrees: int) -> None:
    assert note_homography(turned(degrees), 0.1) is not None
    assert note_homography(turned(degrees)[::-1], 0.1) is None, "and mirrored at none"


def square(side: float) -> Floats:
    return box(0.5 - side / 2, 0.5 - side / 2, 0.5 + side / 2, 0.5 + side / 2)


def receding(far_side: float) -> Floats:
    """The right edge so many times as long as the left one."""
    return np.array([[0, 0], [1, 0.5 - far_side / 2], [1, 0.5 + far_side / 2], [0, 1]], np.float32)


@pytest.mark.parametrize(
    ("possible", "impossible"),
    [
        (square(0.06), square(0.05)),
        (square(2.4), square(2.5)),
        (receding(0.25), receding(0.15)),
        (receding(0.5), np.array([[0, 0], [1, 0], [0, 1], [1, 1]])),  # crossed
        (receding(0.5), np.array([[0, 0], [1, 0], [0.3, 0.3], [0, 1]])),  # dented
        (receding(0.5), np.array([[0, 0], [0.5, 0], [1, 0], [0.2, 0]])),  # on a line
        (receding(0.5), np.full((4, 2), 0.5)),
        (receding(0.5), np.array([[0, 0], [1, 0], [1, np.nan], [0, 1]])),
        (receding(0.5), np.array([[0, 0], [1, 0], [1, np.inf], [0, 1]])),
    ],
)
def test_corners_that_can_be_no_note_are_not_looked_at(possible: Floats, impossible: npt.NDArray[np.floating]) -> None:
    assert note_homography(possible, 0.0) is not None
    assert note_homography(impossible.astype(np.float32), 0.0) is None


def test_a_margin_that_reaches_behind_the_camera_is_not_looked_at() -> None:
    """Where a steep plane goes on beyond the note, it meets the horizon."""
    steep = receding(0.25)
    assert note_homography(steep, 0.0) is not None
    assert note_homography(steep, 0.5) is None


def test_a_steep_note_is_straightened_alike_whichever_side_is_near() -> None:
    """A mirror image gives the mirror image: the nearer side decides how far the picture is shrunk before the warp."""
    image = np.random.default_rng(4).integers(0, 256, (1080, 1920, 3), np.uint8)
    near_left = np.array([[0.36, 0.02], [0.5, 0.26], [0.5, 0.74], [0.36, 0.98]], np.float32)
    near_right = (near_left * [-1, 1] + [1, 0]).astype(np.float32)[[1, 0, 3, 2]]
    straightened = []
    for picture, corners in ((image, near_left), (np.ascontiguousarray(image[:, ::-1]), near_right)):
        to_picture = note_homography(corners, 0.1)
        assert to_picture is not None
        straightened.append(straighten(picture, to_picture, 256, 256).astype(int))
    left, right = straightened
    assert np.abs(left - right[:, ::-1]).mean() < 1
