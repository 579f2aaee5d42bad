"""A network becomes a Core ML package: all outputs, the labels in order, scaling once, and what an app must know."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.errors import DataError
from currency_app.recognition.bundle import Bundle, load_bundle
from tests.support.observations import USD_VALUES
from tests.support.painted import SIZE, colour_of, paint
from training.export.coreml import write_package
from training.export.coreml_program import (
    CORNERS,
    LABEL,
    PROBABILITIES,
    PackageNetwork,
    check_package,
    open_package,
    package_predictor,
)
from training.export.formats import PRECISIONS
from training.export.quiet import quietly
from training.network.keras_network import KerasNetwork

ct = pytest.importorskip("coremltools", reason="Core ML packages are made with coremltools")
keras = pytest.importorskip("keras", reason="export needs Keras and TensorFlow")


FACES = [(value, side) for value in USD_VALUES for side in ("front", "back")]


def picture(value: int | None, side: str = "front") -> np.ndarray:
    """As the tiny network takes it: uint8 [SIZE, SIZE, 3] RGB."""
    colour = None if value is None else colour_of(USD_VALUES, value, side)
    return np.ascontiguousarray(paint(colour, frame=(SIZE, SIZE))[..., ::-1])


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory, model: Any, bundle: Bundle) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("packages")
    made = {precision: folder / f"{precision}.mlpackage" for precision in PRECISIONS}
    for precision, package in made.items():
        with quietly():
            write_package(model, bundle, precision, package)
    return made


def test_all_three_outputs_are_there_by_name(packages: dict[str, Path]) -> None:
    outputs = package_predictor(packages["fp16"])(picture(20))
    assert set(outputs) >= {LABEL, PROBABILITIES, CORNERS}
    assert outputs[LABEL] == "usd_20_front"
    assert np.asarray(outputs[CORNERS]).size == 9
    assert sum(outputs[PROBABILITIES].values()) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_label_is_the_answer_to_its_own_note(packages: dict[str, Path], precision: str) -> None:
    """So labels are in the right order, and red, green and blue are not swapped."""
    run = package_predictor(packages[precision])
    assert [run(picture(*face))[LABEL] for face in FACES] == [f"usd_{value}_{side}" for value, side in FACES]
    assert run(picture(None))[LABEL] == "background"


@pytest.mark.parametrize(
    ("precision", "probability", "corner"), [("fp32", 1e-4, 1e-4), ("fp16", 0.02, 0.01), ("int8", 0.5, 0.02)]
)
def test_it_answers_as_keras_does_to_raw_pictures(
    packages: dict[str, Path], model: Any, bundle: Bundle, precision: str, probability: float, corner: float
) -> None:
    """Scaled once: pictures of 0..255 in, as a telephone has them."""
    in_keras, saved = KerasNetwork(model), open_package(packages[precision], bundle)
    for shown in [picture(*face) for face in FACES] + [picture(None)]:
        expected, found = in_keras(shown), saved(shown)
        assert [part.shape for part in found] == [part.shape for part in expected]
        np.testing.assert_allclose(found[0], expected[0], atol=probability)
        np.testing.assert_allclose(found[1], expected[1], atol=corner)


def test_the_weights_are_kept_in_the_bits_asked_for(packages: dict[str, Path]) -> None:
    sizes = {
        precision: sum(file.stat().st_size for file in package.rglob("weight.bin"))
        for precision, package in packages.items()
    }
    assert sizes["fp16"] == pytest.approx(sizes["fp32"] / 2, rel=0.05)
    assert sizes["int8"] == pytest.approx(sizes["fp16"] / 2, rel=0.1)


def test_it_runs_on_ios_16_and_takes_an_rgb_picture(packages: dict[str, Path]) -> None:
    spec = ct.models.MLModel(str(packages["fp16"]), skip_model_load=True).get_spec()
    assert spec.WhichOneof("Type") == "mlProgram"
    assert spec.specificationVersion == ct.target.iOS16
    (given,) = spec.description.input
    assert (given.name, given.type.imageType.width, given.type.imageType.height) == ("image", SIZE, SIZE)
    assert given.type.imageType.colorSpace == given.type.imageType.RGB
    assert spec.description.predictedFeatureName == LABEL


def test_its_metadata_says_what_an_app_needs(packages: dict[str, Path], bundle: Bundle) -> None:
    saved = ct.models.MLModel(str(packages["int8"]), skip_model_load=True)
    assert saved.author == "The currency-app authors"
    assert saved.license == "MIT"
    assert saved.version.endswith(bundle.raw["training"]["date"])
    assert bundle.currency in saved.short_description
    assert "scaleFill" in saved.input_description["image"]
    for output in (LABEL, PROBABILITIES, CORNERS):
        assert saved.output_description[output]
    told = saved.user_defined_metadata
    assert told["currency"] == "USD"
    assert told["precision"] == "int8"
    assert float(told["temperature"]) == bundle.temperature
    assert told["model_sha256"] == bundle.raw["model"]["sha256"]
    for part in ("labels", "thresholds", "input", "names"):
        assert json.loads(told[part]) == bundle.raw[part]
    assert "second_look" not in told  # of a bundle that looks once


def test_a_package_of_another_bundle_is_refused(packages: dict[str, Path], four_value_bundle: Path) -> None:
    with pytest.raises(DataError, match="has not the labels of its bundle, in their order"):
        check_package(packages["fp16"], load_bundle(four_value_bundle))


def test_a_package_without_its_corners_is_refused(packages: dict[str, Path], bundle: Bundle, tmp_path: Path) -> None:
    """As a converter may leave it without a word."""
    saved = ct.models.MLModel(str(packages["fp16"]), skip_model_load=True)
    spec = saved.get_spec()
    del spec.description.output[[output.name for output in spec.description.output].index(CORNERS)]
    lacking = tmp_path / "lacking.mlpackage"
    ct.models.MLModel(spec, weights_dir=saved.weights_dir, skip_model_load=True).save(str(lacking))
    with pytest.raises(DataError, match=f"gives {LABEL}, {PROBABILITIES}, not {LABEL}, {PROBABILITIES}, {CORNERS}"):
        open_package(lacking, bundle)


def test_a_folder_that_is_no_package_is_refused(bundle: Bundle, tmp_path: Path) -> None:
    (tmp_path / "some.mlpackage").mkdir()
    with pytest.raises(DataError, match="cannot be read as a Core ML package") as caught:
        open_package(tmp_path / "some.mlpackage", bundle)
    assert "\n" not in str(caught.value)


def test_probabilities_are_looked_up_by_label(bundle: Bundle) -> None:
    """Core ML gives them in no order."""
    names = [label.name for label in bundle.labels]
    probabilities = np.random.default_rng(0).dirichlet(np.ones(len(names)))
    by_label = dict(sorted(zip(names, probabilities.tolist(), strict=True)))
    asked = []

    def predict(shown: np.ndarray) -> Mapping[str, Any]:
        asked.append(shown)
        return {LABEL: "?", PROBABILITIES: by_label, CORNERS: np.arange(9, dtype=np.float16)[None]}

    found, corners = PackageNetwork(predict, bundle)(picture(5))
    np.testing.assert_allclose(found, probabilities, rtol=1e-6)
    np.testing.assert_array_equal(corners, np.arange(9))
    assert found.dtype == np.float32
    assert corners.dtype == np.float32
    np.testing.assert_array_equal(asked[0], picture(5))


@pytest.mark.slow
def test_a_real_network_is_read_back_alike(tmp_path: Path, bundle: Bundle) -> None:
    """With all the operations of the backbone and of the corners."""
    from dataclasses import replace

    from training.network.model import build_model

    keras.utils.set_random_seed(5)
    trained = build_model(len(bundle.labels), 96, 0.35, None)
    trained.set_weights([weight * 2.5 if weight.ndim > 1 else weight for weight in trained.get_weights()])
    larger = replace(bundle, width=96, height=96)
    with quietly():
        write_package(trained, larger, "fp32", tmp_path / "real.mlpackage")
    saved, in_keras = open_package(tmp_path / "real.mlpackage", larger), KerasNetwork(trained)
    answers = []
    for seed in range(3):
        shown = np.random.default_rng(seed).integers(0, 256, (96, 96, 3), dtype=np.uint8)
        expected, found = in_keras(shown), saved(shown)
        np.testing.assert_allclose(found[0], expected[0], atol=1e-4)
        np.testing.assert_allclose(found[1], expected[1], atol=1e-3)
        answers.append(found[0])
    assert np.abs(answers[0] - answers[1]).max() > 1e-3, "the picture makes a difference"
