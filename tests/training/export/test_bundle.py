"""A trained network becomes a bundle: the same answers, a description that is true, all of it or nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.errors import BundleError, DataError
from currency_app.events import Frame
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from tests.support.drawn_data import write_data
from tests.support.painted import SIZE, colour_of, paint
from tests.support.tiny_bundle import labels_of, tiny_model
from training import pipeline
from training.dataset.labels import ordered_labels
from training.dataset.manifest import LabelledImage, read_data
from training.export import bundle as bundle_module
from training.export import bundle_models
from training.export.bundle import describe, write_bundle
from training.export.tflite import to_tflite
from training.network.model import build_model, for_use
from training.recipe import Recipe, Stage

keras = pytest.importorskip("keras", reason="export needs Keras and TensorFlow")


VALUES = (5, 20)
LABELS = labels_of(VALUES)
RECIPE = Recipe(
    name="tiny",
    currency="usd",
    stages=(Stage(3, 1e-3),),
    names={"en": {"one": "dollar", "other": "dollars"}},
    size=SIZE,
    detail=64,
    closer_share=0.0,
    seed=11,
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    return read_data(write_data(tmp_path_factory.mktemp("data"), VALUES))


@pytest.fixture(scope="module")
def model() -> Any:
    return tiny_model(LABELS)


@pytest.fixture(scope="module")
def tflite(model: Any) -> bytes:
    return to_tflite(model, "fp32")


def examples() -> list[np.ndarray]:
    """What the tiny network sees, as RGB."""
    pictures = [paint(colour_of(VALUES, value, "front"), frame=(SIZE, SIZE)) for value in VALUES]
    return [np.ascontiguousarray(picture[..., ::-1]) for picture in (*pictures, paint(None, frame=(SIZE, SIZE)))]


@pytest.mark.slow
def test_a_network_of_the_real_kind_answers_the_same_as_in_keras(tmp_path: Path, images: list[LabelledImage]) -> None:
    keras.utils.set_random_seed(5)
    trained = build_model(len(LABELS), 96, 0.35, None)
    trained.set_weights([weight * 2.5 if weight.ndim > 1 else weight for weight in trained.get_weights()])
    write_bundle(tmp_path, to_tflite(trained, "fp32"), "fp32", replace(RECIPE, size=96), LABELS, images)
    bundle = load_bundle(tmp_path)
    recognizer = Recognizer(bundle)
    for seed in range(4):
        picture = np.random.default_rng(seed).integers(0, 256, (96, 96, 3), dtype=np.uint8)
        expected = {n: np.asarray(o)[0] for n, o in for_use(trained)(picture[None, ..., ::-1], training=False).items()}
        seen = recognizer.observe(Frame(picture, 0.0, 0))
        np.testing.assert_allclose(seen.probabilities, expected["probabilities"], atol=2e-4)
        if seen.corners is not None:
            np.testing.assert_allclose(seen.corners.ravel(), expected["corners"][:8], atol=2e-3)
            in_view = recognizer.look(picture).in_view
            assert in_view == pytest.approx(float(expected["corners"][8]), abs=2e-4)


def test_8_bit_integers_answer_alike(tmp_path: Path, model: Any, images: list[LabelledImage]) -> None:
    write_bundle(tmp_path, to_tflite(model, "int8", examples()), "int8", RECIPE, LABELS, images)
    recognizer = Recognizer(load_bundle(tmp_path))
    for value in VALUES:
        seen = recognizer.observe(Frame(paint(colour_of(VALUES, value, "front")), 0.0, 0))
        assert (seen.value, seen.side) == (value, "front")
        assert seen.corners is not None
        np.testing.assert_allclose(seen.corners.mean(axis=0), 0.5, atol=0.05)
    assert recognizer.observe(Frame(paint(None), 0.0, 0)).value is None


def test_the_description_is_true(tmp_path: Path, tflite: bytes, images: list[LabelledImage]) -> None:
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, images)
    described = json.loads((tmp_path / "bundle.json").read_text())
    bundle = load_bundle(tmp_path)
    assert bundle.currency == "USD"
    assert [label.name for label in bundle.labels] == [label.name for label in LABELS]
    assert (bundle.width, bundle.height) == (SIZE, SIZE)
    assert bundle.names == RECIPE.names
    assert bundle.second_look is None
    assert described["input"]["dtype"] == "uint8"
    assert described["outputs"]["probabilities"]["shape"] == [1, 5]
    training = described["training"]
    assert training["seed"] == 11
    recipe = training["recipe"]
    assert recipe["stages"][0]["epochs"] == 3
    assert (recipe["looks"], recipe["margin"], recipe["closer_looks"]) == (0, 0.1, 2)
    assert training["data"] == {"background": 2, "other_currency": 2, "photo": 4, "scan": 4}
    assert set(tmp_path.iterdir()) == {tmp_path / "model.tflite", tmp_path / "bundle.json"}


def test_it_says_which_designs_are_learnt(tmp_path: Path, tflite: bytes, images: list[LabelledImage]) -> None:
    named = [replace(image, series="big head" if image.kind == "photo" else "") for image in images]
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, named)
    assert load_bundle(tmp_path).raw["designs"][:2] == [
        {"value": 5, "side": "front", "design": None, "images": 1, "sources": 1},
        {"value": 5, "side": "front", "design": "big head", "images": 1, "sources": 1},
    ]
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, [])
    assert "designs" not in load_bundle(tmp_path).raw


def test_a_network_that_was_taught_second_looks_has_them_in_its_bundle(
    tmp_path: Path, tflite: bytes, images: list[LabelledImage]
) -> None:
    """With the margin that it has seen, and weights that are those of one look until they are fitted."""
    write_bundle(tmp_path, tflite, "fp32", replace(RECIPE, closer_share=0.4, closer_margin=0.17), LABELS, images)
    rule = load_bundle(tmp_path).second_look
    assert rule is not None
    assert rule.margin == 0.17
    assert 0 < rule.min_note_probability < 0.5
    assert rule.first_weight == rule.closer_weight
    assert rule.first_weight + rule.closer_weight == 1


def test_the_revision_of_the_code_is_told_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    revision = bundle_module._code_revision()
    assert revision == "unknown" or revision.rstrip("+").isalnum()

    def no_git(*given: Any, **named: Any) -> None:
        raise FileNotFoundError("git")

    monkeypatch.setattr(subprocess, "run", no_git)
    assert bundle_module._code_revision() == "unknown"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_bundle_that_could_not_be_read_is_not_written(
    tmp_path: Path, tflite: bytes, images: list[LabelledImage]
) -> None:
    wrong = [*LABELS[:-1]]  # without the background
    with pytest.raises(BundleError):
        write_bundle(tmp_path / "new", tflite, "fp32", RECIPE, wrong, images)
    assert not (tmp_path / "new").exists()
    write_bundle(tmp_path / "old", tflite, "fp32", RECIPE, LABELS, images)
    before = contents(tmp_path / "old")
    with pytest.raises(BundleError):
        write_bundle(tmp_path / "old", tflite + b"newer", "fp32", RECIPE, wrong, images)
    assert contents(tmp_path / "old") == before


def test_an_export_that_is_interrupted_leaves_the_old_bundle(
    tmp_path: Path, tflite: bytes, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, images)
    before = contents(tmp_path)

    def full_disk(source: Path, target: Path) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full_disk)
    with pytest.raises(OSError, match="No space"):
        write_bundle(tmp_path, tflite + b"newer", "fp32", RECIPE, LABELS, images)
    assert {name: content for name, content in contents(tmp_path).items() if not name.startswith(".")} == before


def test_a_bundle_takes_the_place_of_another(tmp_path: Path, tflite: bytes, images: list[LabelledImage]) -> None:
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, images)
    write_bundle(tmp_path, tflite, "fp32", replace(RECIPE, seed=12), LABELS, images)
    assert json.loads((tmp_path / "bundle.json").read_text())["training"]["seed"] == 12
    assert len(list(tmp_path.iterdir())) == 2


def test_a_description_is_changed_in_place(tmp_path: Path, tflite: bytes, images: list[LabelledImage]) -> None:
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, images)
    before = json.loads((tmp_path / "bundle.json").read_text())
    describe(tmp_path, temperature=1.5, thresholds={"sure": 0.97, "maybe": 0.7})
    bundle = load_bundle(tmp_path)
    assert (bundle.temperature, bundle.sure, bundle.maybe) == (1.5, 0.97, 0.7)
    after = json.loads((tmp_path / "bundle.json").read_text())
    assert {**after, "temperature": None, "thresholds": None} == {**before, "temperature": None, "thresholds": None}
    assert len(list(tmp_path.iterdir())) == 2


# The whole way from a network to a measured bundle. The drawn notes are no coloured rectangles, so the tiny network
# reads them badly; what is tested is what is written.


@pytest.mark.parametrize(("precision", "written"), [("fp32", {"fp32"}), ("int8", {"int8"}), ("auto", {"fp32", "int8"})])
def test_a_network_is_exported_in_the_precision_asked_for(
    tmp_path: Path,
    model: Any,
    images: list[LabelledImage],
    monkeypatch: pytest.MonkeyPatch,
    precision: str,
    written: set[str],
) -> None:
    monkeypatch.setattr(bundle_models, "_RANGE_PICTURES", 3)
    chosen = pipeline.export_bundle(model, RECIPE, images, tmp_path, precision, lambda items: items)
    described = json.loads((tmp_path / "bundle.json").read_text())
    assert chosen in written
    assert described["model"]["precision"] == chosen
    bundle = load_bundle(tmp_path)
    assert 0.8 <= bundle.sure <= 0.995
    assert all(bundle.sure_for(value) >= bundle.sure for value in VALUES)
    assert set(bundle.sure_by_value) == set(VALUES)
    assert 0.3 <= bundle.temperature <= 4


@pytest.mark.parametrize(
    ("int8_and_fp32", "chosen"), [((9, 9), "int8"), ((8, 9), "int8"), ((7, 9), "fp32"), ((9, 8), "int8")]
)
def test_8_bit_integers_are_chosen_unless_they_read_more_than_one_image_fewer(
    tmp_path: Path,
    model: Any,
    tflite: bytes,
    images: list[LabelledImage],
    monkeypatch: pytest.MonkeyPatch,
    int8_and_fp32: tuple[int, int],
    chosen: str,
) -> None:
    def right(folder: Path, *given: Any) -> int:
        precision = json.loads((folder / "bundle.json").read_text())["model"]["precision"]
        return int8_and_fp32[("int8", "fp32").index(precision)]

    monkeypatch.setattr(bundle_models, "_RANGE_PICTURES", 1)
    monkeypatch.setattr(pipeline, "_right_on_val", right)
    monkeypatch.setattr(bundle_models, "to_tflite", lambda model, precision, given=(): tflite)
    assert pipeline.export_bundle(model, RECIPE, images, tmp_path, "auto", lambda items: items) == chosen
    assert json.loads((tmp_path / "bundle.json").read_text())["model"]["precision"] == chosen


def test_labels_are_those_of_the_training_images(
    tmp_path: Path, model: Any, tflite: bytes, images: list[LabelledImage], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A value that is in `test` only cannot have been learnt."""
    more = [*images, replace(images[0], class_name="usd_100_front", kind="photo", split="test")]
    monkeypatch.setattr(bundle_models, "to_tflite", lambda model, precision, given=(): tflite)
    pipeline.export_bundle(model, RECIPE, more, tmp_path, "fp32", lambda items: items)
    expected = ordered_labels([image.class_name for image in images if image.split == "train"], "usd")
    assert [label.name for label in load_bundle(tmp_path).labels] == [label.name for label in expected]


def test_calibrating_again_changes_nothing(tmp_path: Path, tflite: bytes, images: list[LabelledImage]) -> None:
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, images)
    first = pipeline.calibrate_bundle(tmp_path, images, lambda items: items)
    before = contents(tmp_path)
    assert pipeline.calibrate_bundle(tmp_path, images, lambda items: items) == first
    assert contents(tmp_path) == before


def test_without_images_to_calibrate_on_the_bundle_stays_as_it_is(
    tmp_path: Path, tflite: bytes, images: list[LabelledImage]
) -> None:
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, images)
    before = contents(tmp_path)
    with pytest.raises(DataError, match="no image of split val to calibrate on"):
        pipeline.calibrate_bundle(tmp_path, [image for image in images if image.split != "val"], lambda items: items)
    assert contents(tmp_path) == before


def test_measuring_takes_the_splits_asked_for(tmp_path: Path, tflite: bytes, images: list[LabelledImage]) -> None:
    write_bundle(tmp_path, tflite, "fp32", RECIPE, LABELS, images)
    found = pipeline.measure(tmp_path, tmp_path, images, ["val"], lambda items: items)
    assert {name.split()[0] for name in (*found.notes, *found.empty)} == {"val"}
    assert sum(item.n for item in found.notes.values()) == 4
