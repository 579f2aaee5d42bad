"""Where notes are held: in the picture, of the size asked for, never folded, upright more often than not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from currency_app.arrays import Corners
from currency_app.recognition.corners import note_area, share_in_frame
from training.synthesis.pose import random_cover, random_pose

NOTE_ASPECT = 156 / 66


def quad(*corners: tuple[float, float]) -> Corners:
    return np.array(corners, np.float32)


@pytest.mark.parametrize(
    ("corners", "area", "in_view"),
    [
        (quad((0, 0), (1, 0), (1, 1), (0, 1)), 1.0, 1.0),
        (quad((0.25, 0.25), (0.75, 0.25), (0.75, 0.5), (0.25, 0.5)), 0.125, 1.0),
        (quad((0.5, 0.25), (1.5, 0.25), (1.5, 0.75), (0.5, 0.75)), 0.5, 0.5),
        (quad((1.5, 0.75), (0.5, 0.75), (0.5, 0.25), (1.5, 0.25)), 0.5, 0.5),
        (quad((-1, -1), (2, -1), (2, 2), (-1, 2)), 9.0, 1 / 9),
        (quad((2, 2), (3, 2), (3, 3), (2, 3)), 1.0, 0.0),
        (quad((0.5, 0.5), (0.5, 0.5), (0.5, 0.5), (0.5, 0.5)), 0.0, 0.0),
    ],
)
def test_area_and_share_in_view(corners: Corners, area: float, in_view: float) -> None:
    assert note_area(corners) == pytest.approx(area, abs=1e-5)
    assert share_in_frame(corners) == pytest.approx(in_view, abs=1e-5)


def poses(
    count: int, cover: float, min_in_view: float, picture_aspect: float = 4 / 3, clipped: bool = False
) -> list[Corners]:
    rngs = (np.random.default_rng(seed) for seed in range(count))
    return [random_pose(rng, NOTE_ASPECT, picture_aspect, cover, min_in_view, clipped) for rng in rngs]


@pytest.mark.parametrize("picture_aspect", [4 / 3, 16 / 9, 9 / 16])
@pytest.mark.parametrize(("cover", "min_in_view"), [(0.07, 0.5), (0.25, 0.9), (0.7, 0.5), (1.2, 0.42), (3.0, 0.5)])
def test_a_pose_covers_and_shows_what_was_asked_for(cover: float, min_in_view: float, picture_aspect: float) -> None:
    found = poses(150, cover, min_in_view, picture_aspect)
    for corners in found:
        assert corners.shape == (4, 2)
        assert corners.dtype == np.float32
        assert note_area(corners) <= cover * 2.5, "a note nearly edge on covers less, or by perspective some more"
        assert share_in_frame(corners) >= min_in_view / max(note_area(corners), 1.0)
        assert cv2.isContourConvex(corners)
        assert cv2.contourArea(corners, oriented=True) > 0, "never mirrored: its corners go round clockwise"
    areas = np.array([note_area(corners) for corners in found])
    exact = np.isclose(areas, cover, rtol=1e-3)
    assert 0.85 < exact.mean() < 1
    assert areas.min() < 0.6 * cover


def test_most_notes_cover_what_can_be_read_some_less_or_more() -> None:
    covers = np.array([random_cover(np.random.default_rng(seed)) for seed in range(1000)])
    assert covers.min() >= 0.03
    assert covers.max() <= 3.2
    assert 0.03 < (covers < 0.07).mean() < 0.12
    assert 0.06 < (covers > 1.25).mean() < 0.16


def test_a_note_across_an_edge_is_cut_off_there() -> None:
    found = poses(200, 0.3, 0.15, clipped=True)
    in_view = np.array([share_in_frame(corners) for corners in found])
    assert in_view.min() >= 0.15
    assert 0.3 < np.median(in_view) < 0.8
    for beyond in (0, 1):
        outside_low = np.mean([corners[:, beyond].min() < 0 for corners in found])
        outside_high = np.mean([corners[:, beyond].max() > 1 for corners in found])
        assert outside_low > 0.15
        assert outside_high > 0.15


def test_notes_are_held_upright_or_upside_down_more_often_than_not() -> None:
    along = np.array([corners[1] - corners[0] for corners in poses(600, 0.2, 0.5, 1.0)])
    angles = np.degrees(np.arctan2(along[:, 1], along[:, 0]))
    upright = np.abs(angles) < 45
    upside_down = np.abs(angles) > 135
    assert 0.25 < upright.mean() < 0.6
    assert 0.25 < upside_down.mean() < 0.6
    assert 0.05 < 1 - upright.mean() - upside_down.mean() < 0.3


def test_notes_are_everywhere_and_also_cut_off() -> None:
    found = poses(300, 0.25, 0.5)
    centres = np.array([corners.mean(axis=0) for corners in found])
    assert (centres.min(axis=0) < 0.3).all()
    assert (centres.max(axis=0) > 0.7).all()
    whole = np.mean([share_in_frame(corners) > 0.999 for corners in found])
    assert 0.4 < whole < 0.95


def test_the_shape_is_the_notes_in_the_picture_as_it_was_before_it_was_squeezed() -> None:
    """Corners are fractions of a picture of any shape: a note held flat keeps its own in all of them."""
    for picture_aspect in (4 / 3, 9 / 16):
        shapes = []
        for corners in poses(300, 0.2, 0.5, picture_aspect):
            pixels = corners * [picture_aspect, 1]
            sides = np.linalg.norm(pixels - np.roll(pixels, -1, axis=0), axis=1)
            shapes.append((sides[0] + sides[2]) / (sides[1] + sides[3]))
        assert float(np.median(shapes)) == pytest.approx(NOTE_ASPECT, rel=0.1)


def test_the_same_generator_gives_the_same_pose() -> None:
    one, again, other = (random_pose(np.random.default_rng(seed), NOTE_ASPECT, 4 / 3, 0.2, 0.5) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)
