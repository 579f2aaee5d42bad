"""Weights in 8 bits: those that the int8 export has, to the last bit, and no others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from training.network.eight_bits import exported_kernels, in_steps, kernels_in_8_bits
from training.network.keras_network import round_weights
from training.network.model import build_model

keras = pytest.importorskip("keras", reason="the network is made with Keras")

SIZE = 16


@pytest.fixture(scope="module")
def model() -> Any:
    """A network of one layer of each kind, for a whole one takes half a minute to convert."""
    from keras import layers

    keras.utils.set_random_seed(1)
    image = keras.Input((SIZE, SIZE, 3), dtype="uint8", name="image")
    seen = layers.Conv2D(8, 3, name="Conv1")(layers.Rescaling(1 / 127.5, -1.0)(image))
    deeper = keras.Input((14, 14, 8))
    wider = layers.Conv2D(24, 1, activation="relu6", name="block_2_expand")(deeper)
    inner = keras.Model(deeper, layers.DepthwiseConv2D(3, name="block_2_depthwise")(wider), name="backbone")
    where = layers.Conv2D(16, 1, name="where")(inner(seen))
    averaged = layers.GlobalAveragePooling2D()(where)
    outputs = {
        "probabilities": layers.Dense(5, activation="softmax", name="probabilities")(averaged),
        "corners": layers.Dense(9, name="corners")(averaged),
    }
    made = keras.Model(image, outputs)
    round_weights(made, "int8")
    return made


def test_the_int8_export_has_just_these_weights(model: Any, tmp_path: Path) -> None:
    from training.export.tflite import to_tflite

    pictures = [np.random.default_rng(seed).integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8) for seed in range(2)]
    (tmp_path / "model.tflite").write_bytes(to_tflite(model, "int8", pictures))
    exported = exported_kernels(tmp_path / "model.tflite")
    weights = model.get_weights()
    rounded = [weights[place] for place in kernels_in_8_bits(model)]
    assert [kernel.shape for kernel in rounded] == [(1, 1, 8, 24), (3, 3, 24, 1), (1, 1, 24, 16)]
    assert sorted(kernel.tobytes() for kernel in exported.values()) == sorted(kernel.tobytes() for kernel in rounded)
    assert {kernel.shape for kernel in exported.values()} == {kernel.shape for kernel in rounded}


def test_what_spoils_in_8_bits_stays_in_floats() -> None:
    model = build_model(5, 64, 0.35, None)
    names = [weight.path for weight in model.weights]
    rounded = {names[place] for place in kernels_in_8_bits(model)}
    assert {"where/kernel", "where_around/kernel", "Conv_1/kernel", "block_2_depthwise/kernel"} <= rounded
    assert not rounded & {"Conv1/kernel", "block_1_expand/kernel", "attention/kernel", "corner_offsets/kernel"}
    assert not [name for name in rounded if name.endswith("bias")]


@pytest.mark.parametrize("largest", [3e-8, 0.3, 1.0, 250.0])
def test_steps_times_their_size_are_no_longer_rounded(largest: float) -> None:
    """So every program computes the same weight from them, and rounding it again changes nothing."""
    kernel = (np.random.default_rng(1).uniform(-largest, largest, (3, 3, 5, 7))).astype(np.float32)
    kernel[..., 2] = 0
    steps, sizes = in_steps(kernel, (0, 1, 2))
    assert sizes.shape == (1, 1, 1, 7)
    assert np.abs(steps).max(axis=(0, 1, 2)).tolist() == [127, 127, 0, 127, 127, 127, 127]
    product = steps * sizes
    np.testing.assert_array_equal(product, steps * sizes.astype(np.float64))
    np.testing.assert_allclose(product, kernel, atol=float(sizes[..., [0, 1, 3, 4, 5, 6]].max()) * 0.501)
    again = in_steps(product, (0, 1, 2))
    np.testing.assert_array_equal(again[0], steps)
    np.testing.assert_array_equal(again[1], sizes)
