"""How much two places have in common."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.recognition.corners import iou
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
