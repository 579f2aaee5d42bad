"""The network: a backbone, MobileNetV2 unless told, with two heads, in one pass.

Backbone: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", CVPR 2018. The corners are voted for
by every cell of a feature map that lies on the note, as in Zhou et al., "EAST: An Efficient and Accurate Scene Text
Detector", CVPR 2017: a cell sees best what is near it, every cell learns from every note, and a vote can point outside
the picture, where the corner of a note that is cut off lies.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from currency_app.errors import DataError
from training.backbone import FINER_STRIDE, STRIDE, build_backbone

VOTE_STRIDE = FINER_STRIDE
"""Pixels between the cells that vote for corners."""


def build_model(labels: int, size: int, alpha: float, weights: str | None, backbone: str = "mobilenet_v2") -> Any:
    """A Keras model from raw pictures to two outputs; scaling is inside it.

    labels: how many outputs the classifier has, background included. size: input side in pixels, a multiple of 32.
    alpha, weights, backbone: see `build_backbone`.

    Input: uint8 [batch, size, size, 3] RGB. Outputs: `probabilities` float32 [batch, labels] that sum to 1, and
    `corners` float32 [batch, 9]: x1 y1 ... x4 y4 as fractions of the picture, then the share of the note in view.
    A third output, `votes`, is there for training only (see `for_use`): float32 [batch, g, g, 9] with g = size / 16,
    the corners as each cell sees them, and the logit of its lying on the note.
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
    """The backbone inside a model made by `build_model`."""
    return model.get_layer("backbone")


def unfreeze(model: Any, first_layer: str | None) -> None:
    """Let the backbone learn from the layer of this name on, or not at all with None.

    Raises DataError where it has no such layer.
    """
    layers = backbone_of(model).layers
    names = [layer.name for layer in layers]
    if first_layer is not None and first_layer not in names:
        raise DataError(f"The backbone has no layer {first_layer!r} to learn from: it has {', '.join(names)}.")
    first = len(names) if first_layer is None else names.index(first_layer)
    for number, layer in enumerate(layers):
        layer.trainable = number >= first


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
