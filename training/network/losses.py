"""How far the corners are from the truth, for training. `training.fitting.batches.encode` lays the answers out."""

from __future__ import annotations

from typing import Any

_SMALL = 0.02
"""Errors below this, in pictures, count by their square, larger ones by themselves."""


_WAY_UP = 0.3
"""How much of the corners' loss asks for their right order, 0..1; the rest takes an upside-down note as well.

Half a note may look the same upside down. Asked for the right order only, the network would put the corners between
both; so it is let off with the nearer one, as a set of boxes is matched in Carion et al., "End-to-End Object Detection
with Transformers", ECCV 2020. A closer look tells which way up the note is.
"""


def corners_loss(answer: Any, place: Any) -> Any:
    """Huber distance of the corners, where they are known, and a quarter of that of the share in view.

    answer [batch, 10], place [batch, 9]. Returns [batch].
    """
    from keras import ops

    corners, known = answer[:, :8], answer[:, 9]
    upright, turned = (ops.mean(_huber(order - place[:, :8]), axis=-1) for order in (corners, _upside_down(corners)))
    return known * (_of_both_orders(upright, turned) + 0.25 * _huber(answer[:, 8] - place[:, 8]))


def votes_loss(answer: Any, votes: Any) -> Any:
    """Whether each cell lies on the note, and how far those that do are wrong about its corners.

    answer [batch, g, g, 10], votes [batch, g, g, 9]. Returns [batch]. Every note counts the same, whatever its size.
    """
    from keras import ops

    on_note, corners, known = answer[..., 0], answer[..., 1:9], answer[..., 9]
    logit = votes[..., 8]
    cross_entropy = ops.maximum(logit, 0.0) - logit * on_note + ops.log1p(ops.exp(-ops.abs(logit)))
    where = ops.mean(cross_entropy * known, axis=(1, 2))
    counted = on_note * known
    upright, turned = (
        ops.sum(ops.mean(_huber(order - votes[..., :8]), axis=-1) * counted, axis=(1, 2))
        for order in (corners, _upside_down(corners))
    )
    return where + 4.0 * _of_both_orders(upright, turned) / (ops.sum(counted, axis=(1, 2)) + 1e-3)


def _upside_down(corners: Any) -> Any:
    """The corners [..., 8] in the order that they have when the note is turned by half."""
    from keras import ops

    return ops.roll(corners, 4, axis=-1)


def _of_both_orders(upright: Any, turned: Any) -> Any:
    from keras import ops

    return _WAY_UP * upright + (1 - _WAY_UP) * ops.minimum(upright, turned)


def _huber(error: Any) -> Any:
    from keras import ops

    size = ops.abs(error)
    return ops.where(size < _SMALL, size * size / (2 * _SMALL), size - _SMALL / 2)
