"""The network: a backbone, MobileNetV2 by default, with two heads.

Backbone: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018. One head classifies what
the picture shows, the other (`corners_head.py`) finds where it is. Both run in one pass.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from currency_app.errors import DataError
from training.network.backbone import FINER_STRIDE, build_backbone
from training.network.corners_head import add_corners

VOTE_STRIDE = FINER_STRIDE
"""Side in pixels of the cells that vote for corners."""

CLASSIFYING_LAYERS = ("attention", "attention_share", "attended", "probabilities")
"""Names of the layers that an export in fewer bits leaves in floats."""


def build_model(labels: int, size: int, alpha: float, weights: str | None, backbone: str = "mobilenet_v2") -> Any:
    """Return a Keras model from raw pictures to what they show and where; scaling is inside it.

    labels: how many outputs the classifier has, background included. size: input side in pixels, a multiple of 32; see
    `reshaped` for other shapes. alpha, weights, backbone: see `build_backbone`.

    Input: uint8 [batch, size, size, 3] RGB. Outputs: `probabilities` float32 [batch, labels] that sum to 1; `corners`
    and `votes`, see `add_corners`. `votes` are for training only: see `for_use`.
    """
    import keras
    from keras import layers

    image = keras.Input((size, size, 3), dtype="uint8", name="image")
    scaled = layers.Rescaling(1 / 127.5, -1.0, name="scale")(image)
    features, finer = build_backbone(backbone, size, alpha, weights)(scaled)
    averaged = layers.GlobalAveragePooling2D(name="averaged")(features)

    # A distant note fills a few cells of the feature map: attention keeps the average from drowning it.
    attention = _cells()(name="attention_cells")(layers.Conv2D(1, 1, name="attention")(features))
    attention = layers.Softmax(axis=1, name="attention_share")(attention)
    attended = layers.Dot(axes=1, name="attended")([attention, _cells()(name="cells")(features)])
    attended = layers.Reshape((features.shape[-1],))(attended)
    pooled = layers.Dropout(0.2)(layers.Concatenate()([attended, averaged]))
    probabilities = layers.Dense(labels, activation="softmax", dtype="float32", name="probabilities")(pooled)

    votes, corners = add_corners(features, finer, averaged, size // FINER_STRIDE)
    outputs = {"probabilities": probabilities, "corners": corners, "votes": votes}
    return keras.Model(image, outputs, name="banknotes")


@lru_cache(maxsize=1)
def _cells() -> Any:
    """Return the class of a layer, made on first use because Keras is slow to import."""
    import keras
    from keras import ops

    class Cells(keras.layers.Layer):  # type: ignore[misc]
        """From a map [batch, h, w, c] of any shape to its cells, [batch, h * w, c]."""

        def call(self, inputs: Any) -> Any:
            _, height, width, channels = inputs.shape
            return ops.reshape(inputs, (-1, height * width, channels))

    return Cells


def reshaped(model: Any, height: int, width: int, name: str = "image", dtype: str = "uint8") -> Any:
    """Return the network for pictures of another shape, or of another type: its layers, and so its weights, are shared.

    height, width: pixels, multiples of 16. name: of the input.
    """
    import keras

    image = keras.Input((height, width, 3), dtype=dtype, name=name)
    return keras.models.clone_model(model, image, clone_function=lambda layer: layer)


def with_closer_looks(model: Any, height: int, width: int) -> Any:
    """Return what learns from whole pictures and from closer looks of another shape in one step.

    model: reads both, and learns with it, for the layers are shared. height, width: of a closer look, pixels.

    Inputs: `image` as the model has it, and `closer`, uint8 [closer looks, height, width, 3]. Outputs: `probabilities`
    and `corners` of the whole pictures, then of the closer looks; `votes` of the first, `closer_votes` of the second.
    """
    import keras
    from keras import layers

    closer = reshaped(model, height, width, "closer")
    outputs = {
        name: layers.Concatenate(axis=0, name=f"all_{name}")([model.output[name], closer.output[name]])
        for name in ("probabilities", "corners")
    }
    outputs |= {"votes": model.output["votes"], "closer_votes": closer.output["votes"]}
    return keras.Model({"image": model.input, "closer": closer.input}, outputs, name="both_looks")


def for_use(model: Any) -> Any:
    """Return the network as it is exported, with the outputs `probabilities` and `corners` only."""
    import keras

    return keras.Model(model.input, {name: model.output[name] for name in ("probabilities", "corners")})


def backbone_of(model: Any) -> Any:
    """Return the backbone inside a model made by `build_model`."""
    return model.get_layer("backbone")


def unfreeze(model: Any, first_layer: str | None) -> None:
    """Make the backbone trainable from the layer of this name on, or not at all if it is None.

    Raises DataError if it has no such layer.
    """
    layers = backbone_of(model).layers
    names = [layer.name for layer in layers]
    if first_layer is not None and first_layer not in names:
        near = get_close_matches(first_layer, names, n=3, cutoff=0.0)
        raise DataError(f"The backbone has no layer {first_layer!r} to learn from: nearest are {', '.join(near)}.")
    first = len(names) if first_layer is None else names.index(first_layer)
    for number, layer in enumerate(layers):
        layer.trainable = number >= first
