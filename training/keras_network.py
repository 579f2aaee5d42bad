"""The network of a bundle as it was trained, in Keras: to export it again, and to compare what was exported with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from currency_app.bundle import Bundle
from currency_app.errors import DataError
from training.model import build_model, for_use

WEIGHTS = "network.weights.h5"
"""Name of the file, beside the bundle's own, that keeps the trained weights."""


def save_network(model: Any, folder: Path) -> None:
    """Put a model's weights into a bundle's folder, without its optimizer's, which are three times as large."""
    import keras

    fresh = folder / f"fresh-{WEIGHTS}"
    keras.Model(model.input, model.output).save_weights(fresh)
    fresh.replace(folder / WEIGHTS)


def load_network(bundle: Bundle) -> Any:
    """The Keras model whose export a bundle holds. Raises DataError where its weights are not there or do not fit."""
    path = bundle.folder / WEIGHTS
    if not path.is_file():
        raise DataError(f"{bundle.folder} has no {WEIGHTS}: only a bundle written by `currency-train export` has it.")
    recipe = bundle.raw["training"]["recipe"]
    model = build_model(len(bundle.labels), bundle.width, recipe["alpha"], None, recipe.get("backbone", "mobilenet_v2"))
    try:
        model.load_weights(path)
    except (ValueError, OSError, KeyError) as error:
        raise DataError(f"{path} does not fit the bundle beside it: export the run again.") from error
    return model


class KerasNetwork:
    """A Keras model as what a Recognizer runs: see `currency_app.network.Network`."""

    def __init__(self, model: Any) -> None:

        self._model = for_use(model)

    def __call__(self, picture: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
        """See `currency_app.network.Network`."""
        outputs = self._model.predict_on_batch(picture[None])
        return np.asarray(outputs["probabilities"][0]), np.asarray(outputs["corners"][0])
