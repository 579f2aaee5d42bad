"""Movement in a view, by which an empty one is looked at less often."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.camera import Movement


def room(size: tuple[int, int] = (640, 480), seed: int = 1) -> npt.NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    tiles = rng.integers(40, 200, (size[1] // 40 + 1, size[0] // 40 + 1, 3), dtype=np.uint8)
    return np.ascontiguousarray(tiles.repeat(40, axis=0).repeat(40, axis=1)[: size[1], : size[0]])


def noisy(image: npt.NDArray[np.uint8], seed: int) -> npt.NDArray[np.uint8]:
    noise = np.random.default_rng(seed).normal(0, 6, image.shape)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


def test_the_first_frame_counts_as_movement() -> None:
    assert Movement().is_in(room())


@pytest.mark.parametrize("size", [(640, 480), (1920, 1080), (160, 120)])
def test_noise_is_no_movement(size: tuple[int, int]) -> None:
    movement = Movement()
    movement.is_in(noisy(room(size), 0))
    movement.begin_from_here()
    assert not any(movement.is_in(noisy(room(size), seed)) for seed in range(1, 6))


def test_a_note_that_comes_into_view_moves() -> None:
    movement, frame = Movement(), room()
    movement.is_in(frame)
    movement.begin_from_here()
    frame = frame.copy()
    frame[300:, 200:400] = (120, 150, 130)
    assert movement.is_in(frame)


def test_a_slow_movement_adds_up() -> None:
    movement, frame = Movement(), room()
    movement.is_in(frame)
    movement.begin_from_here()
    moved = [movement.is_in(np.roll(frame, shift, axis=1)) for shift in range(0, 40, 2)]
    assert not moved[0]
    assert moved[-1]


def test_light_that_is_switched_on_counts_as_movement() -> None:
    movement = Movement()
    movement.is_in(room() // 4)
    movement.begin_from_here()
    assert movement.is_in(room())
