"""The network of a bundle as it was trained, in Keras: to export it again, and to compare what was exported with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from currency_app.errors import DataError
from currency_app.recognition.bundle import Bundle
from training.network.model import build_model, for_use
from training.writable import replacing

WEIGHTS = "network.npz"
"""Name of the file, beside the bundle's own, that keeps the trained weights as 16-bit floats."""


def round_weights(model: Any) -> None:
    """Leave of a model's weights what `save_network` keeps of them, so that all exports are of the same network."""
    model.set_weights([weight.astype(np.float16).astype(np.float32) for weight in model.get_weights()])


def save_network(model: Any, folder: Path) -> None:
    """Put a model's weights into a bundle's folder."""
    with replacing(folder / WEIGHTS) as fresh:
        np.savez_compressed(fresh, *[weight.astype(np.float16) for weight in model.get_weights()])


def load_network(bundle: Bundle) -> Any:
    """The Keras model whose export a bundle holds. Raises DataError where its weights are not there or do not fit."""
    path = bundle.folder / WEIGHTS
    if not path.is_file():
        raise DataError(f"{bundle.folder} has no {WEIGHTS}: only a bundle written by `currency-train export` has it.")
    recipe = bundle.raw["training"]["recipe"]
    model = build_model(len(bundle.labels), bundle.width, recipe["alpha"], None, recipe.get("backbone", "mobilenet_v2"))
    try:
        with np.load(path) as kept:
            model.set_weights([kept[name].astype(np.float32) for name in kept.files])
    except (ValueError, OSError, BadZipFile) as error:
        raise DataError(f"{path} does not fit the bundle beside it: export the run again.") from error
    return model


def start_from(model: Any, bundle: Bundle) -> None:
    """Give a new model what a bundle's network has learnt, all but which outputs stand for which notes.

    Raises DataError where that network is not there, or has another backbone.
    """
    learnt = {layer.name: layer for layer in load_network(bundle).layers}
    for layer in model.layers:
        if layer.name == "probabilities" or not layer.weights:
            continue
        taken = learnt[layer.name].get_weights() if layer.name in learnt else []
        if [weight.shape for weight in taken] != [weight.shape for weight in layer.get_weights()]:
            raise DataError(f"{bundle.folder} has another backbone than the recipe: give both the same, and its width.")
        layer.set_weights(taken)


class KerasNetwork:
    """A Keras model as what a Recognizer runs: see `currency_app.recognition.network.Network`."""

    def __init__(self, model: Any) -> None:

        self._model = for_use(model)

    def __call__(self, picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """See `currency_app.recognition.network.Network`."""
        outputs = self._model.predict_on_batch(picture[None])
        return np.asarray(outputs["probabilities"][0]), np.asarray(outputs["corners"][0])
