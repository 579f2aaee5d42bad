"""The part of the network that finds the note's corners.

Every cell of a feature map that lies on the note votes for them, as in Zhou et al., "EAST: An Efficient and Accurate
Scene Text Detector", CVPR 2017. A cell sees best what is near it, and every cell learns from every note. A vote can
point outside the picture: there lies the corner of a note that is cut off.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

_CHANNELS = 128
"""Channels of the feature maps that the votes are made from. Chosen by hand."""

VOTING_LAYERS = ("corner_offsets", "on_note", "corner_trust", "votes", "counted_votes", "in_view", "corners")
"""Names of the layers, from the votes to the corners, that an export in fewer bits leaves in floats."""


def add_corners(features: Any, finer: Any, averaged: Any, cells: int) -> tuple[Any, Any]:
    """Return the outputs `votes` and `corners`, which say where the note is.

    features, finer: a backbone's feature maps of strides 32 and 16. averaged: the mean of the first, [batch, c].
    cells: on a side of the square picture that the network is made for.

    `votes`: float32 [batch, rows, columns, 9] for cells of 16 pixels: x1 y1 ... x4 y4 of the corners as each cell sees
    them, as fractions of the picture, then the logit of its lying on the note.
    `corners`: float32 [batch, 9]: x1 y1 ... x4 y4, then the share of the note in view, 0..1.
    """
    from keras import layers

    coarse = layers.Conv2D(_CHANNELS, 1, name="where_coarse")(features)
    coarse = layers.UpSampling2D(2, name="where_coarse_up")(coarse)
    fine = layers.Conv2D(_CHANNELS, 1, name="where_fine")(finer)
    coarse = _same_size()(name="where_coarse_fitted")([coarse, fine])
    combined = layers.ReLU(6.0)(layers.Add()([coarse, fine]))
    combined = layers.DepthwiseConv2D(5, padding="same", name="where_around")(combined)
    combined = layers.Conv2D(_CHANNELS, 1, activation="relu6", name="where")(combined)
    votes = _votes()(cells, name="votes", dtype="float32")(
        [layers.Conv2D(8, 1, name="corner_offsets")(combined), layers.Conv2D(1, 1, name="on_note")(combined)]
    )
    trust = layers.Conv2D(4, 1, name="corner_trust")(combined)
    corners = _counted_votes()(name="counted_votes", dtype="float32")([votes, trust])
    in_view = layers.Dense(1, activation="sigmoid", name="in_view")(averaged)
    return votes, layers.Concatenate(dtype="float32", name="corners")([corners, in_view])


@lru_cache(maxsize=1)
def _same_size() -> Any:
    """Return the class of a layer, made on first use because Keras is slow to import."""
    import keras
    from keras import ops

    class SameSize(keras.layers.Layer):  # type: ignore[misc]
        """Repeats the last row and column of a map [batch, h, w, c] that has one less than another."""

        def call(self, inputs: list[Any]) -> Any:
            smaller, larger = inputs
            if smaller.shape[1] < larger.shape[1]:
                smaller = ops.concatenate([smaller, smaller[:, -1:]], axis=1)
            if smaller.shape[2] < larger.shape[2]:
                smaller = ops.concatenate([smaller, smaller[:, :, -1:]], axis=2)
            return smaller

    return SameSize


@lru_cache(maxsize=1)
def _votes() -> Any:
    """Return the class of a layer, see `_same_size`."""
    import keras
    from keras import ops

    class Votes(keras.layers.Layer):  # type: ignore[misc]
        """From offsets [batch, h, w, 8] and logits [batch, h, w, 1] to `votes`.

        An offset of 1 is as long as `cells` cells in either direction, whatever the picture's shape: how far away a
        corner is in pixels is what a cell can see, not which share of a picture that is whose edges it does not see.
        """

        def __init__(self, cells: int, **options: Any) -> None:
            super().__init__(**options)
            self._cells = cells

        def call(self, inputs: list[Any]) -> Any:
            offsets, on_note = inputs
            rows, columns = offsets.shape[1:3]
            if (rows, columns) != (self._cells, self._cells):
                offsets = offsets * np.array([self._cells / columns, self._cells / rows] * 4, np.float32)
            ys, xs = (np.mgrid[0:rows, 0:columns] + 0.5) / np.reshape([rows, columns], (2, 1, 1))
            centres = np.stack([xs, ys] * 4, axis=-1)[None].astype(np.float32)
            return ops.concatenate([offsets + centres, on_note], axis=-1)

    return Votes


@lru_cache(maxsize=1)
def _counted_votes() -> Any:
    """Return the class of a layer, see `_same_size`."""
    import keras
    from keras import ops

    class CountedVotes(keras.layers.Layer):  # type: ignore[misc]
        """The votes' mean, weighted: from `votes` and each cell's trust in its corners to corners.

        Inputs: [batch, h, w, 9] and [batch, h, w, 4], logits to add to that of lying on the note. Output: [batch, 8].
        """

        def call(self, inputs: list[Any]) -> Any:
            votes, trust = inputs
            cells = votes.shape[1] * votes.shape[2]
            corners = ops.reshape(votes[..., :8], (-1, cells, 4, 2))
            share = ops.softmax(ops.reshape(trust + votes[..., 8:], (-1, cells, 4, 1)), axis=1)
            return ops.reshape(ops.sum(corners * share, axis=1), (-1, 8))

    return CountedVotes
