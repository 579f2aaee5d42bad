"""How far the corners are from the truth, for training. `training.batches.encode` lays the answers out.

A note's outline is the same upside down, so the nearer of the two orders of its corners is the truth for it, as in Qian
et al., "Learning Modulated Loss for Rotated Object Detection", AAAI 2021; a direction says which way up the note is.
"""

from __future__ import annotations

from typing import Any

_SMALL = 0.02
"""Errors below this, in pictures, count by their square, larger ones by themselves."""


def places_loss(answer: Any, places: Any) -> Any:
    """Distance of the note's outline, whichever way round it is begun, of the share in view, and of its direction.

    answer [batch, 10], places [batch, 11]. Returns [batch]; nothing where the corners are not known.
    """
    from keras import ops

    truth, known = answer[:, :8], answer[:, 9]
    outline = ops.min(_both_ways(truth, places[:, :8]), axis=0)
    in_view = _huber(answer[:, 8] - places[:, 8])
    across = truth[:, 2:4] - truth[:, 0:2] + truth[:, 4:6] - truth[:, 6:8]
    heading = across / (ops.sqrt(ops.sum(across * across, axis=1, keepdims=True)) + 1e-3)
    direction = ops.sum(ops.square(heading - places[:, 9:11]), axis=1)
    return (outline + 0.25 * in_view + 0.1 * direction) * known


def votes_loss(answer: Any, votes: Any) -> Any:
    """Whether each cell lies on the note, and how far those that do are wrong about its outline.

    answer [batch, g, g, 10], votes [batch, g, g, 9]. Returns [batch]. Every note counts the same, whatever its size;
    all its cells begin the outline at the same end, else their mean would be none.
    """
    from keras import ops

    on_note, corners, known = answer[..., 0], answer[..., 1:9], answer[..., 9]
    logit = votes[..., 8]
    cross_entropy = ops.maximum(logit, 0.0) - logit * on_note + ops.log1p(ops.exp(-ops.abs(logit)))
    where = ops.mean(cross_entropy * known, axis=(1, 2))
    counted = on_note * known
    errors = _both_ways(corners, votes[..., :8])
    error = ops.min(ops.sum(errors * counted, axis=(2, 3)), axis=0)
    return where + 4.0 * error / (ops.sum(counted, axis=(1, 2)) + 1e-3)


def _both_ways(truth: Any, outline: Any) -> Any:
    """Mean error [2, ...] of outlines [..., 8] begun at the note's top left, and at its bottom right."""
    from keras import ops

    turned = ops.concatenate([truth[..., 4:], truth[..., :4]], axis=-1)
    return ops.stack([ops.mean(_huber(way - outline), axis=-1) for way in (truth, turned)])


def _huber(error: Any) -> Any:
    from keras import ops

    size = ops.abs(error)
    return ops.where(size < _SMALL, size * size / (2 * _SMALL), size - _SMALL / 2)
