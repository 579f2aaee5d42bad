"""Where the note is: what cells vote for, and whose votes count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from training.network.corners_head import _counted_votes, _votes

keras = pytest.importorskip("keras", reason="the network is made with Keras")


def test_cells_vote_from_where_they_are() -> None:
    """An offset of nothing is the cell's own middle, whichever corner it is for."""
    votes = np.asarray(_votes()(4)([np.zeros((1, 4, 4, 8), np.float32), np.full((1, 4, 4, 1), 7, np.float32)]))
    assert votes.shape == (1, 4, 4, 9)
    np.testing.assert_allclose(votes[0, 0, 0], [0.125] * 8 + [7])
    np.testing.assert_allclose(votes[0, 1, 3, :8], [0.875, 0.375] * 4)


def test_an_offset_is_as_long_in_every_shape() -> None:
    """Half of four cells, both ways, also where these are the whole height."""
    offsets = np.full((1, 2, 4, 8), 0.5, np.float32)
    votes = np.asarray(_votes()(4)([offsets, np.zeros((1, 2, 4, 1), np.float32)]))
    np.testing.assert_allclose(votes[0, 0, 0, :8], [0.125 + 0.5, 0.25 + 1.0] * 4)


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
