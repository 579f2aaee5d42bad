"""Backbones without their batch normalisation: the same function, with the weights that were given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.errors import DataError
from training.network.backbone import BACKBONES, build_backbone

keras = pytest.importorskip("keras", reason="the network is made with Keras")


SIZE = 96


def application(name: str) -> Any:
    """The network as Keras has it, with weights and statistics as uneven as training would leave them."""
    keras.utils.set_random_seed(3)
    given: dict[str, Any] = {"input_shape": (SIZE, SIZE, 3), "include_top": False, "weights": None}
    if name == "mobilenet_v2":
        made = keras.applications.MobileNetV2(alpha=0.35, **given)
    elif name == "mobilenet":
        made = keras.applications.MobileNet(alpha=0.25, **given)
    else:
        made = keras.applications.MobileNetV3Small(alpha=0.75, include_preprocessing=False, **given)
    rng = np.random.default_rng(5)
    for layer in made.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            for weight in layer.trainable_weights:
                low, high = (0.5, 2.0) if weight.name == "gamma" else (-0.5, 0.5)
                weight.assign(rng.uniform(low, high, weight.shape).astype(np.float32))
            layer.momentum = 0.0
    # Takes over the statistics of these pictures: with others, nothing of a picture would arrive at the end.
    made(rng.uniform(-1, 1, (4, SIZE, SIZE, 3)).astype(np.float32), training=True)
    return made


ALPHAS = {"mobilenet_v2": 0.35, "mobilenet": 0.25, "mobilenet_v3_small": 0.75}


@pytest.mark.parametrize("name", BACKBONES)
def test_folding_changes_nothing_that_is_computed(name: str, tmp_path: Path) -> None:
    given = application(name)
    given.save_weights(tmp_path / "given.weights.h5")
    pictures = np.random.default_rng(1).uniform(-1, 1, (2, SIZE, SIZE, 3)).astype(np.float32)
    expected = np.asarray(given(pictures, training=False))
    assert expected.std() > 1e-3, "something of the picture arrives at the end"
    assert np.abs(expected[0] - expected[1]).max() > 0.01 * np.abs(expected).max()

    folded = build_backbone(name, SIZE, ALPHAS[name], str(tmp_path / "given.weights.h5"))
    assert not [layer for layer in folded.layers if isinstance(layer, keras.layers.BatchNormalization)]
    coarse, fine = (np.asarray(output) for output in folded(pictures, training=False))
    np.testing.assert_allclose(coarse, expected, atol=2e-4 * np.abs(expected).max())
    assert fine.shape[1:3] == (SIZE // 16, SIZE // 16)
    # Nothing is left that would be computed differently in training.
    again = folded(pictures, training=True)
    np.testing.assert_array_equal(np.asarray(again[0]), coarse)


def test_the_finer_features_are_the_last_of_their_stride() -> None:
    """Of stride 16, the layer of MobileNetV2 that its authors take for detection: Sandler et al., section 6.2."""
    folded = build_backbone("mobilenet_v2", SIZE, 0.35, None)
    assert folded.outputs[1]._keras_history.operation.name.startswith("block_13_expand")
    maps = folded(np.zeros((1, SIZE, SIZE, 3), np.float32))
    assert [tuple(features.shape[1:3]) for features in maps] == [(3, 3), (6, 6)]


def test_a_missing_weights_file_says_what_to_do() -> None:
    with pytest.raises(DataError, match=r"There is no weights file nowhere\.h5: give its path with --weights"):
        build_backbone("mobilenet_v2", SIZE, 0.35, "nowhere.h5")


def test_a_file_of_other_weights_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "wrong.weights.h5").write_bytes(b"no weights at all")
    with pytest.raises(DataError, match=r"does not fit MobileNetV2 0\.35: check the recipe") as caught:
        build_backbone("mobilenet_v2", SIZE, 0.35, str(tmp_path / "wrong.weights.h5"))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "alpha"), [("mobilenet_v2", 0.5), ("mobilenet", 0.35)])
def test_weights_of_another_network_say_what_to_do(name: str, alpha: float, tmp_path: Path) -> None:
    application("mobilenet_v2").save_weights(tmp_path / "other.weights.h5")
    with pytest.raises(DataError, match="does not fit MobileNet"):
        build_backbone(name, SIZE, alpha, str(tmp_path / "other.weights.h5"))


def test_weights_that_cannot_be_downloaded_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(**given: Any) -> Any:
        assert given["weights"] == "imagenet"
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.applications, "MobileNetV2", unreachable)
    with pytest.raises(DataError, match="cannot be downloaded: give a file with --weights PATH"):
        build_backbone("mobilenet_v2", SIZE, 0.35, "imagenet")
