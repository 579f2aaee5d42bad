"""Keras to TFLite, as 32-bit floats or 8-bit integers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from training.model import for_use

PRECISIONS = ("fp32", "int8")


def to_tflite(model: Any, precision: str, examples: Iterable[npt.NDArray[np.uint8]] = ()) -> bytes:
    """The model as a TFLite file with raw uint8 pictures in and float32 outputs by name out.

    model: a Keras model made by `build_model`. precision: fp32 or int8. examples: pictures uint8
    [size, size, 3] RGB like those it will see, to find the ranges of its activations for int8.
    """
    import tensorflow as tf

    fixed = _one_picture_at_a_time(for_use(model))
    converter = tf.lite.TFLiteConverter.from_keras_model(fixed)
    if precision == "int8":
        converter.optimizations = [tf.lite.Optimize.DEFAULT]
        converter.representative_dataset = lambda: ([picture[None]] for picture in examples)
        converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8, tf.lite.OpsSet.TFLITE_BUILTINS]
    return bytes(converter.convert())


def _one_picture_at_a_time(model: Any) -> Any:
    """The same network for a batch of exactly one, which the converter needs."""
    import keras

    shape = model.input_shape[1:]
    image = keras.Input(batch_shape=(1, *shape), dtype="uint8", name="image")
    return keras.Model(image, model(image, training=False))
