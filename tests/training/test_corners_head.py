"""Where the note is: cells vote for an outline, and a direction tells which of its corners is the first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from training.corners_head import _counted_votes, _votes, named_corners

keras = pytest.importorskip("keras", reason="the network is made with Keras")

pytestmark = pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")

OUTLINE = np.array([0.2, 0.3, 0.8, 0.35, 0.75, 0.6, 0.15, 0.55], np.float32)
"""About upright: its own direction is to the right."""
OTHER_WAY = np.roll(OUTLINE, 4)


def named(outline: np.ndarray, heading: tuple[float, float], in_view: float = 0.9) -> np.ndarray:
    places = np.array([[*outline, in_view, *heading]], np.float32)
    return np.asarray(named_corners(places))[0]


@pytest.mark.parametrize("outline", [OUTLINE, OTHER_WAY])
def test_the_first_corner_is_told_by_the_direction(outline: np.ndarray) -> None:
    """At whichever end the outline was begun."""
    np.testing.assert_allclose(named(outline, (1, 0)), [*OUTLINE, 0.9], atol=1e-5)
    np.testing.assert_allclose(named(outline, (-1, 0)), [*OTHER_WAY, 0.9], atol=1e-5)


@pytest.mark.parametrize("quarters", range(4))
def test_a_note_may_lie_at_any_angle(quarters: int) -> None:
    turn = np.linalg.matrix_power(np.array([[0, -1], [1, 0]]), quarters)
    outline = ((OUTLINE.reshape(4, 2) - 0.5) @ turn.T + 0.5).ravel()
    heading = turn @ [1.0, 0.05]
    for begun in (outline, np.roll(outline, 4)):
        np.testing.assert_allclose(named(begun, (heading[0], heading[1]))[:8], outline, atol=1e-5)


def test_each_picture_is_named_by_itself() -> None:
    places = np.array([[*OUTLINE, 1, 1, 0], [*OUTLINE, 0, -1, 0]], np.float32)
    found = np.asarray(named_corners(places))
    np.testing.assert_allclose(found, [[*OUTLINE, 1], [*OTHER_WAY, 0]], atol=1e-5)


def test_cells_vote_from_where_they_are() -> None:
    """An offset of nothing is the cell's own middle, whichever corner it is for."""
    votes = np.asarray(_votes()()([np.zeros((1, 4, 4, 8), np.float32), np.full((1, 4, 4, 1), 7, np.float32)]))
    assert votes.shape == (1, 4, 4, 9)
    np.testing.assert_allclose(votes[0, 0, 0], [0.125] * 8 + [7])
    np.testing.assert_allclose(votes[0, 1, 3, :8], [0.875, 0.375] * 4)


def counted(votes: Any, trust: Any) -> np.ndarray:
    return np.asarray(_counted_votes()()([np.asarray(votes, np.float32), np.asarray(trust, np.float32)]))[0]


def test_votes_count_by_whether_a_cell_lies_on_the_note_and_trusts_itself() -> None:
    votes = np.zeros((1, 2, 2, 9), np.float32)
    votes[0, ..., :8] = np.arange(4).reshape(2, 2, 1)
    np.testing.assert_allclose(counted(votes, np.zeros((1, 2, 2, 4))), 1.5, atol=1e-6)
    votes[0, 0, 1, 8] = votes[0, 1, 1, 8] = 30  # two cells on the note, which vote for 1 and 3
    np.testing.assert_allclose(counted(votes, np.zeros((1, 2, 2, 4))), 2, atol=1e-5)
    trust = np.zeros((1, 2, 2, 4))
    trust[0, 1, 1, 2] = 30  # one of them knows the third corner
    np.testing.assert_allclose(counted(votes, trust), [2, 2, 2, 2, 3, 3, 2, 2], atol=1e-5)
