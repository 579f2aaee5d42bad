"""How much two places have in common."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.recognition.corners import between_pixel_centres, iou, scaled
from tests.support.observations import box


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (box(0.2, 0.2, 0.6, 0.6), 1.0),
        (box(0.2, 0.2, 0.6, 0.6)[[2, 3, 0, 1]], 1.0),
        (box(0.2, 0.2, 0.6, 0.6)[[0, 2, 1, 3]], 1.0),
        (box(0.4, 0.2, 0.8, 0.6), 1 / 3),
        (box(0.7, 0.7, 0.9, 0.9), 0.0),
        (box(0.3, 0.3, 0.3, 0.3), 0.0),
        (np.full((4, 2), np.nan, np.float32), 0.0),
    ],
)
def test_it_is_what_is_common_over_both_together(other: np.ndarray, share: float) -> None:
    one = box(0.2, 0.2, 0.6, 0.6)
    assert iou(one, other) == pytest.approx(share, abs=1e-5)
    assert iou(other, one) == pytest.approx(share, abs=1e-5)


def test_a_map_between_pictures_takes_pixel_centres_to_pixel_centres() -> None:
    """A picture twice as wide and high: the first pixel's centre, 0.5, lies at 1, between the first two pixels."""
    warp = between_pixel_centres(np.array([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]]))
    np.testing.assert_allclose(warp @ [0, 0, 1], [0.5, 0.5])
    same = np.array([[1.0, 0.0, 3.0], [0.0, 1.0, -2.0]])
    np.testing.assert_allclose(between_pixel_centres(same), same)


def test_a_note_of_another_size_has_the_same_centre() -> None:
    larger = scaled(box(0.2, 0.4, 0.6, 0.6), 1.5)
    assert larger == pytest.approx(box(0.1, 0.35, 0.7, 0.65))
    assert larger.dtype == np.float32
