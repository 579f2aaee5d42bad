"""Keras to ONNX, by tf2onnx, and an ONNX file as a network again, by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from training.export.tflite import stays_in_float
from training.network.model import for_use

SUFFIX = ".onnx"
PRECISIONS = ("fp32", "fp16", "int8")
_OPSET = 17


def write_onnx(model: Any, precision: str, examples: Iterable[npt.NDArray[np.uint8]], file: Path) -> None:
    """Save a Keras model made by `build_model` as an ONNX file with the same inputs and outputs as its TFLite files.

    precision: fp32; fp16, weights and arithmetic; int8, the same layers kept in floats as in TFLite.
    examples: pictures uint8 [size, size, 3] RGB like those it will see, to find the ranges of its activations for int8.
    """
    import onnx

    in_floats = _in_floats(for_use(model))
    if precision == "fp16":
        from onnxruntime.transformers.float16 import convert_float_to_float16

        in_floats = convert_float_to_float16(in_floats, keep_io_types=True)
    if precision == "int8":
        _write_int8(in_floats, examples, file)
    else:
        onnx.save(in_floats, file)


def _in_floats(network: Any) -> Any:
    import tensorflow as tf
    import tf2onnx

    signature = [tf.TensorSpec((1, *network.input_shape[1:]), tf.uint8, name="image")]

    def named(image: Any) -> Any:
        return {name: tf.identity(output, name=name) for name, output in network(image, training=False).items()}

    function = tf.function(named, input_signature=signature)
    return tf2onnx.convert.from_function(function, input_signature=signature, opset=_OPSET)[0]


def _write_int8(in_floats: Any, examples: Iterable[npt.NDArray[np.uint8]], file: Path) -> None:
    """Static quantization with a scale for each channel; scales of activations from the examples."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Examples(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._pictures: Iterator[npt.NDArray[np.uint8]] = iter(examples)

        def get_next(self) -> dict[str, npt.NDArray[np.uint8]] | None:
            picture = next(self._pictures, None)
            return None if picture is None else {"image": picture[None]}

    quantize_static(
        in_floats,
        str(file),
        Examples(),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=_in_float(in_floats.graph),
    )


def _in_float(graph: Any) -> list[str]:
    """Names of the nodes that stay as they are. A depthwise convolution has lost its name, its activation has not."""
    after: dict[str, list[str]] = {}
    for node in graph.node:
        for value in node.input:
            after.setdefault(value, []).extend(node.output)
    return [
        node.name
        for node in graph.node
        if any(stays_in_float(f"/{name}/") for value in node.output for name in (value, *after.get(value, ())))
    ]


class OnnxNetwork:
    """An ONNX file as what a Recognizer runs: see `currency_app.recognition.network.Network`. One thread."""

    def __init__(self, file: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def __call__(self, picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """See `currency_app.recognition.network.Network`."""
        probabilities, corners = self._session.run(["probabilities", "corners"], {"image": picture[None]})
        return probabilities[0], corners[0]
