"""One set of weights reads whole pictures and closer looks of another shape."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from training.network.backbone import build_backbone
from training.network.keras_network import KerasNetwork
from training.network.model import build_model, for_use, reshaped, with_closer_looks

keras = pytest.importorskip("keras", reason="the network is made with Keras")

SIZE = 96
LOW = (80, 160)
"""Height and width of a closer look; the height is no multiple of 32."""


@pytest.fixture(scope="module")
def model() -> Any:
    """Random, but with weights so large that something of a picture arrives at the outputs."""
    keras.utils.set_random_seed(4)
    made = build_model(5, SIZE, 0.35, None)
    made.set_weights([weight * 2.5 if weight.ndim > 1 else weight for weight in made.get_weights()])
    return made


def pictures(count: int, height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height).integers(0, 256, (count, height, width, 3), dtype=np.uint8)


def test_another_shape_has_the_same_outputs(model: Any) -> None:
    outputs = reshaped(model, *LOW)(pictures(2, *LOW), training=False)
    shapes = {name: tuple(output.shape) for name, output in outputs.items()}
    assert shapes == {"probabilities": (2, 5), "corners": (2, 9), "votes": (2, 5, 10, 9)}


def test_the_weights_are_shared(model: Any) -> None:
    low = reshaped(model, *LOW)
    assert [id(weight) for weight in low.weights] == [id(weight) for weight in model.weights]
    picture = pictures(1, *LOW)
    before = np.asarray(low(picture, training=False)["probabilities"])
    layer = model.get_layer("probabilities")
    kept = layer.get_weights()
    layer.set_weights([kept[0], kept[1] + np.array([0, 3, 0, 0, 0], np.float32)])
    after = np.asarray(low(picture, training=False)["probabilities"])
    layer.set_weights(kept)
    assert after[0, 1] > before[0, 1] + 0.05


def test_the_shape_that_it_has_anyway_is_computed_alike(model: Any) -> None:
    """Padding and cells lie where they lay."""
    given = pictures(1, SIZE, SIZE)
    expected, found = (net(given, training=False) for net in (model, reshaped(model, SIZE, SIZE)))
    for name, output in expected.items():
        np.testing.assert_allclose(np.asarray(found[name]), np.asarray(output), atol=1e-5)


@pytest.mark.parametrize("name", ["mobilenet_v2", "mobilenet_v3_small"])
def test_cells_lie_at_the_same_places_of_a_picture_of_any_shape(name: str) -> None:
    """Keras would pad a map with an odd number of rows above as well, and its cells would lie half a cell higher."""
    backbone = build_backbone(name, SIZE, 0.75, None)
    padding = [layer.padding for layer in backbone.layers if isinstance(layer, keras.layers.ZeroPadding2D)]
    assert padding
    for (top, bottom), (left, right) in padding:
        assert (bottom, right) == (top + 1, left + 1)
    coarse, fine = (features.shape[1:3] for features in backbone.compute_output_spec(keras.KerasTensor((1, *LOW, 3))))
    assert (tuple(coarse), tuple(fine)) == ((2, 5), (5, 10))


def test_both_are_learnt_from_in_one_step(model: Any) -> None:
    """Whole pictures come first in what both give."""
    both = with_closer_looks(model, *LOW)
    given = {"image": pictures(3, SIZE, SIZE), "closer": pictures(2, *LOW)}
    outputs = {name: np.asarray(output) for name, output in both(given, training=False).items()}
    assert {name: output.shape for name, output in outputs.items()} == {
        "probabilities": (5, 5), "corners": (5, 9), "votes": (3, 6, 6, 9), "closer_votes": (2, 5, 10, 9),
    }  # fmt: skip
    alone = [net(given[name], training=False) for net, name in ((model, "image"), (reshaped(model, *LOW), "closer"))]
    for name in ("probabilities", "corners"):
        np.testing.assert_allclose(outputs[name], np.concatenate([np.asarray(o[name]) for o in alone]), atol=1e-5)
    assert {id(weight) for weight in both.trainable_weights} == {id(weight) for weight in model.trainable_weights}


def test_keras_reads_pictures_of_both_shapes(model: Any) -> None:
    network = KerasNetwork(model)
    for shape in ((SIZE, SIZE), LOW, (SIZE, SIZE)):
        picture = pictures(1, *shape)[0]
        expected = for_use(reshaped(model, *shape))(picture[None], training=False)
        for found, name in zip(network(picture), ("probabilities", "corners"), strict=True):
            np.testing.assert_allclose(found, np.asarray(expected[name][0]), atol=1e-5)
