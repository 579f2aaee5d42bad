"""Which pictures are black all over, as of a covered camera, and which are only dark."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from currency_app.arrays import Image
from currency_app.camera import is_black
from currency_app.demo import draw_room

SHAPE = (480, 640, 3)


def flat(level: int) -> Image:
    return np.full(SHAPE, level, np.uint8)


def noisy(level: float, sigma: float) -> Image:
    noise = np.random.default_rng(0).normal(level, sigma, SHAPE)
    return np.clip(noise, 0, 255).astype(np.uint8)


def with_clock(image: Image) -> Image:
    image = image.copy()
    cv2.putText(image, "2026-11-25 22:14:03", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (255, 255, 255), 2)
    return image


def with_hot_pixels() -> Image:
    image = flat(0)
    image[::97, ::89] = 255
    return image


@pytest.mark.parametrize(
    "image",
    [flat(0), flat(16), noisy(2, 4), noisy(8, 8), with_clock(flat(0)), with_hot_pixels(), flat(0)[:12, :16]],
    ids=["0", "video's black", "noise", "much noise", "the time in a corner", "hot pixels", "tiny"],
)
def test_black(image: Image) -> None:
    assert is_black(image)


def blue() -> Image:
    image = flat(0)
    image[..., 0] = 255
    return image


def lamp() -> Image:
    image = flat(0)
    cv2.circle(image, (320, 240), 100, (255, 255, 255), -1)
    return image


@pytest.mark.parametrize(
    "image",
    [
        cv2.convertScaleAbs(draw_room(640, 480), alpha=0.15),
        cv2.convertScaleAbs(draw_room(640, 480), alpha=0.06),
        flat(40),
        blue(),
        lamp(),
        flat(255),
        np.vstack([flat(0), flat(90)]),
    ],
    ids=["a dark room", "a darker room", "grey", "blue", "a lamp", "white", "half"],
)
def test_not_black(image: Image) -> None:
    assert not is_black(np.asarray(image, np.uint8))
