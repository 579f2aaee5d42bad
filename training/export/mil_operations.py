"""The operations of Core ML's model intermediate language (MIL) that exported networks use, computed by TensorFlow.

What each does is described in the operator reference of coremltools (`coremltools.converters.mil.mil.ops.defs`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from currency_app.errors import DataError

OperationInputs = Mapping[str, Any]
"""An operation's inputs by name: tensors, NumPy arrays and scalars, strings, lists of them; absent ones are None."""
Operation = Callable[[OperationInputs], Any]
"""Returns an operation's one output, a tensor."""


def operations() -> dict[str, Operation]:
    """Return every known operation by its name in a program."""
    import tensorflow as tf

    return {
        "add": lambda inputs: inputs["x"] + inputs["y"],
        "sub": lambda inputs: inputs["x"] - inputs["y"],
        "mul": lambda inputs: inputs["x"] * inputs["y"],
        "real_div": lambda inputs: inputs["x"] / inputs["y"],
        "relu": lambda inputs: tf.nn.relu(inputs["x"]),
        "relu6": lambda inputs: tf.nn.relu6(inputs["x"]),
        "clip": lambda inputs: tf.clip_by_value(inputs["x"], inputs["alpha"], inputs["beta"]),
        "sigmoid": lambda inputs: tf.sigmoid(inputs["x"]),
        "sigmoid_hard": lambda inputs: tf.clip_by_value(inputs["alpha"] * inputs["x"] + inputs["beta"], 0.0, 1.0),
        "softmax": lambda inputs: tf.nn.softmax(inputs["x"], axis=int(inputs["axis"])),
        "cast": lambda inputs: inputs["x"],  # to the type of the output, as after every operation
        "conv": _convolution,
        "linear": lambda inputs: tf.linalg.matmul(inputs["x"], inputs["weight"], transpose_b=True) + inputs["bias"],
        "matmul": _product,
        "pad": _padded,
        "reduce_mean": lambda inputs: tf.reduce_mean(inputs["x"], inputs["axes"], bool(inputs["keep_dims"])),
        "reduce_sum": lambda inputs: tf.reduce_sum(inputs["x"], inputs["axes"], bool(inputs["keep_dims"])),
        "transpose": lambda inputs: tf.transpose(inputs["x"], inputs["perm"]),
        "reshape": lambda inputs: tf.reshape(inputs["x"], inputs["shape"]),
        "squeeze": lambda inputs: tf.squeeze(inputs["x"], [int(axis) for axis in inputs["axes"]]),
        "expand_dims": _with_more_axes,
        "tile": lambda inputs: tf.tile(inputs["x"], inputs["reps"]),
        "concat": lambda inputs: tf.concat(inputs["values"], axis=int(inputs["axis"])),
        "slice_by_index": _part,
    }


def _convolution(inputs: OperationInputs) -> Any:
    """Convolve channels-first data with weights [out, in / groups, height, width], as Core ML keeps them.

    TensorFlow wants the channels last.
    """
    import tensorflow as tf

    strides, dilations, groups = inputs["strides"], inputs["dilations"], int(inputs["groups"])
    x = tf.transpose(inputs["x"], (0, 2, 3, 1))
    padding = str(inputs["pad_type"]).upper()
    if padding == "CUSTOM":
        top, bottom, left, right = inputs["pad"]
        x, padding = tf.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0))), "VALID"
    if padding not in {"VALID", "SAME"}:
        raise _unknown(f"conv with pad_type {padding.lower()}")
    weight = np.asarray(inputs["weight"])
    outputs, share = weight.shape[:2]
    if groups == 1:
        kernel = weight.transpose(2, 3, 1, 0)
        output = tf.nn.conv2d(x, kernel, (1, *strides, 1), padding, dilations=dilations)
    elif share == 1 and outputs == groups:
        kernel = weight.transpose(2, 3, 0, 1)
        output = tf.nn.depthwise_conv2d(x, kernel, (1, *strides, 1), padding, dilations=dilations)
    else:
        raise _unknown(f"conv in {groups} groups of {share} channels")
    if inputs.get("bias") is not None:
        output += inputs["bias"]
    return tf.transpose(output, (0, 3, 1, 2))


def _product(inputs: OperationInputs) -> Any:
    import tensorflow as tf

    sides = {"transpose_a": bool(inputs["transpose_x"]), "transpose_b": bool(inputs["transpose_y"])}
    return tf.linalg.matmul(inputs["x"], inputs["y"], **sides)


def _padded(inputs: OperationInputs) -> Any:
    """Pad the last axes. `pad` holds [before, after] for each of them."""
    import tensorflow as tf

    if inputs["mode"] != "constant":
        raise _unknown(f"pad with mode {inputs['mode']}")
    last = np.asarray(inputs["pad"]).reshape(-1, 2)
    first = np.zeros((inputs["x"].shape.rank - len(last), 2), np.int32)
    return tf.pad(inputs["x"], np.concatenate([first, last]), constant_values=inputs["constant_val"])


def _with_more_axes(inputs: OperationInputs) -> Any:
    """Add axes of length 1. `axes` are counted in the result, as for numpy.expand_dims."""
    import tensorflow as tf

    x = inputs["x"]
    rank = x.shape.rank + len(inputs["axes"])
    for axis in sorted(int(axis) % rank for axis in inputs["axes"]):
        x = tf.expand_dims(x, axis)
    return x


def _part(inputs: OperationInputs) -> Any:
    """Slice from begin to end in steps.

    Where `begin_mask` or `end_mask` is set, the slice starts or ends with the axis; where `squeeze_mask` is set, it is
    the one element at begin, without the axis.
    """
    rank = inputs["x"].shape.rank
    begin, end = inputs["begin"], inputs["end"]
    steps = np.ones(rank, np.int32) if inputs.get("stride") is None else inputs["stride"]
    masks = {
        name: np.zeros(rank, bool) if inputs.get(name) is None else inputs[name]
        for name in ("begin_mask", "end_mask", "squeeze_mask")
    }
    index = tuple(
        int(begin[axis])
        if masks["squeeze_mask"][axis]
        else slice(
            None if masks["begin_mask"][axis] else int(begin[axis]),
            None if masks["end_mask"][axis] else int(end[axis]),
            int(steps[axis]),
        )
        for axis in range(rank)
    )
    return inputs["x"][index]


def _unknown(what: str) -> DataError:
    return DataError(f"The package uses {what}, which cannot be re-executed here.")
