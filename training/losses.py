"""How far the corners are from the truth, for training. `training.batches.encode` lays the answers out."""

from __future__ import annotations

from typing import Any

_SMALL = 0.02
"""Errors below this, in pictures, count by their square, larger ones by themselves."""


def corners_loss(answer: Any, place: Any) -> Any:
    """Huber distance of the corners, where they are known, and a quarter of that of the share in view.

    answer [batch, 10], place [batch, 9]. Returns [batch].
    """
    from keras import ops

    error = _huber(answer[:, :9] - place) * answer[:, 9:]
    return ops.mean(error[:, :8], axis=-1) + 0.25 * error[:, 8]


def votes_loss(answer: Any, votes: Any) -> Any:
    """Whether each cell lies on the note, and how far those that do are wrong about its corners.

    answer [batch, g, g, 10], votes [batch, g, g, 9]. Returns [batch]. Every note counts the same, whatever its size.
    """
    from keras import ops

    on_note, corners, known = answer[..., 0], answer[..., 1:9], answer[..., 9]
    logit = votes[..., 8]
    cross_entropy = ops.maximum(logit, 0.0) - logit * on_note + ops.log1p(ops.exp(-ops.abs(logit)))
    where = ops.mean(cross_entropy * known, axis=(1, 2))
    error = ops.mean(_huber(corners - votes[..., :8]), axis=-1) * on_note * known
    return where + 4.0 * ops.sum(error, axis=(1, 2)) / (ops.sum(on_note * known, axis=(1, 2)) + 1e-3)


def _huber(error: Any) -> Any:
    from keras import ops

    size = ops.abs(error)
    return ops.where(size < _SMALL, size * size / (2 * _SMALL), size - _SMALL / 2)
