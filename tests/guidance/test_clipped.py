"""The rest of a note that is cut off: found by the shape of the part in view."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.guidance.clipped import complete_corners
from tests.support.observations import box

ASPECT, NOTE_ASPECT = 4 / 3, 2.36


def flat_note(x: float, y: float, width: float, turned: float = 0.0) -> np.ndarray:
    """A note seen straight on, with its middle at x, y; width as a share of the frame's, turned in radians."""
    half = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [width * ASPECT / 2, width * ASPECT / NOTE_ASPECT / 2]
    turn = np.array([[np.cos(turned), np.sin(turned)], [-np.sin(turned), np.cos(turned)]])
    return (half @ turn / [ASPECT, 1] + [x, y]).astype(np.float32)


@pytest.mark.parametrize("turned", [0.0, 0.2, np.pi, np.pi - 0.1])
@pytest.mark.parametrize(("x", "y"), [(0.0, 0.5), (1.0, 0.4), (0.5, 0.0), (0.5, 1.0)])
def test_the_rest_is_found_however_far_out_it_was_taken_for(x: float, y: float, turned: float) -> None:
    true = flat_note(x, y, 0.6, turned)
    edge = np.clip(true, -0.1, 1.1)  # as a network sees it that knows of the edge and no more
    assert np.abs(edge - true).max() > 0.04
    found = complete_corners(edge, ASPECT, NOTE_ASPECT)
    assert found.dtype == np.float32
    assert np.abs(found - true).max() < 0.35 * np.abs(edge - true).max() + 0.01


def test_a_strip_at_the_edge_is_a_note_cut_lengthwise() -> None:
    strip = box(0.2, 0.0, 0.8, 0.12)
    found = complete_corners(strip, ASPECT, NOTE_ASPECT)
    np.testing.assert_array_equal(found[2:], strip[2:])
    height = 0.6 * ASPECT / NOTE_ASPECT
    np.testing.assert_allclose(found[:2], [[0.2, 0.12 - height], [0.8, 0.12 - height]], atol=0.02)
    inside = box(0.2, 0.3, 0.8, 0.42)  # tilted, for nothing cuts it off
    np.testing.assert_array_equal(complete_corners(inside, ASPECT, NOTE_ASPECT), inside)


def test_corners_inside_stay() -> None:
    seen = np.array([[-0.1, 0.3], [0.4, 0.3], [0.42, 0.7], [-0.1, 0.7]], np.float32)
    found = complete_corners(seen, ASPECT, NOTE_ASPECT)
    np.testing.assert_array_equal(found[1:3], seen[1:3])
    assert (found[[0, 3], 0] < -0.1).all()


@pytest.mark.parametrize("corners", [box(0.1, 0.2, 0.9, 0.8), box(-0.02, 0.2, 1.02, 0.8), box(-0.5, -0.4, 1.5, 1.3)])
def test_a_whole_note_and_one_all_around_the_frame_stay(corners: np.ndarray) -> None:
    np.testing.assert_array_equal(complete_corners(corners, ASPECT, NOTE_ASPECT), corners)
