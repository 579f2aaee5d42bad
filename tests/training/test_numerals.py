"""A bundle is given a network for numerals: it is trained, written, used, kept and taken over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from currency_app.demo.notes import draw_note
from currency_app.errors import DataError
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.numerals.crops import CROPS
from currency_app.recognition.numerals.network import LiteRTNumerals
from tests.support.painted import colour_of, paint, write_picture
from tests.support.tiny import TINY, USD_VALUES, copy_bundle
from training.dataset.manifest import LabelledImage
from training.export.bundle import add_numerals
from training.export.tflite import numerals_to_tflite
from training.fitting.numerals import CropSet, fit_numerals, varied
from training.network.numerals import build_numeral_model
from training.numerals import fit_bundle_numerals, fit_numerals_by_recipe, make_part
from training.recipe import Recipe, Stage

pytest.importorskip("tensorflow", reason="training needs Keras and TensorFlow")


def crop_set(count: int) -> CropSet:
    """Dark corners with a bright bar: upright is output 0, lying is output 1."""
    crops, outputs = np.full((count, 48, 64), 40, np.uint8), np.arange(count, dtype=np.int64) % 2
    crops[outputs == 0, 8:40, 28:36] = 220
    crops[outputs == 1, 20:28, 12:52] = 220
    return CropSet(crops, outputs)


def test_the_network_learns_what_it_is_shown() -> None:
    made = crop_set(64)
    model = fit_numerals(made, 2, 25, 1, lambda items, **_: items)
    # By the batch's own statistics: their moving averages need more steps than these.
    told = np.asarray(model(made.crops[..., None].astype(np.float32), training=True)).argmax(axis=1)
    assert (told == made.outputs).mean() > 0.9


def test_batches_are_varied_and_stay_pictures() -> None:
    crops = crop_set(32).crops
    batch = varied(np.random.default_rng(0), crops)
    assert batch.shape == (32, 48, 64, 1)
    assert batch.min() >= 0
    assert batch.max() <= 255
    assert np.abs(batch[..., 0] - crops).mean() > 5


def test_a_part_of_the_training_pictures_needs_large_notes(tmp_path: Path) -> None:
    path = tmp_path / "5.png"
    cv2.imwrite(str(path), draw_note(5, "front", seed=1))
    scan = LabelledImage(path, "scan", "made", "usd_5_front", "train", None, "")
    part = make_part([scan], "usd", (5, 20), 2.36, 1, 6, 0)
    assert (part.crops.shape, part.outputs.shape) == ((6, 48, 64), (6,))
    assert sum(part.shares(4)) == pytest.approx(1, abs=1e-3)
    with pytest.raises(DataError, match="No training image shows"):
        make_part([], "usd", (5, 20), 2.36, 1, 6, 0)


@pytest.fixture(scope="module")
def val(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    """An image of `val` that the tiny bundle reads right and sure."""
    path = write_picture(tmp_path_factory.mktemp("val") / "5.png", paint(colour_of(USD_VALUES, 5, "front")))
    return [LabelledImage(path, "photo", "made", "usd_5_front", "val", None, "single")]


@pytest.fixture(scope="module")
def with_numerals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny bundle with a network for numerals that has learnt nothing."""
    folder = copy_bundle(TINY / "usd", tmp_path_factory.mktemp("bundle") / "usd")
    model = numerals_to_tflite(build_numeral_model((64, 48), 9), CROPS)
    entry = {
        "values": list(USD_VALUES), "priors": [1 / 9] * 9, "margin": 0.025, "width": 280, "height": 118,
        "crop_width": 64, "crop_height": 48, "least_support": 0.05,
    }  # fmt: skip
    add_numerals(folder, model, entry)
    return folder


def test_the_network_runs_from_its_file(with_numerals: Path) -> None:
    rule = load_bundle(with_numerals).numerals
    assert rule is not None
    told = LiteRTNumerals(rule)(np.zeros((CROPS, 48, 64), np.uint8))
    assert told.shape == (CROPS, 9)
    np.testing.assert_allclose(told.sum(axis=1), 1, atol=1e-5)


def test_a_bundle_takes_the_network_of_another(tmp_path: Path, with_numerals: Path, val: list[LabelledImage]) -> None:
    folder = copy_bundle(TINY / "usd", tmp_path / "new")
    fitted = fit_bundle_numerals(folder, val, lambda items, **_: items, network_of=load_bundle(with_numerals))
    assert (fitted.n, fitted.refused) == (1, 0)
    assert fitted.min_support > 0
    taken, others = load_bundle(folder).numerals, load_bundle(with_numerals).numerals
    assert taken is not None
    assert others is not None
    assert taken.sha256 == others.sha256


def test_a_bundle_stays_as_it_was_if_the_choice_of_its_threshold_is_interrupted(
    tmp_path: Path, with_numerals: Path, val: list[LabelledImage]
) -> None:
    folder = copy_bundle(with_numerals, tmp_path / "usd")
    begun: list[Any] = []

    def interrupted(items: Iterable[Any], **_: object) -> Iterable[Any]:
        begun.append(items)
        if len(begun) == 2:  # after what `val` shows was read
            raise KeyboardInterrupt
        return items

    with pytest.raises(KeyboardInterrupt):
        fit_bundle_numerals(folder, val, interrupted, network_of=load_bundle(with_numerals))
    rule = load_bundle(folder).numerals
    assert rule is not None
    assert rule.min_support == 0.05, "a lower one would refuse less"
    assert [path.name for path in tmp_path.iterdir()] == ["usd"]


@pytest.mark.parametrize("class_name", ["usd_20_front", "background", None], ids=["wrong", "no note", "no val"])
def test_without_a_right_and_sure_reading_of_val_no_threshold_is_made_up(
    tmp_path: Path, with_numerals: Path, val: list[LabelledImage], class_name: str | None
) -> None:
    """One of 0 would refuse nothing. It is said before a training of minutes, and the bundle stays as it was."""
    folder = copy_bundle(TINY / "usd", tmp_path / "usd")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    images = [] if class_name is None else [replace(val[0], class_name=class_name)]
    with pytest.raises(DataError, match=r"USD reads no note of val right and sure.*add photographs to val"):
        fit_bundle_numerals(folder, images, lambda items, **_: items, network_of=load_bundle(with_numerals))
    with pytest.raises(DataError, match="reads no note of val right and sure"):
        fit_bundle_numerals(folder, images, lambda items, **_: items)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["usd"]


def test_a_recipe_says_whether_a_bundle_gets_one(tmp_path: Path, with_numerals: Path, val: list[LabelledImage]) -> None:
    """One that is there stays: `fit` and `--unseen-designs` calibrate finished networks anew."""
    none = Recipe("tiny", "usd", (Stage(1, 1e-3),))
    folder = copy_bundle(TINY / "usd", tmp_path / "new")
    assert fit_numerals_by_recipe(folder, none, [], lambda items, **_: items) is None
    assert load_bundle(folder).numerals is None
    some = replace(none, numeral_crops=100)
    with pytest.raises(DataError, match="No training image shows"):
        fit_numerals_by_recipe(folder, some, val, lambda items, **_: items)
    kept = copy_bundle(with_numerals, tmp_path / "kept")
    assert fit_numerals_by_recipe(kept, some, val, lambda items, **_: items) is not None
    after, before = load_bundle(kept).numerals, load_bundle(with_numerals).numerals
    assert after is not None
    assert before is not None
    assert after.sha256 == before.sha256


def test_a_bundle_without_or_of_other_values_has_none_to_take(tmp_path: Path, with_numerals: Path) -> None:
    folder, four = copy_bundle(TINY / "usd", tmp_path / "new"), copy_bundle(TINY / "four", tmp_path / "four")
    with pytest.raises(DataError, match="has no network for numerals"):
        fit_bundle_numerals(folder, [], lambda items, **_: items, network_of=load_bundle(folder))
    with pytest.raises(DataError, match="of other values"):
        fit_bundle_numerals(four, [], lambda items, **_: items, network_of=load_bundle(with_numerals))
    assert load_bundle(folder).numerals is None
