from __future__ import annotations

import numpy as np
import pytest

from currency_app.window.picture_scaling import fitted_size, outline_points, screen_picture

FRAME = np.zeros((48, 64, 3), np.uint8)
FRAME[:, :32] = (10, 20, 200)  # left half red, in BGR


@pytest.mark.parametrize(
    ("space", "size"), [((64, 48), (64, 48)), ((640, 300), (400, 300)), ((100, 900), (100, 75)), ((1, 0), (1, 1))]
)
def test_the_picture_keeps_its_shape(space: tuple[int, int], size: tuple[int, int]) -> None:
    assert fitted_size(FRAME, *space) == size


@pytest.mark.parametrize("mirrored", [False, True])
def test_left_is_right_in_a_mirror(mirrored: bool) -> None:
    picture = screen_picture(FRAME, 32, 24, mirrored=mirrored)
    assert picture.shape == (24, 32, 4)
    red_side, black_side = (-1, 0) if mirrored else (0, -1)
    assert picture[12, red_side].tolist() == [10, 20, 200, 255]
    assert picture[12, black_side].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_outline_lies_on_the_note(mirrored: bool) -> None:
    """The red half: its corners in the drawn picture are where red meets black."""
    corners = np.array([[0, 0], [0.5, 0], [0.5, 1], [0, 1]], np.float32)
    points = outline_points(corners, 320, 240, mirrored=mirrored)
    assert points[:, 0].tolist() == ([320, 160, 160, 320] if mirrored else [0, 160, 160, 0])
    assert points[:, 1].tolist() == [0, 0, 240, 240]
    assert corners[1, 0] == 0.5, "the frame's own corners stay"


def test_a_very_large_picture_is_left_to_the_screen() -> None:
    picture = screen_picture(FRAME, 640, 480, mirrored=False)
    assert picture.shape == (96, 128, 4)
