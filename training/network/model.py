"""The network: a backbone, MobileNetV2 by default, with two heads.

Backbone: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018. One head classifies what
the picture shows, the other (`corners_head.py`) finds where it is. Both run in one pass.
"""

from __future__ import annotations

from typing import Any

from currency_app.errors import DataError
from training.network.backbone import FINER_STRIDE, STRIDE, build_backbone
from training.network.corners_head import add_corners

VOTE_STRIDE = FINER_STRIDE
"""Side in pixels of the cells that vote for corners."""

CLASSIFYING_LAYERS = ("attention", "attention_share", "attended", "probabilities")
"""Names of the layers that an export in fewer bits leaves in floats."""


def build_model(labels: int, size: int, alpha: float, weights: str | None, backbone: str = "mobilenet_v2") -> Any:
    """Return a Keras model from raw pictures to what they show and where; scaling is inside it.

    labels: how many outputs the classifier has, background included. size: input side in pixels, a multiple of 32.
    alpha, weights, backbone: see `build_backbone`.

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
    cells, channels = (size // STRIDE) ** 2, features.shape[-1]
    attention = layers.Reshape((cells, 1))(layers.Conv2D(1, 1, name="attention")(features))
    attention = layers.Softmax(axis=1, name="attention_share")(attention)
    flat = layers.Reshape((cells, channels))(features)
    attended = layers.Reshape((channels,))(layers.Dot(axes=1, name="attended")([attention, flat]))
    pooled = layers.Dropout(0.2)(layers.Concatenate()([attended, averaged]))
    probabilities = layers.Dense(labels, activation="softmax", dtype="float32", name="probabilities")(pooled)

    votes, corners = add_corners(features, finer, averaged)
    outputs = {"probabilities": probabilities, "corners": corners, "votes": votes}
    return keras.Model(image, outputs, name="banknotes")


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
        raise DataError(f"The backbone has no layer {first_layer!r} to learn from: it has {', '.join(names)}.")
    first = len(names) if first_layer is None else names.index(first_layer)
    for number, layer in enumerate(layers):
        layer.trainable = number >= first
