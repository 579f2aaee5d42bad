"""Keras to TFLite, as 32-bit floats, 16-bit floats or 8-bit integers."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from training.network.corners_head import VOTING_LAYERS
from training.network.model import CLASSIFYING_LAYERS, for_use

SUFFIX = ".tflite"
PRECISIONS = ("fp32", "fp16", "int8")

_FIRST_LAYERS = (r"[Cc]onv1\w*", "conv", r"conv_(dw|pw)_1\w*", r"expanded_conv_\w+", r"block_1_\w+")
"""Of all backbones. Their few channels differ much in range: in floats they halve the error of what follows."""
_IN_FLOAT = re.compile(
    rf"/({'|'.join((*_FIRST_LAYERS, *VOTING_LAYERS, *CLASSIFYING_LAYERS))})(_\d+)?/|StatefulPartitionedCall"
)
"""Layers whose outputs 8 bits would spoil. Of the last: a share among 256 cells is less than their least step."""


def to_tflite(model: Any, precision: str, examples: Iterable[npt.NDArray[np.uint8]] = ()) -> bytes:
    """The model as a TFLite file with raw uint8 pictures in and float32 outputs by name out.

    model: a Keras model made by `build_model`. precision: one of PRECISIONS; fp16 keeps the weights in 16 bits and
    computes in 32; int8 keeps the first layers, for 0.4 ms, and the last few, for next to nothing, in 32-bit floats.
    examples: pictures uint8 [size, size, 3] RGB like those it will see, to find the ranges of its activations for int8.
    """
    # Read when TensorFlow's converter starts: its notes about operations are none to the user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    fixed = _one_picture_at_a_time(for_use(model))
    converter = tf.lite.TFLiteConverter.from_keras_model(fixed)
    if precision == "fp16":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.target_spec.supported_types = [tf.float16]
    in_floats = bytes(converter.convert())
    if precision != "int8":
        return in_floats
    pictures = list(examples)
    converter = tf.lite.TFLiteConverter.from_keras_model(fixed)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([picture[None]] for picture in pictures)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.TFLITE_BUILTINS]
    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_nodes=_kept_in_float(in_floats))
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=converter,
        debug_dataset=lambda: ([picture[None]] for picture in pictures[:1]),
        debug_options=options,
    )
    return bytes(debugger.get_nondebug_quantized_model())


def _kept_in_float(model: bytes) -> list[str]:
    """Names of the values of a TFLite model that stay as they are."""
    from ai_edge_litert.interpreter import Interpreter

    names = [str(tensor["name"]) for tensor in Interpreter(model_content=model).get_tensor_details()]
    return [name for name in names if stays_in_float(name)]


def stays_in_float(name: str) -> bool:
    """Whether a value of this name, in TensorFlow's words, is left in floats by an export in 8-bit integers."""
    return _IN_FLOAT.search(name) is not None


def _one_picture_at_a_time(model: Any) -> Any:
    """The same network for a batch of exactly one, which the converter needs."""
    import keras

    shape = model.input_shape[1:]
    image = keras.Input(batch_shape=(1, *shape), dtype="uint8", name="image")
    return keras.Model(image, model(image, training=False))
