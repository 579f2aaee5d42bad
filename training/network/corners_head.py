"""The part of the network that finds the note's corners.

They are voted for by every cell of a feature map that lies on the note, as in Zhou et al., "EAST: An Efficient and
Accurate Scene Text Detector", CVPR 2017: a cell sees best what is near it, every cell learns from every note, and a
vote can point outside the picture, where the corner of a note that is cut off lies.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

_CHANNELS = 128

VOTING_LAYERS = ("corner_offsets", "on_note", "corner_trust", "votes", "counted_votes", "in_view", "corners")
"""From the votes to the corners: what an export in fewer bits leaves in floats."""


def add_corners(features: Any, finer: Any, averaged: Any) -> tuple[Any, Any]:
    """Where the note is, from a backbone's feature maps of strides 32 and 16, and the average of the first [batch, c].

    Returns `votes` float32 [batch, g, g, 9], g cells of 16 pixels: the corners as each cell sees them, as fractions of
    the picture, and the logit of its lying on the note; and `corners` float32 [batch, 9]: x1 y1 ... x4 y4, then the
    share of the note in view.
    """
    from keras import layers

    coarse = layers.Conv2D(_CHANNELS, 1, name="where_coarse")(features)
    coarse = layers.UpSampling2D(2, name="where_coarse_up")(coarse)
    fine = layers.Conv2D(_CHANNELS, 1, name="where_fine")(finer)
    where = layers.ReLU(6.0)(layers.Add()([coarse, fine]))
    where = layers.DepthwiseConv2D(5, padding="same", name="where_around")(where)
    where = layers.Conv2D(_CHANNELS, 1, activation="relu6", name="where")(where)
    votes = _votes()(name="votes", dtype="float32")(
        [layers.Conv2D(8, 1, name="corner_offsets")(where), layers.Conv2D(1, 1, name="on_note")(where)]
    )
    trust = layers.Conv2D(4, 1, name="corner_trust")(where)
    place = _counted_votes()(name="counted_votes", dtype="float32")([votes, trust])
    in_view = layers.Dense(1, activation="sigmoid", name="in_view")(averaged)
    return votes, layers.Concatenate(dtype="float32", name="corners")([place, in_view])


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
