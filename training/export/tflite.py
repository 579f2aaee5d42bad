"""Export a Keras model to TFLite, in 32-bit floats, 16-bit floats or 8-bit integers."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from currency_app.arrays import Image
from training.network.eight_bits import stays_in_float
from training.network.model import for_use


def to_tflite(model: Any, precision: str, pictures: Iterable[Image] = ()) -> bytes:
    """Return a model as a TFLite file, from raw uint8 pictures to float32 outputs by name.

    model: a Keras model made by `build_model`.
    precision: fp32; fp16, which keeps the weights in 16 bits and computes in 32; or int8, which keeps the first layers,
    for 0.4 ms, and the last few, for next to nothing, in 32-bit floats.
    pictures: uint8 [size, size, 3] RGB like its inputs, on which int8 finds the ranges of the activations.
    """
    # Read when TensorFlow's converter starts. Its notes about operations are of no use to the user.
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
    kept = list(pictures)
    converter = tf.lite.TFLiteConverter.from_keras_model(fixed)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([picture[None]] for picture in kept)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.TFLITE_BUILTINS]
    options = tf.lite.experimental.QuantizationDebugOptions(denylisted_nodes=_kept_in_float(in_floats))
    debugger = tf.lite.experimental.QuantizationDebugger(
        converter=converter,
        debug_dataset=lambda: ([picture[None]] for picture in kept[:1]),
        debug_options=options,
    )
    return bytes(debugger.get_nondebug_quantized_model())


def _kept_in_float(model: bytes) -> list[str]:
    """Return the names of the values of a TFLite model that stay in floats."""
    from ai_edge_litert.interpreter import Interpreter

    names = [str(tensor["name"]) for tensor in Interpreter(model_content=model).get_tensor_details()]
    return [name for name in names if stays_in_float(name)]


def _one_picture_at_a_time(model: Any) -> Any:
    """Return the network for batches of exactly one picture, which the converter needs."""
    import keras

    shape = model.input_shape[1:]
    image = keras.Input(batch_shape=(1, *shape), dtype="uint8", name="image")
    return keras.Model(image, model(image, training=False))


def numerals_to_tflite(model: Any, crops: int) -> bytes:
    """Return the network for numerals as a TFLite file with weights in 16 bits, from raw uint8 crops to probabilities.

    model: what `fit_numerals` returns. crops: how many it takes at once.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras
    import tensorflow as tf

    pictures = keras.Input(batch_shape=(crops, *model.input_shape[1:]), dtype="uint8", name="crops")
    probabilities = keras.layers.Softmax(name="numerals")(model(pictures, training=False))
    whole = keras.Model(pictures, {"numerals": probabilities})
    converter = tf.lite.TFLiteConverter.from_keras_model(whole)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.target_spec.supported_types = [tf.float16]
    return bytes(converter.convert())
