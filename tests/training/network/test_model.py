"""The network: raw pictures in, named outputs out, and which layers learn."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from currency_app.errors import DataError
from training.network.model import backbone_of, build_model, for_use, unfreeze

keras = pytest.importorskip("keras", reason="the network is made with Keras")


SIZE = 96


@pytest.fixture(scope="module")
def model() -> Any:
    """Random, but with weights so large that something of a picture arrives at the outputs."""
    keras.utils.set_random_seed(1)
    made = build_model(5, SIZE, 0.35, None)
    made.set_weights([weight * 2.5 if weight.ndim > 1 else weight for weight in made.get_weights()])
    return made


def pictures(count: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (count, SIZE, SIZE, 3), dtype=np.uint8)


def outputs_of(model: Any, given: np.ndarray) -> dict[str, np.ndarray]:
    return {name: np.asarray(output) for name, output in for_use(model)(given, training=False).items()}


def test_outputs_are_told_by_name(model: Any) -> None:
    outputs = outputs_of(model, pictures(2))
    assert {name: output.shape for name, output in outputs.items()} == {"probabilities": (2, 5), "corners": (2, 9)}
    assert {output.dtype for output in outputs.values()} == {np.dtype(np.float32)}


def test_probabilities_sum_to_one_and_the_share_in_view_is_one(model: Any) -> None:
    outputs = outputs_of(model, pictures(3))
    np.testing.assert_allclose(outputs["probabilities"].sum(axis=1), 1, rtol=1e-5)
    assert outputs["probabilities"].min() >= 0
    assert (outputs["corners"][:, 8] >= 0).all()
    assert (outputs["corners"][:, 8] <= 1).all()


def test_pictures_are_taken_raw(model: Any) -> None:
    """Scaling is inside: 0 to 255 is what the backbone was made for, and the answer depends on all of it."""
    assert model.input.dtype == "uint8"
    noise = pictures(1)
    shades = [outputs_of(model, (noise * share).astype(np.uint8))["probabilities"] for share in (0.2, 0.6, 1.0)]
    assert np.abs(shades[0] - shades[1]).max() > 1e-3
    assert np.abs(shades[1] - shades[2]).max() > 1e-3


def test_each_picture_is_read_by_itself(model: Any) -> None:
    given = pictures(2)
    together = outputs_of(model, given)
    assert np.abs(together["probabilities"][0] - together["probabilities"][1]).max() > 1e-3
    for row in range(2):
        alone = outputs_of(model, given[row : row + 1])
        for name, output in alone.items():
            np.testing.assert_allclose(output[0], together[name][row], atol=1e-5)


@pytest.mark.parametrize("size", [96, 160])
def test_any_size_in_steps_of_32(size: int) -> None:
    made = build_model(15, size, 0.35, None)
    outputs = for_use(made)(np.zeros((1, size, size, 3), np.uint8), training=False)
    assert tuple(outputs["probabilities"].shape) == (1, 15)


def learning(model: Any) -> list[str]:
    return [layer.name for layer in backbone_of(model).layers if layer.trainable and layer.weights]


def test_the_heads_learn_alone_at_first(model: Any) -> None:
    unfreeze(model, None)
    assert learning(model) == []
    assert {"probabilities"} <= {layer.name for layer in model.layers if layer.trainable and layer.weights}


def test_the_backbone_learns_from_a_layer_on(model: Any) -> None:
    unfreeze(model, "block_6_expand")
    layers = backbone_of(model).layers
    first = [layer.name for layer in layers].index("block_6_expand")
    assert learning(model) == [layer.name for layer in layers[first:] if layer.weights]
    fewer = learning(model)
    unfreeze(model, layers[0].name)
    assert learning(model) == [layer.name for layer in layers if layer.weights]
    assert len(learning(model)) > len(fewer) > 10
    unfreeze(model, None)
    assert learning(model) == []


def test_a_layer_that_is_not_there_is_told(model: Any) -> None:
    with pytest.raises(DataError, match=r"has no layer 'block_99' to learn from: nearest are \w+, \w+, \w+\.$"):
        unfreeze(model, "block_99")
    with pytest.raises(DataError, match="block_6_expand"):
        unfreeze(model, "block_6_expnd")


@pytest.mark.parametrize("backbone", ["mobilenet", "mobilenet_v3_small"])
def test_other_backbones_have_the_same_outputs(backbone: str) -> None:
    made = build_model(5, SIZE, 0.75, None, backbone)
    outputs = made(pictures(1), training=False)
    shapes = {name: tuple(output.shape) for name, output in outputs.items()}
    assert shapes == {"probabilities": (1, 5), "corners": (1, 9), "votes": (1, 6, 6, 9)}
