"""A note that can be read with ease must show its value in each closer look, not only in all of them put together."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from currency_app.arrays import Image
from currency_app.recognition.quality import is_legible, note_quality
from tests.recognition.test_quality import HELD, blurred, scene
from tests.support.observations import box
from tests.support.played_network import EVEN, TWICE, film, observe, place, watched

THRICE = replace(TWICE, first_weight=0.95, closer_weight=1.45, repeats=3)
LARGE = scene()
SMALL = np.asarray(cv2.resize(LARGE, (320, 240), interpolation=cv2.INTER_AREA), np.uint8)


def looks(*of_twenty: float) -> list[tuple[list[float], list[float]]]:
    """A look at the whole frame and then closer ones, with these probabilities of a 20; the rest is a 5's."""
    first, *closer = [[1 - p, 0, p, 0, 0] for p in of_twenty]
    return [(first, place(HELD, 1.0)), *[(look, place(EVEN, 1.0)) for look in closer]]


@pytest.mark.parametrize(
    ("image", "closer", "refused"),
    [
        (LARGE, (0.99, 0.97, 0.96), False),
        (LARGE, (0.99, 0.99, 0.90), True),
        (SMALL, (0.99, 0.99, 0.90), False),
        (blurred(LARGE, 0.04), (0.99, 0.99, 0.90), False),
    ],
    ids=["agree", "one does not", "too small for each to be sure", "too blurred for it"],
)
def test_each_closer_look_at_a_legible_still_must_be_sure(
    image: Image, closer: tuple[float, ...], refused: bool
) -> None:
    recognizer, _ = watched(*looks(0.8, *closer), rule=THRICE)
    seen = observe(recognizer, image)
    assert seen.value == 20
    assert recognizer.bundle.is_sure(seen.value, seen.confidence)
    assert seen.refused is refused


def test_of_a_film_only_the_frames_count_whose_own_look_is_sure() -> None:
    recognizer, _ = watched(*looks(0.99, 0.99, 0.90, 0.99), rule=THRICE)
    seen = film(recognizer, LARGE, LARGE, LARGE, LARGE)
    assert [one.value for one in seen] == [20] * 4
    assert [one.refused for one in seen] == [False, False, True, False]


@pytest.mark.parametrize(
    ("corners", "size", "legible"),
    [(HELD, (640, 480), True), (HELD, (480, 360), False), (box(-0.2, 0.3, 0.5, 0.7), (640, 480), False)],
    ids=["352 pixels across", "264 pixels across", "a quarter out of the frame"],
)
def test_legible_is_large_and_in_view(corners: np.ndarray, size: tuple[int, int], legible: bool) -> None:
    image = np.zeros((size[1], size[0], 3), np.uint8)
    assert is_legible(image, corners, 9.0) is legible
    assert not is_legible(image, corners, 5.0)


def test_a_drawn_note_that_is_held_well_is_legible() -> None:
    assert is_legible(LARGE, HELD, note_quality(LARGE, HELD).sharpness)
