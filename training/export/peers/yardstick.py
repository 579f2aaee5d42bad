"""A network that others publish times of: MobileNetV2 1.0 at 224, run as the app runs its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from currency_app.arrays import Image

NAME = "MobileNetV2 1.0 at 224"
"""What a table calls it."""
_SIZE = 224


def build_yardstick() -> Any:
    """Return the Keras model, for one picture at a time. Its weights are chance: they do not change its time."""
    import keras

    picture = keras.Input(batch_shape=(1, _SIZE, _SIZE, 3), name="image")
    return keras.applications.MobileNetV2(input_tensor=picture, alpha=1.0, weights=None)


def open_yardstick(model: Any, threads: int) -> Callable[[Image], object]:
    """Return what runs the model in LiteRT, in 32-bit floats; it ignores its argument, a picture of another size."""
    import tensorflow as tf
    from ai_edge_litert.interpreter import Interpreter

    content = tf.lite.TFLiteConverter.from_keras_model(model).convert()
    interpreter = Interpreter(model_content=content, num_threads=threads)
    interpreter.allocate_tensors()
    place = interpreter.get_input_details()[0]["index"]
    scaled = np.random.default_rng(3).uniform(-1, 1, (1, _SIZE, _SIZE, 3)).astype(np.float32)

    def run(_: Image) -> None:
        interpreter.set_tensor(place, scaled)
        interpreter.invoke()

    return run


def yardstick_in_onnx(model: Any) -> Any:
    """Return the model as an `onnx.ModelProto`, to count its work."""
    import tensorflow as tf
    import tf2onnx

    signature = [tf.TensorSpec((1, _SIZE, _SIZE, 3), tf.float32, name="image")]
    function = tf.function(lambda image: model(image, training=False), input_signature=signature)
    return tf2onnx.convert.from_function(function, input_signature=signature, opset=17)[0]
