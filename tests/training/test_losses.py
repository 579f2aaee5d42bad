"""What counts as wrong about corners: nothing where they are unknown, and every note the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from training.losses import places_loss, votes_loss

pytest.importorskip("keras", reason="the losses are made with Keras")

PLACE = np.array([[0.1, 0.2, 0.9, 0.2, 0.9, 0.7, 0.1, 0.7, 1.0]], np.float32)
TO_THE_RIGHT, TO_THE_LEFT = (1.0, 0.0), (-1.0, 0.0)
UPSIDE_DOWN = np.roll(PLACE[:, :8], 4, axis=1)


def places(known: float, outline: Any, in_view: float = 1.0, heading: tuple[float, float] = TO_THE_RIGHT) -> float:
    answer = np.concatenate([PLACE, [[known]]], axis=1).astype(np.float32)
    given = np.concatenate([outline, [[in_view, *heading]]], axis=1).astype(np.float32)
    return float(np.asarray(places_loss(answer, given))[0])


def test_right_corners_cost_nothing_and_worse_ones_more() -> None:
    costs = [places(1, PLACE[:, :8] + by) for by in (0, 0.01, 0.03, 0.1, 0.5)]
    assert costs[0] == pytest.approx(0, abs=1e-5)
    assert costs == sorted(costs)
    assert costs[1] > 1e-3


def test_an_outline_may_be_begun_at_either_end() -> None:
    """What tells the ends apart is the direction alone."""
    assert places(1, UPSIDE_DOWN) == pytest.approx(places(1, PLACE[:, :8]))
    for other in (1, 3):
        assert places(1, np.roll(PLACE[:, :8], 2 * other, axis=1)) > 0.1


def test_the_wrong_direction_costs_and_so_does_a_wrong_share_in_view() -> None:
    right = places(1, PLACE[:, :8])
    assert places(1, PLACE[:, :8], heading=TO_THE_LEFT) > places(1, PLACE[:, :8], heading=(0.0, 1.0)) > right + 0.05
    assert places(1, PLACE[:, :8], in_view=0.5) > right + 0.05


def test_unknown_corners_cost_nothing() -> None:
    assert places(0, PLACE[:, :8] + 0.5, 0.2, TO_THE_LEFT) == 0


def votes(on_note: Any, known: float, wrong_by: float, logit: Any, turned: Any = False) -> float:
    grid = np.asarray(on_note, np.float32)
    answer = np.zeros((1, *grid.shape, 10), np.float32)
    answer[0, ..., 0], answer[0, ..., 1:9], answer[0, ..., 9] = grid, PLACE[0, :8], known
    given = np.zeros((1, *grid.shape, 9), np.float32)
    outline = np.where(np.asarray(turned)[..., None], UPSIDE_DOWN[0], PLACE[0, :8])
    given[0, ..., :8], given[0, ..., 8] = outline + wrong_by, np.asarray(logit)
    return float(np.asarray(votes_loss(answer, given))[0])


LARGE = np.array([[1, 1, 0], [1, 1, 0], [1, 1, 0]])
SMALL = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])


def test_cells_that_know_where_the_note_is_cost_least() -> None:
    sure = np.where(LARGE, 9.0, -9.0)
    assert votes(LARGE, 1, 0, sure) < 0.01
    assert votes(LARGE, 1, 0, np.zeros((3, 3))) > 0.1
    assert votes(LARGE, 1, 0, -sure) > votes(LARGE, 1, 0, np.zeros((3, 3)))


def test_all_cells_of_a_note_begin_its_outline_at_the_same_end() -> None:
    """Either end will do; but if half the cells took the other one, their mean would be the note's middle."""
    sure = np.where(LARGE, 30.0, -30.0)
    right = votes(LARGE, 1, 0, sure)
    assert votes(LARGE, 1, 0, sure, turned=np.ones((3, 3), bool)) == pytest.approx(right)
    assert votes(LARGE, 1, 0, sure, turned=np.eye(3, dtype=bool)) > right + 0.5


def test_a_small_note_counts_as_much_as_a_large_one() -> None:
    large, small = (votes(grid, 1, 0.2, np.where(grid, 30.0, -30.0)) for grid in (LARGE, SMALL))
    assert small == pytest.approx(large, rel=0.01)


def test_cells_beside_the_note_need_not_know_its_corners() -> None:
    empty = np.zeros((3, 3))
    assert votes(empty, 1, 0.5, np.full((3, 3), -30.0)) == pytest.approx(0, abs=1e-6)


def test_a_note_of_unknown_place_costs_nothing() -> None:
    assert votes(LARGE, 0, 0.5, np.zeros((3, 3))) == 0
