"""Photographs varied as in the first published recipe: turned to any side, moved and zoomed within its limits."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from currency_app.arrays import Drawing
from currency_app.demo.notes import draw_note
from currency_app.recognition.corners import share_in_frame
from tests.support.drawn_data import likeness, photo
from training.synthesis.classic import classic_photo
from training.synthesis.scene import Sample

SIZE = 160
WIDTH, HEIGHT = 320, 240
WHOLE = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], np.float32)


def varied(count: int) -> list[Sample]:
    picture, polygon = photo(20, "front", 1)
    return [classic_photo(np.random.default_rng(seed), picture, "usd_20_front", polygon, SIZE) for seed in range(count)]


def at_corners(sample: Sample) -> Drawing:
    """What a sample shows between its corners, as a flat note."""
    assert sample.corners is not None
    flat = np.array([[0, 0], [100, 0], [100, 42], [0, 42]], np.float32)
    pixels = (sample.corners * SIZE).astype(np.float32)
    return cv2.warpPerspective(sample.picture, cv2.getPerspectiveTransform(pixels - 0.5, flat - 0.5), (100, 42))


def test_corners_frame_the_note() -> None:
    samples = varied(80)
    whole = [item for item in samples if item.corners is not None and item.in_view is not None and item.in_view > 0.99]
    assert len(whole) > 25
    for item in whole:
        assert likeness(at_corners(item), draw_note(20, "front", 300, 1)) > 0.7
    for item in samples:
        assert item.class_name == "usd_20_front"
        assert (item.picture.shape, item.picture.dtype) == ((SIZE, SIZE, 3), np.dtype(np.uint8))
        assert item.corners is not None
        assert item.in_view == pytest.approx(share_in_frame(item.corners))


def test_moves_stay_within_the_limits_of_the_recipe() -> None:
    """Told by where the photograph's own corners go."""
    picture, _ = photo(20, "front", 1)
    frames = []
    for seed in range(300):
        corners = classic_photo(np.random.default_rng(seed), picture, "usd_20_front", WHOLE, SIZE).corners
        assert corners is not None
        frames.append(corners)
    corners = np.array(frames)
    shift = corners.mean(axis=1) - 0.5
    assert 0.17 < np.abs(shift).max() <= 0.2 + 1e-4
    across, down = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    area = np.abs(across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0])
    # A zoom of 0.7 to 1.3 each way divides the sides; the shear of 0.2 degrees hardly changes the area.
    assert 1.3**-2 - 1e-3 < area.min() < 0.75
    assert 1.6 < area.max() < 0.7**-2 + 1e-3
    assert (across[:, 0] * down[:, 1] - across[:, 1] * down[:, 0]).min() > 0, "never mirrored"
    turned = np.degrees(np.arctan2(across[:, 1], across[:, 0]))
    quarters, _ = np.histogram(turned, bins=4, range=(-180, 180))
    assert quarters.min() > 45, "to all sides alike"


def test_beyond_its_edge_the_photograph_goes_on() -> None:
    grey = np.full((HEIGHT, WIDTH, 3), 77, np.uint8)
    for seed in range(20):
        sample = classic_photo(np.random.default_rng(seed), grey, "background", None, SIZE)
        assert set(np.unique(sample.picture)) == {77}


def test_without_corners_there_are_none() -> None:
    picture, _ = photo(20, "front", 1)
    sample = classic_photo(np.random.default_rng(1), picture, "usd_20_front", None, SIZE)
    assert (sample.class_name, sample.corners, sample.in_view, sample.object_corners) == (
        "usd_20_front",
        None,
        None,
        None,
    )


def test_the_photograph_is_left_alone_and_the_same_generator_gives_the_same() -> None:
    picture, polygon = photo(20, "front", 1)
    before = picture.copy(), polygon.copy()
    one, again, other = (
        classic_photo(np.random.default_rng(seed), picture, "usd_20_front", polygon, SIZE) for seed in (4, 4, 5)
    )
    np.testing.assert_array_equal(one.picture, again.picture)
    assert not np.array_equal(one.picture, other.picture)
    np.testing.assert_array_equal(picture, before[0])
    np.testing.assert_array_equal(polygon, before[1])
