"""The network of a bundle: one picture in, probabilities and corners out. It runs on LiteRT."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.errors import BundleError
from currency_app.recognition.bundle import Bundle

_WHOLE_SIGNATURE = "serving_default"
"""Name of the signature for the whole picture in a file that has another too: TensorFlow calls one so unless told."""
_CANNOT_RUN = "{} cannot be run here: install the model bundle again."


class Network(Protocol):
    """The swap point between the recognizer and what runs a bundle's network."""

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        """Run the network on one picture.

        Args:
            picture: uint8 [height, width, 3] RGB: the whole picture or a closer look, each of the size that the bundle
                names; see `fit_picture` and `straighten`.

        Returns:
            Probabilities, float32 [labels], that sum to 1; and corners, float32 [9]: x and y of the note's own
            top-left, top-right, bottom-right and bottom-left as fractions of the picture, then the share of the note in
            view.
        """
        ...


class LiteRTNetwork:
    """The bundle's TFLite file, or files. Not safe to share between threads: each needs its own.

    LiteRT prepares a network for one shape, and to prepare it anew for each look would take longer than to run it. So
    a bundle whose closer looks have another shape than the whole picture has a signature for each in its file, which
    share their weights; older ones have a second file.

    threads: one unless given, because a second one gains nothing on a busy machine and makes the slowest frames slower.
    Raises BundleError if a model cannot be run.
    """

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        interpreter = interpreter_of(bundle.model, threads)
        whole, closer = (bundle.height, bundle.width), bundle.closer
        shared = closer is not None and closer.model == bundle.model
        signature = _WHOLE_SIGNATURE if shared else None
        self._runners = {whole: _runner(interpreter, bundle.model, signature, bundle, whole)}
        if closer is not None:
            if not shared:
                interpreter = interpreter_of(closer.model, threads)
            shape = (closer.height, closer.width)
            self._runners[shape] = _runner(interpreter, closer.model, closer.signature, bundle, shape)

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        """Run the network on one picture; see `Network`."""
        outputs = self._runners[picture.shape[:2]](image=picture[None])
        return outputs["probabilities"][0], outputs["corners"][0]


def interpreter_of(model: Path, threads: int) -> Any:
    """Return what runs a TFLite file. Raises BundleError if it cannot be run."""
    from ai_edge_litert.interpreter import Interpreter

    try:
        # Not by its path: LiteRT takes none that is no UTF-8, and opens it in C, where Windows takes its own code page.
        content = model.read_bytes()
        with _silent_standard_error():
            interpreter = Interpreter(model_content=content, num_threads=threads)
            interpreter.allocate_tensors()
    except (OSError, ValueError, RuntimeError) as error:
        raise BundleError(_CANNOT_RUN.format(model)) from error
    return interpreter


def _runner(interpreter: Any, model: Path, signature: str | None, bundle: Bundle, shape: tuple[int, int]) -> Any:
    """Return what runs a signature on pictures of a height and width.

    signature: None for the only one of its file.
    """
    try:
        run = interpreter.get_signature_runner(signature)
        shapes = {name: output.shape for name, output in run(image=np.zeros((1, *shape, 3), np.uint8)).items()}
    except (ValueError, RuntimeError) as error:
        raise BundleError(_CANNOT_RUN.format(model)) from error
    if shapes != {"probabilities": (1, len(bundle.labels)), "corners": (1, 9)}:
        raise BundleError(f"{model} does not give the outputs of its bundle.json: install the bundle again.")
    return run


@contextlib.contextmanager
def _silent_standard_error() -> Iterator[None]:
    """Silence standard error, on which LiteRT reports its start; it has no switch for that.

    Many users hear standard error read aloud.
    """
    try:
        original = os.dup(2)
    except OSError:  # no standard error to silence
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(original, 2)
        os.close(original)
        os.close(nowhere)
