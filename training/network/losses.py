"""Losses for the note's corners and for the cells that vote on them.

`training.fitting.batches.encode` makes the targets that they are measured against.
"""

from __future__ import annotations

from typing import Any

_HUBER_DELTA = 0.02
"""Errors below this share of the picture's side count by their square, larger ones linearly. Chosen by hand."""

_ORDER_WEIGHT = 0.3
"""How much of the corners' loss asks for their right order, 0..1; the rest takes an upside-down note as well.

Half a note may look the same upside down. Asked for the right order only, the network would put the corners between
both. So it is let off with the nearer one, as a set of boxes is matched in Carion et al., "End-to-End Object Detection
with Transformers", ECCV 2020. A closer look tells which way up the note is.
"""


def corners_loss(y_true: Any, y_pred: Any) -> Any:
    """Return the Huber loss of the corners, plus a quarter of that of the share in view, [batch].

    y_true: [batch, 11], 8 coordinates of the corners, the share in view, then 1 if the corners are known, else 0, then
    the same for the share; what is unknown has no loss. y_pred: [batch, 9], the network's `corners`.
    """
    from keras import ops

    corners, in_view = y_true[:, :8], _huber(y_true[:, 8] - y_pred[:, 8])
    upright, turned = (ops.mean(_huber(order - y_pred[:, :8]), axis=-1) for order in (corners, _upside_down(corners)))
    return y_true[:, 9] * _of_both_orders(upright, turned) + 0.25 * y_true[:, 10] * in_view


def votes_loss(y_true: Any, y_pred: Any) -> Any:
    """Return the loss of the cells' votes, [batch]: whether each lies on the note, and where the corners are.

    That is the mean cross-entropy over all cells, plus 4 times the mean Huber loss of the corners over the cells on
    the note. So every note counts the same, whatever its size.

    y_true: [batch, rows, columns, 10], for each cell 1 if it lies on the note, else 0, the 8 coordinates of the
    corners, then 1 if that is known, else 0. y_pred: [batch, rows, columns, 9], the network's `votes`: 8 coordinates,
    and a logit.
    """
    from keras import ops

    on_note, corners, known = y_true[..., 0], y_true[..., 1:9], y_true[..., 9]
    logit = y_pred[..., 8]
    cross_entropy = ops.maximum(logit, 0.0) - logit * on_note + ops.log1p(ops.exp(-ops.abs(logit)))
    on_note_loss = ops.mean(cross_entropy * known, axis=(1, 2))
    counted = on_note * known
    upright, turned = (
        ops.sum(ops.mean(_huber(order - y_pred[..., :8]), axis=-1) * counted, axis=(1, 2))
        for order in (corners, _upside_down(corners))
    )
    return on_note_loss + 4.0 * _of_both_orders(upright, turned) / (ops.sum(counted, axis=(1, 2)) + 1e-3)


def _upside_down(corners: Any) -> Any:
    """Return the corners [..., 8] in the order that they have when the note is turned by half a turn."""
    from keras import ops

    return ops.roll(corners, 4, axis=-1)


def _of_both_orders(upright: Any, turned: Any) -> Any:
    """Return one loss of those for the right order of the corners and for the note upside down."""
    from keras import ops

    return _ORDER_WEIGHT * upright + (1 - _ORDER_WEIGHT) * ops.minimum(upright, turned)


def _huber(error: Any) -> Any:
    from keras import ops

    size = ops.abs(error)
    return ops.where(size < _HUBER_DELTA, size * size / (2 * _HUBER_DELTA), size - _HUBER_DELTA / 2)
