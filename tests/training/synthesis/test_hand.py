"""A hand at the edge of a note: it hides some of it, and never more than it may."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from training.synthesis.hand import draw_hand

SIZE = 160
CORNERS = np.array([[0.2, 0.35], [0.8, 0.35], [0.8, 0.62], [0.2, 0.62]], np.float32)


def note_mask() -> np.ndarray:
    mask = np.zeros((SIZE, SIZE), np.float32)
    cv2.fillConvexPoly(mask, np.round(CORNERS * SIZE).astype(np.int32), 1.0)
    return mask


@pytest.mark.parametrize("max_covered", [0.0, 0.1, 0.4])
def test_it_never_hides_more_than_it_may(max_covered: float) -> None:
    mask = note_mask()
    hidden, told = [], []
    for seed in range(60):
        picture = np.full((SIZE, SIZE, 3), (255, 0, 255), np.uint8)  # no skin has this colour
        told.append(draw_hand(np.random.default_rng(seed), picture, CORNERS, mask, max_covered))
        changed = (picture != (255, 0, 255)).any(axis=2)
        hidden.append(float(changed[mask > 0].mean()))
    assert max(told) <= max_covered
    np.testing.assert_allclose(hidden, told, atol=0.06)  # soft edges count in part
    if max_covered >= 0.4:
        assert np.mean(np.array(told) > 0.02) > 0.6, "most hands hide something"


def test_a_hand_that_may_cover_much_often_does() -> None:
    mask = np.zeros((SIZE, SIZE), np.float32)
    cv2.fillConvexPoly(mask, np.round(CORNERS * SIZE).astype(np.int32), 1.0)
    told = [
        draw_hand(np.random.default_rng(seed), np.zeros((SIZE, SIZE, 3), np.uint8), CORNERS, mask, 0.7)
        for seed in range(60)
    ]
    assert max(told) <= 0.7
    assert np.mean(np.array(told) > 0.4) > 0.3


def test_hands_come_from_all_sides_in_all_colours() -> None:
    mask = note_mask()
    middles, colours = [], []
    for seed in range(80):
        picture = np.zeros((SIZE, SIZE, 3), np.uint8)
        draw_hand(np.random.default_rng(seed), picture, CORNERS, mask, 0.4)
        drawn = picture.any(axis=2)
        if drawn.any():
            ys, xs = np.nonzero(drawn)
            middles.append((xs.mean() / SIZE, ys.mean() / SIZE))
            colours.append(picture[drawn].mean())
    spread = np.array(middles)
    assert (spread.min(axis=0) < 0.35).all()
    assert (spread.max(axis=0) > 0.65).all()
    assert max(colours) > 2 * min(colours)


def test_the_same_generator_gives_the_same_hand() -> None:
    pictures = []
    for seed in (1, 1, 2):
        picture = np.zeros((SIZE, SIZE, 3), np.uint8)
        draw_hand(np.random.default_rng(seed), picture, CORNERS, note_mask(), 0.4)
        pictures.append(picture)
    np.testing.assert_array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])
