"""What a cheap camera does: a lot at full strength, nothing at none, and never so much that nothing is left."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from currency_app.demo.notes import draw_note
from tests.support.drawn_data import likeness, room
from training.synthesis.webcam import through_webcam

SEEDS = range(40)


def scene() -> np.ndarray:
    picture = room(2, 128, 128)
    picture[30:84] = cv2.resize(draw_note(20, "front", 300), (128, 54))
    return picture


@pytest.mark.parametrize("seed", SEEDS)
def test_without_strength_the_picture_stays_as_it_is(seed: int) -> None:
    np.testing.assert_array_equal(through_webcam(np.random.default_rng(seed), scene(), 0.0), scene())


@pytest.mark.parametrize("shape", [(128, 128), (96, 160)])
def test_the_form_stays(shape: tuple[int, int]) -> None:
    for seed in SEEDS:
        picture = room(seed, shape[1], shape[0])
        before = picture.copy()
        seen = through_webcam(np.random.default_rng(seed), picture)
        assert seen.shape == (*shape, 3)
        assert seen.dtype == np.uint8
        np.testing.assert_array_equal(picture, before)


def test_pictures_vary_but_stay_pictures() -> None:
    seen = [through_webcam(np.random.default_rng(seed), scene()) for seed in SEEDS]
    light = np.array([picture.mean() for picture in seen])
    sharp = np.array([cv2.Laplacian(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var() for picture in seen])
    assert light.std() > 10, "brighter and darker"
    assert sharp.max() > 10 * sharp.min(), "sharp and blurred"
    alike = np.array([likeness(picture, scene()) for picture in seen])
    assert np.median(alike) > 0.9
    assert (alike > 0.5).mean() > 0.9


def test_nothing_moves() -> None:
    """Corners stay true only if the camera does not shift the scene."""
    marks = np.zeros((129, 129, 3), np.uint8)
    marks[40:89, 40:89] = 255
    located = 0
    for seed in SEEDS:
        seen = through_webcam(np.random.default_rng(seed), marks).astype(float).mean(axis=2)
        assert seen[50:79, 50:79].mean() > 2 * seen[:20, :].mean()
        seen = seen - np.median(seen[:20, :20])
        bright = seen > seen.max() / 2
        ys, xs = np.nonzero(bright)
        if 1500 < len(xs) < 3500:  # neither glare nor darkness over the mark
            located += 1
            assert abs(xs.mean() - 64) < 2.5
            assert abs(ys.mean() - 64) < 2.5
    assert located > len(SEEDS) / 2


def test_the_same_generator_gives_the_same_picture() -> None:
    one, again, other = (through_webcam(np.random.default_rng(seed), scene()) for seed in (4, 4, 5))
    np.testing.assert_array_equal(one, again)
    assert not np.array_equal(one, other)


def test_large_notes_are_blurred_more() -> None:
    """One that is near may be far out of focus and still be seen."""

    def softest(height: float) -> float:
        seen = [through_webcam(np.random.default_rng(seed), scene(), height=height) for seed in range(150)]
        # Made smaller, noise goes and what a strong blur has taken is missed.
        grey = [
            cv2.resize(cv2.cvtColor(one, cv2.COLOR_BGR2GRAY), (64, 64), interpolation=cv2.INTER_AREA) for one in seen
        ]
        return float(np.quantile([cv2.Laplacian(one, cv2.CV_64F).var() / one.var() for one in grey], 0.05))

    assert softest(0.8) < 0.7 * softest(0.0)
