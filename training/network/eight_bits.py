"""Which weights exports have in 8-bit integers, and what these are.

A network is rounded to them before it is exported: then what is kept of it, and every export, has the same weights.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from currency_app.arrays import Floats
from training.network.corners_head import VOTING_LAYERS
from training.network.model import CLASSIFYING_LAYERS

_FIRST_LAYERS = (r"[Cc]onv1\w*", "conv", r"conv_(dw|pw)_1\w*", r"expanded_conv_\w+", r"block_1_\w+")
"""Names of the first layers of all backbones, as patterns.

Their few channels differ much in range: kept in floats they halve the error of what follows.
"""
_IN_FLOAT = re.compile(
    rf"/({'|'.join((*_FIRST_LAYERS, *VOTING_LAYERS, *CLASSIFYING_LAYERS))})(_\d+)?/|StatefulPartitionedCall"
)
"""Names of values that 8 bits would spoil. In the last layers, one cell's share among 256 is less than one step."""
_MAX_STEPS = 127
"""Steps of the largest weight of a channel. TFLite leaves -128 out, so that zero is in the middle."""
_SCALE_BITS = 17
"""Significant bits of a step: with the 7 of a number of steps they fill the 24 of a float, so products are exact."""


def stays_in_float(name: str) -> bool:
    """Return whether an export in 8-bit integers leaves a value of this name, as TensorFlow has it, in floats."""
    return _IN_FLOAT.search(name) is not None


def kernels_in_8_bits(model: Any) -> dict[int, tuple[int, ...]]:
    """Return the places, in a Keras model's `get_weights`, of the kernels that its int8 export has in 8 bits.

    With each are the axes that share a size of a step: all but that of the output channels.
    """
    places = {id(weight): place for place, weight in enumerate(model.weights)}
    return {
        places[id(layer.kernel)]: (0, 1, 3) if "Depthwise" in type(layer).__name__ else (0, 1, 2)
        for layer in _convolutions(model)
        if not stays_in_float(f"/{layer.name}/")
    }


def exported_kernels(exported: Path) -> dict[int, Floats]:
    """Return the kernels that a TFLite file has in 8 bits, by the numbers of their tensors.

    They are float32, in the order of axes that Keras has.
    """
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(exported))
    found = {}
    for tensor in interpreter.get_tensor_details():
        sizes, axis = (tensor["quantization_parameters"][name] for name in ("scales", "quantized_dimension"))
        if tensor["dtype"] == np.int8 and len(tensor["shape"]) == 4 and len(sizes) == tensor["shape"][axis] > 1:
            steps = interpreter.get_tensor(tensor["index"])
            kernel = steps * np.expand_dims(sizes, tuple(other for other in range(4) if other != axis))
            found[int(tensor["index"])] = np.ascontiguousarray(
                kernel.transpose(1, 2, 3, 0)
            )  # its first axis is Keras' last
    return found


def in_steps(kernel: Floats, axes: tuple[int, ...]) -> tuple[npt.NDArray[np.int8], Floats]:
    """Return a kernel as numbers of steps, int8, and the sizes of the steps, as TFLite's converter chooses them.

    The product of the two is exact, and of that product they are the numbers and sizes again.
    axes: that share a size.
    """
    largest = np.abs(kernel).max(axis=axes, keepdims=True).astype(np.float64)
    fraction, exponent = np.frexp(np.where(largest > 0, largest, 1.0) / _MAX_STEPS)
    sizes = np.ldexp(np.round(np.ldexp(fraction, _SCALE_BITS)), exponent - _SCALE_BITS).astype(np.float32)
    steps = np.round(kernel / sizes).clip(-_MAX_STEPS, _MAX_STEPS)
    return steps.astype(np.int8), sizes


def _convolutions(model: Any) -> Iterator[Any]:
    """Yield the convolutions of a Keras model and of the models inside it."""
    import keras

    for layer in model.layers:
        if isinstance(layer, keras.Model):
            yield from _convolutions(layer)
        elif isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D):
            yield layer
