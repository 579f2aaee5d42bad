"""Samples as the network takes them: colours, one-hot classes, and corners where they are known."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.images import read_image
from tests.support.drawn_data import write_data
from training.dataset.labels import ordered_labels, right_outputs
from training.dataset.manifest import LabelledImage, of_split, read_data
from training.fitting.batches import encode, encode_batch, make_batches, mixed_batch, val_batch
from training.recipe import Recipe
from training.synthesis.sampler import Mix, Sampler
from training.synthesis.scene import Sample

LABELS = ordered_labels(["usd_5_front", "usd_20_front", "usd_20_back"], "usd")
BLUE = np.full((64, 64, 3), (250, 20, 10), np.uint8)
CORNERS = np.array([[0.1, 0.2], [0.9, 0.25], [0.85, 0.7], [0.12, 0.68]], np.float32)


def test_pictures_are_rgb_and_classes_one_hot() -> None:
    pictures, targets = encode([Sample(BLUE, "usd_20_back"), Sample(BLUE, "background")], LABELS, 64, 64)
    assert pictures.shape == (2, 64, 64, 3)
    assert pictures.dtype == np.uint8
    assert pictures[0, 5, 7].tolist() == [10, 20, 250]
    assert targets["probabilities"].tolist() == [[0, 0, 1, 0], [0, 0, 0, 1]]
    assert targets["probabilities"].dtype == np.float32


def test_corners_and_share_in_view_are_given_where_they_are_known() -> None:
    known = Sample(BLUE, "usd_5_front", CORNERS, 0.8)
    _, targets = encode([known, Sample(BLUE, "usd_5_front"), Sample(BLUE, "background")], LABELS, 64, 64)
    corners = targets["corners"]
    assert corners.shape == (3, 11)
    np.testing.assert_allclose(corners[0], [*CORNERS.ravel(), 0.8, 1, 1], atol=1e-6)
    assert corners[1:, 9:].tolist() == [[0, 0], [0, 0]]


def test_a_picture_without_any_banknote_has_none_in_view() -> None:
    _, targets = encode([Sample(BLUE, "background", in_view=0.0)], LABELS, 64, 64)
    assert targets["corners"][0, 8:].tolist() == [0, 0, 1]


@pytest.mark.parametrize(("x", "known"), [(-1.9, 1), (-2.1, 0), (2.9, 1), (3.1, 0)])
def test_corners_far_outside_are_not_asked_for(x: float, known: int) -> None:
    corners = CORNERS.copy()
    corners[2, 0] = x
    _, targets = encode([Sample(BLUE, "usd_5_front", corners, 0.5)], LABELS, 64, 64)
    assert targets["corners"][0, 9] == known


def test_cells_on_the_note_vote_for_its_corners() -> None:
    """The left half of the picture is note, so are the left cells."""
    corners = np.array([[0, 0], [0.5, 0], [0.5, 1], [0, 1]], np.float32)
    samples = [
        Sample(BLUE, "usd_5_front", corners, 1.0),
        Sample(BLUE, "usd_5_front"),
        Sample(BLUE, "background"),
    ]
    _, targets = encode(samples, LABELS, 64, 64)
    votes = targets["votes"]
    assert votes.shape == (3, 4, 4, 10)
    np.testing.assert_array_equal(votes[0, :, :, 0], [[1, 1, 0, 0]] * 4)
    np.testing.assert_allclose(votes[0, 2, 1, 1:9], corners.ravel())
    assert votes[..., 9].mean(axis=(1, 2)).tolist() == [1, 0, 1], "unknown for a note without corners only"
    assert votes[1:, ..., 0].max() == 0


def test_larger_pictures_are_made_smaller_and_keep_their_targets() -> None:
    large = np.zeros((128, 128, 3), np.uint8)
    large[:, :64] = (250, 20, 10)
    pictures, targets = encode([Sample(large, "usd_5_front", CORNERS, 0.8), Sample(BLUE, "background")], LABELS, 64, 64)
    assert pictures.shape == (2, 64, 64, 3)
    assert pictures[0, :, :32].min(axis=(0, 1)).tolist() == [10, 20, 250]
    assert pictures[0, :, 32:].max() == 0
    np.testing.assert_allclose(targets["corners"][0, :8], CORNERS.ravel(), atol=1e-6)
    assert targets["votes"].shape == (2, 4, 4, 10)


RECIPE = Recipe(
    name="tiny", currency="usd", stages=(), size=32, detail=64, images_per_epoch=6, batch_size=3, closer_share=0.34
)


@pytest.fixture(scope="module")
def train(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    return of_split(read_data(write_data(tmp_path_factory.mktemp("data"))), "train")


def mixed(train: list[LabelledImage], share: float, count: int = 20, mix: Mix | None = None) -> list[Sample]:
    rngs = (np.random.default_rng([1, row]) for row in range(count))
    return mixed_batch(Sampler(train, "usd", mix or Mix(), 64), replace(RECIPE, closer_share=share), rngs)


@pytest.mark.parametrize(("share", "frames"), [(0.0, 20), (0.4, 12), (0.9, 2)])
def test_a_share_of_a_batch_are_closer_looks(train: list[LabelledImage], share: float, frames: int) -> None:
    """Known by their size: frames are made in the recipe's detail, looks in the network's own size."""
    samples = mixed(train, share, mix=Mix(1.0, 0, 0, folded=0))
    assert [sample.picture.shape[0] for sample in samples[:frames]] == [64] * frames
    closer = [sample.picture.shape[0] for sample in samples[frames:]]
    assert len(closer) == 20 - frames
    assert np.mean([side == 32 for side in closer] or [True]) > 0.7


def test_closer_looks_are_at_the_frames_of_their_batch(train: list[LabelledImage]) -> None:
    samples = mixed(train, 0.5, mix=Mix(1.0, 0, 0, folded=0))
    frames, closer = samples[:10], samples[10:]
    for frame, look in zip(frames, closer, strict=True):
        if look.picture.shape[0] == 32:
            assert look.class_name == frame.class_name
            assert look.in_view == frame.in_view


def test_a_batch_of_looks_only_still_has_a_frame_to_look_at(train: list[LabelledImage]) -> None:
    samples = mixed(train, 1.0, count=4)
    assert len(samples) == 4
    assert samples[0].picture.shape[0] == 64


def test_val_is_whole_and_as_it_is(tmp_path: Path) -> None:
    """To choose by: every image of split val with one note or none, once, whatever it takes to train."""
    values = (5, 20)
    images = read_data(write_data(tmp_path, values))
    labels = ordered_labels([image.class_name for image in images], "usd")
    pictures, targets = val_batch(images, labels, replace(RECIPE, size=64))
    expected = [image for image in images if image.split == "val"]
    assert len(pictures) == len(expected) == 6
    for row, image in enumerate(expected):
        whole = cv2.resize(read_image(image.path), (64, 64), interpolation=cv2.INTER_AREA)
        np.testing.assert_array_equal(pictures[row], whole[..., ::-1])
        name = labels[int(targets["probabilities"][row].argmax())].name
        assert name == (image.class_name if image.kind == "photo" else "background"), "other money is background"
        if image.polygon is not None:
            corners = image.polygon / [320, 240]
            np.testing.assert_allclose(targets["corners"][row], [*corners.ravel(), 1, 1, 1], atol=1e-5)


WIDE = replace(RECIPE, closer_size=(64, 32), closer_share=0.4)


def test_closer_looks_of_another_shape_are_inputs_of_their_own(train: list[LabelledImage]) -> None:
    samples = mixed_batch(
        Sampler(train, "usd", Mix(), 64), WIDE, (np.random.default_rng([1, row]) for row in range(10))
    )
    labels = ordered_labels([image.class_name for image in train], "usd")
    pictures, targets = encode_batch(samples, labels, WIDE)
    assert isinstance(pictures, dict)
    assert {name: array.shape for name, array in pictures.items()} == {
        "image": (6, 32, 32, 3), "closer": (4, 32, 64, 3),
    }  # fmt: skip
    assert {name: array.shape for name, array in targets.items()} == {
        "probabilities": (10, len(labels)), "corners": (10, 11), "votes": (6, 2, 2, 10), "closer_votes": (4, 2, 4, 10),
    }  # fmt: skip
    for row, sample in enumerate(samples):
        assert targets["probabilities"][row, right_outputs(sample.class_name, labels)].all()
        if sample.corners is not None:
            np.testing.assert_allclose(targets["corners"][row, :8], sample.corners.ravel(), atol=1e-6)


def test_a_frame_that_cannot_be_looked_at_closer_makes_room_for_one_that_can(train: list[LabelledImage]) -> None:
    """Whole frames in the shape of closer looks would be learnt as what they are not."""
    mix = Mix(0.5, 0.5, 0, drawn=0, folded=0)  # half are photographs, whose corners nobody knows
    unlabelled = [replace(image, polygon=None) for image in train]
    rngs = [np.random.default_rng([2, row]) for row in range(20)]
    samples = mixed_batch(Sampler(unlabelled, "usd", mix, 64), WIDE, rngs)
    assert any(sample.corners is None for sample in samples[:12])
    assert [sample.picture.shape[:2] for sample in samples[12:]] == [(32, 64)] * 8


def test_cells_are_counted_by_rows_and_columns() -> None:
    corners = np.array([[0, 0], [0.5, 0], [0.5, 1], [0, 1]], np.float32)
    _, targets = encode([Sample(BLUE, "usd_5_front", corners, 1.0)], LABELS, 128, 32)
    np.testing.assert_array_equal(targets["votes"][0, :, :, 0], [[1, 1, 1, 1, 0, 0, 0, 0]] * 2)


@pytest.mark.tensorflow
def test_an_epoch_gives_the_same_batches_whenever_it_is_made(train: list[LabelledImage]) -> None:
    labels = ordered_labels([image.class_name for image in train], "usd")

    def batches(seed: int = 1, epoch: int = 0) -> list[np.ndarray]:
        made = make_batches(Sampler(train, "usd", Mix(), 64), replace(RECIPE, seed=seed), labels, epoch)
        assert len(made) == 2
        return [made[number][0] for number in range(2)]

    first, again = batches(), batches()
    assert first[0].shape == (3, 32, 32, 3)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first[0], first[1])
    assert not np.array_equal(first, batches(epoch=1))
    assert not np.array_equal(first, batches(seed=2))
