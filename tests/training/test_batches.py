"""Samples as the network takes them: colours, one-hot classes, and corners where they are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_data import write_data

from training.batches import encode, make_batches
from training.dataset.labels import ordered_labels
from training.dataset.manifest import of_split, read_data
from training.synthesis.sampler import Mix, Sampler
from training.synthesis.scene import Sample

LABELS = ordered_labels(["usd_5_front", "usd_20_front", "usd_20_back"], "usd")
BLUE = np.full((64, 64, 3), (250, 20, 10), np.uint8)
CORNERS = np.array([[0.1, 0.2], [0.9, 0.25], [0.85, 0.7], [0.12, 0.68]], np.float32)


def test_pictures_are_rgb_and_classes_one_hot() -> None:
    pictures, answers = encode([Sample(BLUE, "usd_20_back"), Sample(BLUE, "background")], LABELS)
    assert pictures.shape == (2, 64, 64, 3)
    assert pictures.dtype == np.uint8
    assert pictures[0, 5, 7].tolist() == [10, 20, 250]
    assert answers["probabilities"].tolist() == [[0, 0, 1, 0], [0, 0, 0, 1]]
    assert answers["probabilities"].dtype == np.float32


def test_corners_and_share_in_view_are_given_where_they_are_known() -> None:
    known = Sample(BLUE, "usd_5_front", CORNERS, 0.8)
    _, answers = encode([known, Sample(BLUE, "usd_5_front"), Sample(BLUE, "background")], LABELS)
    corners = answers["corners"]
    assert corners.shape == (3, 10)
    np.testing.assert_allclose(corners[0], [*CORNERS.ravel(), 0.8, 1], atol=1e-6)
    assert corners[1:, 9].tolist() == [0, 0]


@pytest.mark.parametrize(("x", "known"), [(-0.9, 1), (-1.1, 0), (1.9, 1), (2.1, 0)])
def test_corners_far_outside_are_not_asked_for(x: float, known: int) -> None:
    corners = CORNERS.copy()
    corners[2, 0] = x
    _, answers = encode([Sample(BLUE, "usd_5_front", corners, 0.5)], LABELS)
    assert answers["corners"][0, 9] == known


def test_cells_on_the_note_vote_for_its_corners() -> None:
    """The left half of the picture is note, so are the left cells."""
    corners = np.array([[0, 0], [0.5, 0], [0.5, 1], [0, 1]], np.float32)
    samples = [
        Sample(BLUE, "usd_5_front", corners, 1.0),
        Sample(BLUE, "usd_5_front"),
        Sample(BLUE, "background"),
    ]
    _, answers = encode(samples, LABELS)
    votes = answers["votes"]
    assert votes.shape == (3, 4, 4, 10)
    np.testing.assert_array_equal(votes[0, :, :, 0], [[1, 1, 0, 0]] * 4)
    np.testing.assert_allclose(votes[0, 2, 1, 1:9], corners.ravel())
    assert votes[..., 9].mean(axis=(1, 2)).tolist() == [1, 0, 1], "unknown for a note without corners only"
    assert votes[1:, ..., 0].max() == 0


def test_an_epoch_gives_the_same_batches_whenever_it_is_made(tmp_path: Path) -> None:
    pytest.importorskip("keras")
    images = of_split(read_data(write_data(tmp_path)), "train")
    labels = ordered_labels([image.class_name for image in images], "usd")

    def batches(seed: int = 1, epoch: int = 0) -> list[np.ndarray]:
        made = make_batches(
            Sampler(images, "usd", Mix(), 32),
            labels,
            seed=seed,
            epoch=epoch,
            batches=2,
            batch_size=3,
            workers=1,
        )
        assert len(made) == 2
        return [made[number][0] for number in range(2)]

    first, again = batches(), batches()
    assert first[0].shape == (3, 32, 32, 3)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[0], first[1])
    assert not np.array_equal(first, batches(epoch=1))
    assert not np.array_equal(first, batches(seed=2))
