"""Where a picture shows something, and where its label says it is: the same place, to a tenth of a pixel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from training.synthesis import scene
from training.synthesis.classic import classic_photo
from training.synthesis.scene import Sample, augmented_photo

Make = Callable[[np.random.Generator, Any, Any], Sample]


def augmented(rng: np.random.Generator, image: Any, polygon: Any) -> Sample:
    return augmented_photo(rng, image, "usd_1_front", polygon, np.zeros((64, 64, 3), np.uint8), 320)


def classic(rng: np.random.Generator, image: Any, polygon: Any) -> Sample:
    return classic_photo(rng, image, "usd_1_front", polygon, 256)


def spot(width: int, height: int) -> tuple[Any, Any]:
    """A smooth spot in the middle of a picture, whose first pixel covers 0 to 1, and a polygon around it."""
    x, y = width / 2, height / 2
    ys, xs = np.mgrid[0:height, 0:width] + 0.5
    level = 255 * np.exp(-((xs - x) ** 2 + (ys - y) ** 2) / (2 * 18**2))
    polygon = np.array([[x - 40, y - 20], [x + 40, y - 20], [x + 40, y + 20], [x - 40, y + 20]], np.float32)
    return np.repeat(level[..., None], 3, axis=2).astype(np.uint8), polygon


@pytest.mark.parametrize("make", [augmented, classic])
def test_a_spot_lies_where_its_corners_say(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "through_webcam", lambda rng, picture, *others: picture)
    rng = np.random.default_rng(0)
    shifts = []
    for _ in range(300):
        image, polygon = spot(int(rng.integers(200, 640)), int(rng.integers(200, 480)))
        sample = make(rng, image, polygon)
        seen = np.where(sample.picture[..., 0] < 40, 0.0, sample.picture[..., 0])
        edge = seen[0].sum() + seen[-1].sum() + seen[:, 0].sum() + seen[:, -1].sum()
        if seen.sum() < 2000 or edge > 0 or sample.corners is None:
            continue
        ys, xs = np.mgrid[0 : seen.shape[0], 0 : seen.shape[1]] + 0.5
        middle = np.array([(xs * seen).sum(), (ys * seen).sum()]) / seen.sum()
        shifts.append(middle - sample.corners.mean(axis=0) * seen.shape[0])
    assert len(shifts) > 50
    assert np.abs(np.mean(shifts, axis=0)).max() < 0.1
