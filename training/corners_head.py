"""The part of the network that finds the note's corners.

The corners are voted for by every cell of a feature map that lies on the note, as in Zhou et al., "EAST: An Efficient
and Accurate Scene Text Detector", CVPR 2017: a cell sees best what is near it, every cell learns from every note, and a
vote can point outside the picture, where the corner of a note that is cut off lies.

A note and the same note upside down have the same outline. Cells need not know which of the two they see: they vote for
an outline, and one direction, the note's own from left to right, tells in the end which of its corners is which. Else
a cell in doubt would vote for the mean of both, which is the note's middle.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

_CHANNELS = 128
_SHARP = 60.0


def add_corners(maps: list[Any], pooled: Any, in_view_from: Any) -> tuple[Any, Any]:
    """Where the note is, from a backbone's feature maps of strides 32, 16 and 8, and its pooled features [batch, c].

    Returns `votes` float32 [batch, g, g, 9], g cells of 16 pixels: the corners of the note's outline as each cell sees
    them, as fractions of the picture, and the logit of its lying on the note; `places` float32 [batch, 11]: the outline
    [8], the share in view 0..1 and the direction from the note's left to its right [2], about 1 long.
    """
    from keras import layers

    coarse, fine, finest = maps
    coarse = layers.UpSampling2D(2, name="where_coarse_up")(layers.Conv2D(_CHANNELS, 1, name="where_coarse")(coarse))
    fine = layers.Conv2D(_CHANNELS, 1, name="where_fine")(fine)
    finest = layers.Conv2D(_CHANNELS // 2, 1, activation="relu6", name="where_finest")(finest)
    finest = layers.Conv2D(_CHANNELS, 3, strides=2, padding="same", name="where_finest_down")(finest)
    overall = layers.Dense(_CHANNELS, name="where_overall")(pooled)
    overall = layers.Reshape((1, 1, _CHANNELS))(overall)
    where = layers.ReLU(6.0)(layers.Add()([coarse, fine, finest, overall]))
    for number in (1, 2):
        around = layers.DepthwiseConv2D(5, padding="same", name=f"where_around_{number}")(where)
        around = layers.Conv2D(_CHANNELS, 1, activation="relu6", name=f"where_{number}")(around)
        where = layers.Add()([where, around])
    votes = _votes()(name="votes", dtype="float32")(
        [layers.Conv2D(8, 1, name="corner_offsets")(where), layers.Conv2D(1, 1, name="on_note")(where)]
    )
    trust = layers.Conv2D(4, 1, name="corner_trust")(where)
    outline = _counted_votes()(name="counted_votes", dtype="float32")([votes, trust])
    in_view = layers.Dense(1, activation="sigmoid", name="in_view")(in_view_from)
    heading = layers.Dense(2, name="heading")(pooled)
    places = layers.Concatenate(dtype="float32", name="places")([outline, in_view, heading])
    return votes, places


def named_corners(places: Any) -> Any:
    """`places` of `add_corners` -> corners float32 [batch, 9], the outline begun at the note's own top left."""
    return _named_corners()(dtype="float32", name="corners")(places)


HEAD_LAYERS = (
    "where_coarse", "where_fine", "where_finest", "where_finest_down", "where_overall", "where_around_1", "where_1",
    "where_around_2", "where_2", "corner_offsets", "on_note", "corner_trust", "in_view", "heading",
)  # fmt: skip
"""What learns where only the corners are to be learnt."""
VOTING_LAYERS = (
    "corner_offsets", "on_note", "corner_trust", "votes", "counted_votes", "in_view", "heading", "places", "corners",
)  # fmt: skip
"""From the votes to the corners: what an export in fewer bits leaves in floats."""


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


@lru_cache(maxsize=1)
def _named_corners() -> Any:
    import keras
    from keras import ops

    class NamedCorners(keras.layers.Layer):  # type: ignore[misc]
        """The outline as it is where its own direction agrees with the heading, else begun at the opposite corner."""

        def call(self, places: Any) -> Any:
            outline, in_view, heading = places[:, :8], places[:, 8:9], places[:, 9:]
            turned = ops.concatenate([outline[:, 4:], outline[:, :4]], axis=1)
            across = outline[:, 2:4] - outline[:, 0:2] + outline[:, 4:6] - outline[:, 6:8]
            agrees = ops.sigmoid(_SHARP * ops.sum(across * heading, axis=1, keepdims=True))
            return ops.concatenate([turned + agrees * (outline - turned), in_view], axis=1)

    return NamedCorners
