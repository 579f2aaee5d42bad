"""Run the comparison: make the files, open every peer, and let them take turns."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.errors import DataError
from currency_app.recognition.bundle import Bundle, load_bundle
from currency_app.recognition.network import Network
from training.export.onnx import write_onnx
from training.export.peers import work, yardstick
from training.export.peers.comparison import PeerComparison, TimedPeer, TimedYardstick
from training.export.peers.runtimes import KERAS_PREDICT, PEERS, Peer, PeerFiles
from training.export.quiet import load_tensorflow, quietly
from training.export.tflite import to_tflite
from training.export.timing import interleaved_ms
from training.network import WEIGHTS, load_network, trained_bundle

_ROUNDS = 30
"""How often each peer has its turn."""
_RUNS = 4
"""Runs of a peer in a turn: with the rounds, 120 in all, half a minute or a minute."""
_ONEDNN = "TF_ENABLE_ONEDNN_OPTS"
"""TensorFlow reads it while it loads. It turns oneDNN on by itself on some processors only, and others lose by that."""
_INSTALL = "pip install '.[bench]' in the clone"


def compare_speed(bundle: Bundle, pictures: Sequence[Image], threads: int = 1, rounds: int = _ROUNDS) -> PeerComparison:
    """Time a bundle's network as the app runs it beside its peers, in turns.

    A peer whose package is not installed is named with how to install it, and one that cannot run the network with
    why. TensorFlow, if it is not loaded yet, gets oneDNN and as many threads as the others.
    pictures: uint8 [height, width, 3] RGB, as the network takes them. threads: of each. rounds: how often each has its
    turn. Raises DataError if the bundle's trained weights are not here.
    """
    with contextlib.ExitStack() as undone:
        undone.enter_context(opencv_threads(threads))
        folder = Path(undone.enter_context(tempfile.TemporaryDirectory()))
        model, tensorflow = _trained(bundle, threads)
        material = PeerFiles(bundle, model, folder, threads)
        with quietly():
            networks, reasons = _open_all(material, pictures)
            extra, operations = _other_work(material)
            times = interleaved_ms({**networks, **extra}, pictures, rounds, _RUNS)
    outputs = {peer: network(pictures[0]) for peer, network in networks.items()}
    truth = next((found for peer, found in outputs.items() if peer.runtime == KERAS_PREDICT), None)
    return PeerComparison(
        threads=threads,
        tensorflow=tensorflow,
        rows=tuple(
            TimedPeer(
                runtime=peer.runtime,
                precision=peer.precision or _precision_of(bundle),
                shipped=not peer.precision,
                times_ms=tuple(times.get(peer, ())),
                difference=_difference(outputs.get(peer), truth),
                reason=reasons.get(peer, ""),
            )
            for peer in PEERS
        ),
        operations=operations.get("network"),
        peaks={name: work.PEAK_WORK / min(times[name]) / 1e6 for name in ("fp32", "int8") if name in times},
        yardstick=TimedYardstick(yardstick.NAME, tuple(times[yardstick.NAME]), operations[yardstick.NAME])
        if yardstick.NAME in operations
        else None,
    )


def _trained(bundle: Bundle, threads: int) -> tuple[Any, str]:
    """Return the bundle's network in Keras, and a line about TensorFlow; None for it without TensorFlow."""
    if _missing(("keras", "tensorflow")):
        return None, ""
    line = _load_tensorflow(threads)
    found = load_bundle(trained_bundle(str(bundle.folder)))
    if not (found.folder / WEIGHTS).is_file():
        raise DataError(
            f"{bundle.folder} has no {WEIGHTS}, the weights that the peers run: compare with a bundle that has them, "
            "such as --currency models/usd in a clone, or one that `currency-train` wrote."
        )
    with quietly():
        return load_network(found), line


def _load_tensorflow(threads: int) -> str:
    """Load TensorFlow with oneDNN and so many threads, as far as it is not too late; say what holds."""
    if "tensorflow" not in sys.modules:
        os.environ.setdefault(_ONEDNN, "1")
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    load_tensorflow()
    import tensorflow as tf

    onednn = "with oneDNN" if os.environ.get(_ONEDNN) == "1" else f"without {_ONEDNN}=1"
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(threads)
    except RuntimeError:  # it runs already
        return f"TensorFlow runs {onednn}, and with threads of its own choice"
    return f"TensorFlow runs {onednn}"


def _open_all(material: PeerFiles, pictures: Sequence[Image]) -> tuple[dict[Any, Network], dict[Peer, str]]:
    """Return the peers that can be run, and for each other one the reason why not."""
    networks: dict[Any, Network] = {}
    reasons = {}
    for peer in PEERS:
        missing = _missing(peer.needs)
        if missing:
            reasons[peer] = f"needs {', '.join(missing)}: {_INSTALL}"
            continue
        try:
            _make_file(material, peer, pictures)
            network = peer.open(material)
            network(pictures[0])
            networks[peer] = network
        except Exception as error:  # whatever a peer raises, it is the peer's row that says so
            if not peer.needs:
                raise
            reasons[peer] = f"cannot run it: {type(error).__name__}: {' '.join(str(error).split())[:120]}"
    return networks, reasons


def _make_file(material: PeerFiles, peer: Peer, pictures: Sequence[Image]) -> None:
    """Write the file that a peer reads, unless it is there."""
    if "tf2onnx" in peer.needs and not material.file(peer.precision, ".onnx").exists():
        write_onnx(material.model, peer.precision, pictures, material.file(peer.precision, ".onnx"))
    if peer.needs and not material.file("fp32", ".tflite").exists():
        material.file("fp32", ".tflite").write_bytes(to_tflite(material.model, "fp32"))


def _other_work(material: PeerFiles) -> tuple[dict[Any, Callable[[Image], object]], dict[str, int]]:
    """Return what is timed besides the peers, by name: products of matrices, and the yardstick.

    And the operations of the network, and of the yardstick, as far as they can be counted here.
    """
    found: dict[Any, Callable[[Image], object]] = {}
    operations = {}
    if not _missing(("onnx", "onnxruntime")):
        for precision in ("fp32", "int8"):
            found[precision] = work.matrix_product(precision, material.threads)
    if material.model is not None and not _missing(("onnx", "tf2onnx")):
        import onnx

        if material.file("fp32", ".onnx").exists():
            operations["network"] = work.count_operations(onnx.load(material.file("fp32", ".onnx")))
        model = yardstick.build_yardstick()
        operations[yardstick.NAME] = work.count_operations(yardstick.yardstick_in_onnx(model))
        found[yardstick.NAME] = yardstick.open_yardstick(model, material.threads)
    return found, operations


def _missing(packages: Sequence[str]) -> list[str]:
    return [package for package in packages if find_spec(package) is None]


def _precision_of(bundle: Bundle) -> str:
    return str(bundle.raw["model"].get("precision", "as shipped"))


def _difference(outputs: tuple[Floats, Floats] | None, truth: tuple[Floats, Floats] | None) -> float | None:
    """Return the largest difference of a probability."""
    return None if outputs is None or truth is None else float(np.abs(outputs[0] - truth[0]).max())


@contextlib.contextmanager
def opencv_threads(threads: int) -> Iterator[None]:
    """Let OpenCV have so many threads, and afterwards as many as before."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(threads)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
