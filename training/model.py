"""The network: MobileNetV2 with two heads, from one backbone in one pass.

Backbone: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018. The corners are voted for
by every cell of a feature map that lies on the note, as in Zhou et al., "EAST: An Efficient and Accurate Scene Text
Detector", CVPR 2017: a cell sees best what is near it, every cell learns from every note, and a vote can point outside
the picture, where the corner of a note that is cut off lies.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.errors import DataError

_STRIDE = 32
_FINER_FEATURES = "block_13_expand_relu"
VOTE_STRIDE = 16
"""Pixels between the cells that vote for corners."""


def build_model(labels: int, size: int, alpha: float, weights: str | None) -> Any:
    """A Keras model from raw pictures to two outputs; scaling is inside it.

    labels: how many outputs the classifier has, background included. size: input side in pixels, a multiple of 32.
    alpha: width of the backbone, 1.0 or 0.35 where weights are files of the same width.
    weights: path of a `notop` weights file, "imagenet" to download them, None for random ones.

    Input: uint8 [batch, size, size, 3] RGB. Outputs: `probabilities` float32 [batch, labels] that sum to 1, and
    `corners` float32 [batch, 9]: x1 y1 ... x4 y4 as fractions of the picture, then the share of the note in view.
    A third output, `votes`, is there for training only (see `for_use`): float32 [batch, g, g, 9] with g = size / 16,
    the corners as each cell sees them, and the logit of its lying on the note.
    """
    import keras
    from keras import layers

    image = keras.Input((size, size, 3), dtype="uint8", name="image")
    scaled = layers.Rescaling(1 / 127.5, -1.0, name="scale")(image)
    backbone = _backbone(size, alpha, weights)
    backbone = keras.Model(
        backbone.input, [backbone.output, backbone.get_layer(_FINER_FEATURES).output], name="mobilenetv2"
    )
    features, finer = backbone(scaled, training=False)
    averaged = layers.GlobalAveragePooling2D(name="averaged")(features)

    # A distant note fills a few cells of the feature map: attention keeps the average from drowning it.
    cells, channels = (size // _STRIDE) ** 2, features.shape[-1]
    attention = layers.Reshape((cells, 1))(layers.Conv2D(1, 1, name="attention")(features))
    attention = layers.Softmax(axis=1, name="attention_share")(attention)
    flat = layers.Reshape((cells, channels))(features)
    attended = layers.Reshape((channels,))(layers.Dot(axes=1, name="attended")([attention, flat]))
    pooled = layers.Dropout(0.2)(layers.Concatenate()([attended, averaged]))
    probabilities = layers.Dense(labels, activation="softmax", dtype="float32", name="probabilities")(pooled)

    coarse = layers.UpSampling2D(2, name="where_coarse_up")(layers.Conv2D(128, 1, name="where_coarse")(features))
    fine = layers.Conv2D(128, 1, name="where_fine")(finer)
    where = layers.ReLU(6.0)(layers.Add()([coarse, fine]))
    where = layers.DepthwiseConv2D(5, padding="same", name="where_around")(where)
    where = layers.Conv2D(128, 1, activation="relu6", name="where")(where)
    votes = _votes()(name="votes", dtype="float32")(
        [layers.Conv2D(8, 1, name="corner_offsets")(where), layers.Conv2D(1, 1, name="on_note")(where)]
    )
    trust = layers.Conv2D(4, 1, name="corner_trust")(where)
    place = _counted_votes()(name="counted_votes", dtype="float32")([votes, trust])
    in_view = layers.Dense(1, activation="sigmoid", name="in_view")(averaged)
    corners = layers.Concatenate(dtype="float32", name="corners")([place, in_view])
    return keras.Model(image, {"probabilities": probabilities, "corners": corners, "votes": votes}, name="banknotes")


def for_use(model: Any) -> Any:
    """The same network without what only training needs: outputs `probabilities` and `corners`."""
    import keras

    return keras.Model(model.input, {name: model.output[name] for name in ("probabilities", "corners")})


def backbone_of(model: Any) -> Any:
    """The MobileNetV2 inside a model made by `build_model`."""
    return model.get_layer("mobilenetv2")


def unfreeze(model: Any, first_layer: int | None) -> None:
    """Let the backbone learn from this layer on, or not at all with None. Batch normalisation stays as it is.

    The weights at hand have it folded into the convolutions: batch statistics would destroy their scale.
    """
    import keras

    for number, layer in enumerate(backbone_of(model).layers):
        learns = first_layer is not None and number >= first_layer
        layer.trainable = learns and not isinstance(layer, keras.layers.BatchNormalization)


@lru_cache(maxsize=1)
def _votes() -> Any:
    """The layer's class, made on first use because Keras is slow to import."""
    import keras
    from keras import ops

    class Votes(keras.layers.Layer):  # type: ignore[misc]
        """Offsets [batch, g, g, 8] in pictures and a logit [batch, g, g, 1] -> votes [batch, g, g, 9]."""

        def call(self, inputs: list[Any]) -> Any:
            offsets, on_note = inputs
            grid = offsets.shape[1]
            ys, xs = np.mgrid[0:grid, 0:grid]
            centres = (np.stack([xs, ys] * 4, axis=-1)[None].astype(np.float32) + 0.5) / grid
            return ops.concatenate([offsets + centres, on_note], axis=-1)

    return Votes


@lru_cache(maxsize=1)
def _counted_votes() -> Any:
    import keras
    from keras import ops

    class CountedVotes(keras.layers.Layer):  # type: ignore[misc]
        """Votes [batch, g, g, 9] and each cell's trust in its own corners [batch, g, g, 4] -> corners [batch, 8]."""

        def call(self, inputs: list[Any]) -> Any:
            votes, trust = inputs
            cells = votes.shape[1] * votes.shape[2]
            places = ops.reshape(votes[..., :8], (-1, cells, 4, 2))
            share = ops.softmax(ops.reshape(trust + votes[..., 8:], (-1, cells, 4, 1)), axis=1)
            return ops.reshape(ops.sum(places * share, axis=1), (-1, 8))

    return CountedVotes


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
        raise DataError("The ImageNet weights cannot be downloaded: give a file with --weights PATH.") from error
    if weights in (None, "imagenet"):
        return backbone
    if not Path(str(weights)).is_file():
        raise DataError(f"There is no weights file {weights}: give its path with --weights, or leave that out.")
    try:
        backbone.load_weights(str(weights))
    except (ValueError, OSError) as error:
        raise DataError(
            f"{weights} does not fit this MobileNetV2: check alpha, and that it is a `notop` file"
        ) from error
    return backbone
