"""The exported network in Keras: the same answers as its bundle, and one sentence where it is not there."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.errors import DataError
from currency_app.recognition.bundle import Bundle, load_bundle
from currency_app.recognition.network import LiteRTNetwork
from tests.support.tiny_bundle import labels_of
from training.export.bundle import write_bundle
from training.export.tflite import to_tflite
from training.network import keras_network
from training.network.eight_bits import kernels_in_8_bits
from training.network.keras_network import WEIGHTS, KerasNetwork, load_network, round_weights, save_network, start_from
from training.network.model import build_model
from training.recipe import Recipe

keras = pytest.importorskip("keras", reason="the network is made with Keras")


SIZE = 96
LABELS = labels_of((5, 20))
RECIPE = Recipe(
    name="small", currency="usd", stages=(), names={"en": {"one": "dollar", "other": "dollars"}}, size=SIZE, alpha=0.35
)


def network(seed: int, alpha: float = 0.35) -> Any:
    """Random, but with weights so large that something of a picture arrives at the outputs."""
    keras.utils.set_random_seed(seed)
    made = build_model(len(LABELS), SIZE, alpha, None)
    made.set_weights([weight * 2.5 if weight.ndim > 1 else weight for weight in made.get_weights()])
    return made


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    folder = tmp_path_factory.mktemp("bundle")
    trained = network(1)
    round_weights(trained, "fp32")
    write_bundle(folder, to_tflite(trained, "fp32"), "fp32", RECIPE, LABELS, [])
    save_network(trained, folder)
    return load_bundle(folder)


def test_keras_answers_as_the_bundle_does(bundle: Bundle) -> None:
    in_keras, exported = KerasNetwork(load_network(bundle)), LiteRTNetwork(bundle)
    answers = []
    for seed in range(3):
        picture = np.random.default_rng(seed).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
        probabilities, corners = in_keras(picture)
        expected = exported(picture)
        assert probabilities.shape == (len(LABELS),)
        np.testing.assert_allclose(probabilities, expected[0], atol=2e-4)
        np.testing.assert_allclose(corners, expected[1], atol=2e-3)
        answers.append(probabilities)
    assert np.abs(answers[0] - answers[1]).max() > 1e-3, "the picture makes a difference"


def beside(bundle: Bundle, folder: Path) -> Bundle:
    """The same bundle elsewhere, without its trained weights."""
    for name in ("model.tflite", "bundle.json"):
        (folder / name).write_bytes((bundle.folder / name).read_bytes())
    return load_bundle(folder)


def test_a_bundle_without_its_trained_weights_says_so(bundle: Bundle, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no network\.npz: only a bundle written by"):
        load_network(beside(bundle, tmp_path))


@pytest.mark.parametrize(("precision", "share"), [("fp32", 0.55), ("int8", 0.35)])
def test_a_network_is_exported_from_the_weights_that_are_kept(
    bundle: Bundle, tmp_path: Path, precision: str, share: float
) -> None:
    """In fewer bits, so that they take less room; else the export and what is kept would differ a little."""
    trained = network(1)
    before = trained.get_weights()
    round_weights(trained, precision)
    (tmp_path / "kept").mkdir()
    entry = save_network(trained, tmp_path / "kept")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [WEIGHTS]
    assert (tmp_path / "kept" / WEIGHTS).stat().st_size < share * sum(weight.nbytes for weight in before)
    alone = beside(bundle, tmp_path / "kept")
    kept = load_network(replace(alone, raw={**alone.raw, **entry}))
    for weight, rounded, was in zip(kept.get_weights(), trained.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, rounded)
        largest = float(np.abs(was).max()) if precision == "int8" else 0.0
        np.testing.assert_allclose(weight, was, rtol=1e-3, atol=1e-6 + largest / 127 * 0.51)
    round_weights(trained, precision)
    for weight, again in zip(kept.get_weights(), trained.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, again)


def test_what_the_tflite_file_has_is_not_kept_twice(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = network(1)
    round_weights(trained, "int8")
    weights = trained.get_weights()
    *shared, other = kernels_in_8_bits(trained)
    in_the_file = {10 + place: weights[place] for place in shared} | {7: weights[other] * 2}
    monkeypatch.setattr(keras_network, "exported_kernels", lambda path: in_the_file)
    alone = beside(bundle, tmp_path)
    entry = save_network(trained, tmp_path, alone.model)
    assert len(np.load(tmp_path / WEIGHTS)[f"arr_{other}"]) > 0
    assert (tmp_path / WEIGHTS).stat().st_size < 0.6 * sum(w.size for w in weights)
    alone = replace(alone, raw={**alone.raw, **entry})
    for weight, was in zip(load_network(alone).get_weights(), weights, strict=True):
        np.testing.assert_array_equal(weight, was)
    in_the_file.clear()
    with pytest.raises(DataError, match="does not fit the bundle beside it"):
        load_network(alone)


def test_a_network_of_an_older_bundle_is_read(bundle: Bundle, tmp_path: Path) -> None:
    """Until November 2026 all weights were kept in 16 bits, in their order and without names."""
    weights = [weight.astype(np.float16) for weight in network(3).get_weights()]
    alone = beside(bundle, tmp_path)
    np.savez_compressed(tmp_path / WEIGHTS, *weights)
    raw = {key: value for key, value in alone.raw.items() if key != "network"}
    for weight, was in zip(load_network(replace(alone, raw=raw)).get_weights(), weights, strict=True):
        np.testing.assert_array_equal(weight, was)


@pytest.mark.parametrize("kind", ["damaged", "wider"])
def test_weights_that_do_not_fit_say_what_to_do(bundle: Bundle, tmp_path: Path, kind: str) -> None:
    alone = beside(bundle, tmp_path)
    if kind == "damaged":
        (tmp_path / WEIGHTS).write_bytes(b"no weights at all")
    else:
        save_network(network(2, alpha=0.5), tmp_path)
    with pytest.raises(DataError, match="does not fit the bundle beside it: export the run again") as caught:
        load_network(alone)
    assert "\n" not in str(caught.value)


def test_a_new_network_starts_from_what_a_bundle_has_learnt(bundle: Bundle) -> None:
    """Also for another number of labels and another input size; what stands for which note is learnt anew."""
    fresh = build_model(len(LABELS) + 3, 128, 0.35, None)
    random = fresh.get_layer("probabilities").get_weights()
    start_from(fresh, bundle)
    learnt = load_network(bundle)
    for layer in learnt.layers:
        if layer.name != "probabilities" and layer.weights:
            for taken, weight in zip(fresh.get_layer(layer.name).get_weights(), layer.get_weights(), strict=True):
                np.testing.assert_array_equal(taken, weight)
    for kept, weight in zip(fresh.get_layer("probabilities").get_weights(), random, strict=True):
        np.testing.assert_array_equal(kept, weight)


def test_with_the_same_labels_it_knows_the_notes_too(bundle: Bundle) -> None:
    fresh = build_model(len(LABELS), SIZE, 0.35, None)
    start_from(fresh, bundle, [label.name for label in LABELS])
    for taken, weight in zip(fresh.get_weights(), load_network(bundle).get_weights(), strict=True):
        np.testing.assert_array_equal(taken, weight)


def test_with_as_many_other_labels_it_does_not(bundle: Bundle) -> None:
    fresh = build_model(len(LABELS), SIZE, 0.35, None)
    random = fresh.get_layer("probabilities").get_weights()
    start_from(fresh, bundle, [label.name for label in LABELS[::-1]])
    np.testing.assert_array_equal(fresh.get_layer("probabilities").get_weights()[0], random[0])


@pytest.mark.parametrize(("backbone", "alpha"), [("mobilenet_v2", 0.5), ("mobilenet", 0.25)])
def test_a_network_of_another_backbone_starts_from_its_own_weights(bundle: Bundle, backbone: str, alpha: float) -> None:
    with pytest.raises(DataError, match="has another backbone than the recipe"):
        start_from(build_model(len(LABELS), SIZE, alpha, None, backbone), bundle)
