"""Export a Keras model to ONNX, by tf2onnx, and run an ONNX file as a network, by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from currency_app.arrays import Floats, Image
from training.network.eight_bits import stays_in_float
from training.network.model import for_use

_OPSET = 17
"""Version of the ONNX operators."""


def write_onnx(model: Any, precision: str, pictures: Iterable[Image], file: Path) -> None:
    """Save a Keras model made by `build_model` as an ONNX file, with inputs and outputs as in TFLite.

    precision: fp32; fp16, for weights and arithmetic; or int8, which keeps the same layers in floats as in TFLite.
    pictures: uint8 [size, size, 3] RGB like its inputs, on which int8 finds the ranges of the activations.
    """
    import onnx

    in_floats = _in_floats(for_use(model))
    if precision == "fp16":
        from onnxruntime.transformers.float16 import convert_float_to_float16

        in_floats = convert_float_to_float16(in_floats, keep_io_types=True)
    if precision == "int8":
        _write_int8(in_floats, pictures, file)
    else:
        onnx.save(in_floats, file)


def _in_floats(network: Any) -> Any:
    """Return the network as an ONNX model in 32-bit floats."""
    import tensorflow as tf
    import tf2onnx

    signature = [tf.TensorSpec((1, *network.input_shape[1:]), tf.uint8, name="image")]

    def named(image: Any) -> Any:
        return {name: tf.identity(output, name=name) for name, output in network(image, training=False).items()}

    function = tf.function(named, input_signature=signature)
    return tf2onnx.convert.from_function(function, input_signature=signature, opset=_OPSET)[0]


def _write_int8(in_floats: Any, pictures: Iterable[Image], file: Path) -> None:
    """Quantize statically, with a scale for each channel; scales of activations are found on the pictures."""
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

    class Pictures(CalibrationDataReader):  # type: ignore[misc]
        def __init__(self) -> None:
            self._pictures: Iterator[Image] = iter(pictures)

        def get_next(self) -> dict[str, Image] | None:
            picture = next(self._pictures, None)
            return None if picture is None else {"image": picture[None]}

    quantize_static(
        in_floats,
        str(file),
        Pictures(),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        nodes_to_exclude=_in_float(in_floats.graph),
    )


def _in_float(graph: Any) -> list[str]:
    """Return the names of the nodes that stay in floats.

    A depthwise convolution has lost its name, but its activation has not, so the names after a node count too.
    """
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
    """An ONNX file as a `currency_app.recognition.network.Network`. threads: that run it."""

    def __init__(self, file: Path, threads: int = 1) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        """Return probabilities and corners: see `currency_app.recognition.network.Network`."""
        probabilities, corners = self._session.run(["probabilities", "corners"], {"image": picture[None]})
        return probabilities[0], corners[0]
