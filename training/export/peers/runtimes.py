"""What else could run a bundle's network, each opened as a `Network`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import LiteRTNetwork, Network
from training.export.onnx import OnnxNetwork
from training.network.model import for_use

_KERAS = ("keras", "tensorflow")
_ONNX = (*_KERAS, "onnx", "tf2onnx")
"""Packages that an ONNX file is made with."""


@dataclass(frozen=True)
class PeerFiles:
    """What the peers are opened from: one trained network in several forms."""

    bundle: Bundle
    """The bundle, whose own TFLite file is one of them."""
    model: Any
    """The network in Keras; None if Keras is not installed."""
    folder: Path
    """Where its other files lie, each named by its precision."""
    threads: int
    """Threads that each may use."""

    def file(self, precision: str, suffix: str) -> Path:
        """Return where the network lies in a precision as a kind of file."""
        return self.folder / f"{precision}{suffix}"


@dataclass(frozen=True)
class Peer:
    """One way to run the network."""

    runtime: str
    """What runs it, as a table names it."""
    precision: str
    """fp32 or int8; empty for that of the bundle's own file."""
    needs: tuple[str, ...]
    """Packages to be installed."""
    open: Callable[[PeerFiles], Network]
    """Returns it, ready to run."""


OWN = "LiteRT (this app)"
"""The runtime that the app uses."""
KERAS_PREDICT = "Keras predict"
"""The usual way to run a Keras model, which many programs of this kind use for every frame."""


def _litert(material: PeerFiles) -> Network:
    file = material.file("fp32", ".tflite")
    return LiteRTNetwork(replace(material.bundle, model=file, closer=None), material.threads)


def _keras_predict(material: PeerFiles) -> Network:
    model = for_use(material.model)
    return lambda picture: _first(model.predict(picture[None], verbose=0))


def _keras_on_batch(material: PeerFiles) -> Network:
    model = for_use(material.model)
    return lambda picture: _first(model.predict_on_batch(picture[None]))


def _tf_function(material: PeerFiles) -> Network:
    import tensorflow as tf

    model = for_use(material.model)
    signature = [tf.TensorSpec((1, *model.input_shape[1:]), tf.uint8)]
    run = tf.function(lambda image: model(image, training=False), input_signature=signature)
    return lambda picture: _first(run(picture[None]))


def _onnx_runtime(precision: str) -> Callable[[PeerFiles], Network]:
    return lambda material: OnnxNetwork(material.file(precision, ".onnx"), material.threads)


def _openvino(precision: str) -> Callable[[PeerFiles], Network]:
    def opened(material: PeerFiles) -> Network:
        import openvino

        options: dict[str, Any] = {"INFERENCE_NUM_THREADS": material.threads, "PERFORMANCE_HINT": "LATENCY"}
        if precision == "fp32":  # else it computes in 16-bit floats on processors that can
            options["INFERENCE_PRECISION_HINT"] = "f32"
        core = openvino.Core()
        network = core.read_model(material.file(precision, ".onnx"))
        request = core.compile_model(network, "CPU", options).create_infer_request()
        return lambda picture: _first(request.infer({"image": picture[None]}))

    return opened


def _opencv(material: PeerFiles) -> Network:
    import cv2

    network = cv2.dnn.readNetFromONNX(str(material.file("fp32", ".onnx")))

    def run(picture: Image) -> tuple[Floats, Floats]:
        network.setInput(picture[None], "image")
        probabilities, corners = network.forward(["probabilities", "corners"])
        return probabilities[0], corners[0]

    return run


def _first(outputs: Mapping[str, Any]) -> tuple[Floats, Floats]:
    """Return the outputs for the first picture of a batch."""
    return np.asarray(outputs["probabilities"])[0], np.asarray(outputs["corners"])[0]


PEERS = (
    Peer(OWN, "", (), lambda material: LiteRTNetwork(material.bundle, material.threads)),
    Peer(OWN, "fp32", _KERAS, _litert),
    Peer(KERAS_PREDICT, "fp32", _KERAS, _keras_predict),
    Peer("Keras predict_on_batch", "fp32", _KERAS, _keras_on_batch),
    Peer("tf.function", "fp32", _KERAS, _tf_function),
    Peer("ONNX Runtime", "fp32", (*_ONNX, "onnxruntime"), _onnx_runtime("fp32")),
    Peer("ONNX Runtime", "int8", (*_ONNX, "onnxruntime"), _onnx_runtime("int8")),
    Peer("OpenVINO", "fp32", (*_ONNX, "openvino"), _openvino("fp32")),
    Peer("OpenVINO", "int8", (*_ONNX, "onnxruntime", "openvino"), _openvino("int8")),
    Peer("OpenCV dnn", "fp32", _ONNX, _opencv),
)
"""All of them, the app's own first."""
