"""The network: MobileNetV2 with two heads, from one backbone in one pass.

Backbone: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from currency_app.errors import DataError

_STRIDE = 32


def build_model(labels: int, size: int, alpha: float, weights: str | None) -> Any:
    """A Keras model from raw pictures to two outputs; scaling is inside it.

    labels: how many outputs the classifier has, background included. size: input side in pixels, a multiple of 32.
    alpha: width of the backbone, 1.0 or 0.35 where weights are files of the same width.
    weights: path of a `notop` weights file, "imagenet" to download them, None for random ones.

    Input: uint8 [batch, size, size, 3] RGB. Outputs: `probabilities` float32 [batch, labels] that sum to 1, and
    `corners` float32 [batch, 9]: x1 y1 ... x4 y4 as fractions of the picture, then the share of the note in view.
    """
    import keras
    from keras import layers

    image = keras.Input((size, size, 3), dtype="uint8", name="image")
    scaled = layers.Rescaling(1 / 127.5, -1.0, name="scale")(image)
    backbone = _backbone(size, alpha, weights)
    features = backbone(scaled, training=False)
    cells = (size // _STRIDE) ** 2

    # A distant note fills a few cells of the feature map: attention keeps the average from drowning it.
    attention = layers.Conv2D(1, 1, name="attention")(features)
    attention = layers.Softmax(axis=1, name="attention_share")(layers.Reshape((cells, 1))(attention))
    channels = features.shape[-1]
    flat = layers.Reshape((cells, channels))(features)
    attended = layers.Reshape((channels,))(layers.Dot(axes=1, name="attended")([attention, flat]))
    pooled = layers.Concatenate()([attended, layers.GlobalAveragePooling2D()(features)])
    pooled = layers.Dropout(0.2)(pooled)
    probabilities = layers.Dense(labels, activation="softmax", dtype="float32", name="probabilities")(pooled)

    where = layers.Conv2D(96, 1, activation="relu6", name="where")(features)
    where = layers.Dense(192, activation="relu", name="where_all")(layers.Flatten()(where))
    place = layers.Dense(8, name="place")(where)
    in_view = layers.Dense(1, activation="sigmoid", name="in_view")(where)
    corners = layers.Concatenate(dtype="float32", name="corners")([place, in_view])
    return keras.Model(image, {"probabilities": probabilities, "corners": corners}, name="banknotes")


def backbone_of(model: Any) -> Any:
    """The MobileNetV2 inside a model made by `build_model`."""
    return next(layer for layer in model.layers if layer.name.startswith("mobilenet"))


def unfreeze(model: Any, first_layer: int | None) -> None:
    """Let the backbone learn from this layer on, or not at all with None. Batch normalisation stays as it is.

    The weights at hand have it folded into the convolutions: batch statistics would destroy their scale.
    """
    import keras

    for number, layer in enumerate(backbone_of(model).layers):
        learns = first_layer is not None and number >= first_layer
        layer.trainable = learns and not isinstance(layer, keras.layers.BatchNormalization)


def _backbone(size: int, alpha: float, weights: str | None) -> Any:
    import keras

    downloaded = "imagenet" if weights == "imagenet" else None
    try:
        backbone = keras.applications.MobileNetV2(
            input_shape=(size, size, 3), alpha=alpha, include_top=False, weights=downloaded
        )
    except Exception as error:
        if downloaded is None:
            raise
        # Keras reports a failed download as a bare Exception.
        raise DataError(
            "The ImageNet weights cannot be downloaded: give a file of them with --weights PATH."
        ) from error
    if weights in (None, "imagenet"):
        return backbone
    if not Path(str(weights)).is_file():
        raise DataError(f"There is no weights file {weights}: give its path with --weights, or leave that out.")
    try:
        backbone.load_weights(str(weights))
    except (ValueError, OSError) as error:
        raise DataError(
            f"{weights} does not fit this MobileNetV2: check alpha and that it is a `notop` file."
        ) from error
    return backbone
