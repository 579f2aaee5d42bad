"""What counts as wrong about corners: nothing where they are unknown, and every note the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from training.network.losses import corners_loss, votes_loss

pytest.importorskip("keras", reason="the losses are made with Keras")

TRUTH = np.array([[0.1, 0.2, 0.9, 0.2, 0.9, 0.7, 0.1, 0.7, 1.0]], np.float32)


def corners(known: float, predicted: Any, in_view_known: float = 1) -> float:
    y_true = np.concatenate([TRUTH, [[known, in_view_known]]], axis=1).astype(np.float32)
    return float(np.asarray(corners_loss(y_true, np.asarray(predicted, np.float32)))[0])


def test_right_corners_cost_nothing_and_worse_ones_more() -> None:
    assert corners(1, TRUTH) == 0
    costs = [corners(1, TRUTH + by) for by in (0.01, 0.03, 0.1, 0.5)]
    assert costs == sorted(costs)
    assert costs[0] > 0


def test_upside_down_is_better_than_between_both_ways_up_but_not_right() -> None:
    """Half a note may look the same upside down: the network shall choose one way up, and the right one if it can."""
    turned = np.concatenate([np.roll(TRUTH[:, :8], 4, axis=1), TRUTH[:, 8:]], axis=1)
    between = (TRUTH + turned) / 2
    assert corners(1, TRUTH) < corners(1, turned) < corners(1, between)


def test_a_mirrored_note_is_no_note_upside_down() -> None:
    mirrored = TRUTH.copy()
    mirrored[0, [0, 2, 4, 6]] = TRUTH[0, [2, 0, 6, 4]]
    turned = np.concatenate([np.roll(TRUTH[:, :8], 4, axis=1), TRUTH[:, 8:]], axis=1)
    assert corners(1, mirrored) > corners(1, turned)


def test_unknown_corners_cost_nothing() -> None:
    assert corners(0, TRUTH + 0.5, in_view_known=0) == 0


def test_how_much_is_in_view_can_be_known_without_the_corners() -> None:
    less = TRUTH + 0.5
    less[0, 8] = TRUTH[0, 8] - 0.5
    assert corners(0, less) > 0
    less[0, 8] = TRUTH[0, 8]
    assert corners(0, less) == 0


def votes(on_note: Any, known: float, wrong_by: Any, logit: Any) -> float:
    grid = np.asarray(on_note, np.float32)
    y_true = np.zeros((1, *grid.shape, 10), np.float32)
    y_true[0, ..., 0], y_true[0, ..., 1:9], y_true[0, ..., 9] = grid, TRUTH[0, :8], known
    y_pred = np.zeros((1, *grid.shape, 9), np.float32)
    y_pred[0, ..., :8], y_pred[0, ..., 8] = TRUTH[0, :8] + wrong_by, np.asarray(logit)
    return float(np.asarray(votes_loss(y_true, y_pred))[0])


LARGE = np.array([[1, 1, 0], [1, 1, 0], [1, 1, 0]])
SMALL = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])


def test_cells_that_know_where_the_note_is_cost_least() -> None:
    sure = np.where(LARGE, 9.0, -9.0)
    assert votes(LARGE, 1, 0, sure) < 0.01
    assert votes(LARGE, 1, 0, np.zeros((3, 3))) > 0.1
    assert votes(LARGE, 1, 0, -sure) > votes(LARGE, 1, 0, np.zeros((3, 3)))


def test_cells_choose_one_way_up_all_together() -> None:
    turned = np.roll(TRUTH[0, :8], 4) - TRUTH[0, :8]
    sure = np.where(LARGE, 30.0, -30.0)
    half_of_them = np.zeros((3, 3, 8))
    half_of_them[0] = turned
    assert votes(LARGE, 1, 0, sure) < votes(LARGE, 1, turned, sure) < votes(LARGE, 1, turned / 2, sure)
    assert votes(LARGE, 1, half_of_them, sure) > 0.9 * votes(LARGE, 1, turned, sure)


def test_a_small_note_counts_as_much_as_a_large_one() -> None:
    large, small = (votes(grid, 1, 0.2, np.where(grid, 30.0, -30.0)) for grid in (LARGE, SMALL))
    assert small == pytest.approx(large, rel=0.01)


def test_cells_beside_the_note_need_not_know_its_corners() -> None:
    empty = np.zeros((3, 3))
    assert votes(empty, 1, 0.5, np.full((3, 3), -30.0)) == pytest.approx(0, abs=1e-6)


def test_a_note_of_unknown_corners_costs_nothing() -> None:
    assert votes(LARGE, 0, 0.5, np.zeros((3, 3))) == 0
