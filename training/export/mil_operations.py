"""The operations of Core ML's model intermediate language (MIL) that exported networks use, computed by TensorFlow.

What each does is told by the operator reference of coremltools (`coremltools.converters.mil.mil.ops.defs`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from currency_app.errors import DataError

Given = Mapping[str, Any]
"""An operation's inputs by name: tensors, NumPy arrays and scalars, strings, lists of them; absent ones are None."""
Operation = Callable[[Given], Any]


def operations() -> dict[str, Operation]:
    """Every known operation by its name in a program: each takes its inputs and gives its one output, a tensor."""
    import tensorflow as tf

    return {
        "add": lambda given: given["x"] + given["y"],
        "sub": lambda given: given["x"] - given["y"],
        "mul": lambda given: given["x"] * given["y"],
        "real_div": lambda given: given["x"] / given["y"],
        "relu": lambda given: tf.nn.relu(given["x"]),
        "relu6": lambda given: tf.nn.relu6(given["x"]),
        "clip": lambda given: tf.clip_by_value(given["x"], given["alpha"], given["beta"]),
        "sigmoid": lambda given: tf.sigmoid(given["x"]),
        "sigmoid_hard": lambda given: tf.clip_by_value(given["alpha"] * given["x"] + given["beta"], 0.0, 1.0),
        "softmax": lambda given: tf.nn.softmax(given["x"], axis=int(given["axis"])),
        "cast": lambda given: given["x"],  # to the type of the output, as after every operation
        "conv": _convolution,
        "linear": lambda given: tf.linalg.matmul(given["x"], given["weight"], transpose_b=True) + given["bias"],
        "matmul": _product,
        "pad": _padded,
        "reduce_mean": lambda given: tf.reduce_mean(given["x"], given["axes"], bool(given["keep_dims"])),
        "reduce_sum": lambda given: tf.reduce_sum(given["x"], given["axes"], bool(given["keep_dims"])),
        "transpose": lambda given: tf.transpose(given["x"], given["perm"]),
        "reshape": lambda given: tf.reshape(given["x"], given["shape"]),
        "squeeze": lambda given: tf.squeeze(given["x"], [int(axis) for axis in given["axes"]]),
        "expand_dims": _with_more_axes,
        "tile": lambda given: tf.tile(given["x"], given["reps"]),
        "concat": lambda given: tf.concat(given["values"], axis=int(given["axis"])),
        "slice_by_index": _part,
    }


def _convolution(given: Given) -> Any:
    """Channels first, weights [out, in / groups, height, width], as Core ML keeps them; TensorFlow wants them last."""
    import tensorflow as tf

    strides, dilations, groups = given["strides"], given["dilations"], int(given["groups"])
    x = tf.transpose(given["x"], (0, 2, 3, 1))
    padding = str(given["pad_type"]).upper()
    if padding == "CUSTOM":
        top, bottom, left, right = given["pad"]
        x, padding = tf.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0))), "VALID"
    if padding not in {"VALID", "SAME"}:
        raise _unknown(f"conv with pad_type {padding.lower()}")
    weight = np.asarray(given["weight"])
    outputs, share = weight.shape[:2]
    if groups == 1:
        kernel = weight.transpose(2, 3, 1, 0)
        seen = tf.nn.conv2d(x, kernel, (1, *strides, 1), padding, dilations=dilations)
    elif share == 1 and outputs == groups:
        kernel = weight.transpose(2, 3, 0, 1)
        seen = tf.nn.depthwise_conv2d(x, kernel, (1, *strides, 1), padding, dilations=dilations)
    else:
        raise _unknown(f"conv in {groups} groups of {share} channels")
    if given.get("bias") is not None:
        seen += given["bias"]
    return tf.transpose(seen, (0, 3, 1, 2))


def _product(given: Given) -> Any:
    import tensorflow as tf

    sides = {"transpose_a": bool(given["transpose_x"]), "transpose_b": bool(given["transpose_y"])}
    return tf.linalg.matmul(given["x"], given["y"], **sides)


def _padded(given: Given) -> Any:
    """Padding of the last axes, [before, after] each."""
    import tensorflow as tf

    if given["mode"] != "constant":
        raise _unknown(f"pad with mode {given['mode']}")
    last = np.asarray(given["pad"]).reshape(-1, 2)
    first = np.zeros((given["x"].shape.rank - len(last), 2), np.int32)
    return tf.pad(given["x"], np.concatenate([first, last]), constant_values=given["constant_val"])


def _with_more_axes(given: Given) -> Any:
    """axes: places in the result, as for numpy.expand_dims."""
    import tensorflow as tf

    x = given["x"]
    rank = x.shape.rank + len(given["axes"])
    for axis in sorted(int(axis) % rank for axis in given["axes"]):
        x = tf.expand_dims(x, axis)
    return x


def _part(given: Given) -> Any:
    """A slice from begin to end in steps; where a mask is set the whole side is taken, or its one place alone."""
    rank = given["x"].shape.rank
    begin, end = given["begin"], given["end"]
    steps = np.ones(rank, np.int32) if given.get("stride") is None else given["stride"]
    masks = {
        name: np.zeros(rank, bool) if given.get(name) is None else given[name]
        for name in ("begin_mask", "end_mask", "squeeze_mask")
    }
    where = tuple(
        int(begin[axis])
        if masks["squeeze_mask"][axis]
        else slice(
            None if masks["begin_mask"][axis] else int(begin[axis]),
            None if masks["end_mask"][axis] else int(end[axis]),
            int(steps[axis]),
        )
        for axis in range(rank)
    )
    return given["x"][where]


def _unknown(what: str) -> DataError:
    return DataError(f"The package uses {what}, which cannot be re-executed here.")
