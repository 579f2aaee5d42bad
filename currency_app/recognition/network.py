"""The network of a bundle: one picture in, probabilities and corners out. It runs on LiteRT."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Protocol

import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.errors import BundleError
from currency_app.recognition.bundle import Bundle


class Network(Protocol):
    """The swap point between the recognizer and what runs a bundle's network."""

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        """Run the network on one picture.

        Args:
            picture: uint8 [height, width, 3] RGB, of the size that the bundle names; see `fit_picture`.

        Returns:
            Probabilities, float32 [labels], that sum to 1; and corners, float32 [9]: x and y of the note's own
            top-left, top-right, bottom-right and bottom-left as fractions of the picture, then the share of the note in
            view.
        """
        ...


class LiteRTNetwork:
    """The bundle's `model.tflite`. Not safe to share between threads: each needs its own.

    threads: one unless given, because a second one gains nothing on a busy machine and makes the slowest frames slower.
    Raises BundleError if the model cannot be run.
    """

    def __init__(self, bundle: Bundle, threads: int = 1) -> None:
        from ai_edge_litert.interpreter import Interpreter

        try:
            with _silent_standard_error():
                interpreter = Interpreter(model_path=str(bundle.model), num_threads=threads)
                interpreter.allocate_tensors()
            self._run = interpreter.get_signature_runner()
            outputs = self._run(image=np.zeros((1, bundle.height, bundle.width, 3), np.uint8))
            shapes = {name: output.shape for name, output in outputs.items()}
        except (ValueError, RuntimeError) as error:
            raise BundleError(f"{bundle.model} cannot be run here: install the model bundle again.") from error
        if shapes != {"probabilities": (1, len(bundle.labels)), "corners": (1, 9)}:
            raise BundleError(f"{bundle.model} does not give the outputs of its bundle.json: install the bundle again.")

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        """Run the network on one picture; see `Network`."""
        outputs = self._run(image=picture[None])
        return outputs["probabilities"][0], outputs["corners"][0]


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
