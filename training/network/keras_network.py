"""The network of a bundle as it was trained, in Keras.

It is kept to export it again, and to compare what was exported with it.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.errors import DataError
from currency_app.recognition.bundle import Bundle, sha256_of
from training.network.eight_bits import exported_kernels, in_steps, kernels_in_8_bits
from training.network.model import build_model, for_use, reshaped
from training.writable import replacing

WEIGHTS = "network.npz"
"""Name of the file, beside the bundle's own, that keeps the trained weights which the TFLite file has not."""

_ENTRY = "network"
"""Key of the entry of bundle.json that keeps the file's name and SHA-256; bundles from before November 2026 lack it."""
_WEIGHT, _SCALE, _TENSOR = "arr_{}", "scale_{}", "tensor_{}"
"""Names in the file, by a weight's place in `get_weights`: of the weight, and of what it is multiplied by if it is in 8
bits; or in place of both, of its number in the TFLite file."""


def round_weights(model: Any, precision: str) -> None:
    """Round a model's weights as `save_network` keeps them, so that all exports are of the same network.

    precision: of the bundle, fp32 or int8. fp32 rounds to 16-bit floats. int8 then rounds the kernels that TFLite will
    have in 8 bits to just these.
    """
    kernels = kernels_in_8_bits(model) if precision == "int8" else {}
    rounded = [weight.astype(np.float16).astype(np.float32) for weight in model.get_weights()]
    for place, axes in kernels.items():
        steps, scale = in_steps(rounded[place], axes)
        rounded[place] = steps * scale
    model.set_weights(rounded)


def save_network(model: Any, folder: Path, exported: Path | None = None) -> dict[str, dict[str, str]]:
    """Save a model's weights in a bundle's folder, in 16-bit floats, and in 8 bits what is rounded to them.

    exported: the bundle's TFLite file. What that has in 8 bits, to the last bit, is not kept a second time.
    Returns the entry of the bundle's description by which `load_network` knows the file again.
    """
    kept = {_WEIGHT.format(place): weight.astype(np.float16) for place, weight in enumerate(model.get_weights())}
    tensors = (
        {} if exported is None else {_key(kernel): number for number, kernel in exported_kernels(exported).items()}
    )
    weights = model.get_weights()
    for place, axes in kernels_in_8_bits(model).items():
        steps, scale = in_steps(weights[place], axes)
        if _key(weights[place]) in tensors:
            del kept[_WEIGHT.format(place)]
            kept[_TENSOR.format(place)] = np.array(tensors[_key(weights[place])], np.int32)
        elif np.array_equal(steps * scale, weights[place]):
            kept |= {_WEIGHT.format(place): steps, _SCALE.format(place): scale}
    with replacing(folder / WEIGHTS) as fresh:
        np.savez_compressed(fresh, **kept)
    return {_ENTRY: {"file": WEIGHTS, "sha256": sha256_of(folder / WEIGHTS)}}


def load_network(bundle: Bundle) -> Any:
    """Return the Keras model that a bundle was exported from.

    Raises DataError if its weights are not in the bundle's folder, or do not fit.
    """
    path = bundle.folder / WEIGHTS
    if not path.is_file():
        raise DataError(
            f"{bundle.folder} has no {WEIGHTS}: only a bundle written by `currency-train export` has it, or by `fit`, "
            "and models/usd in a checkout. Name such a folder with --bundle, or stand in the checkout."
        )
    misfit = f"{path} does not fit the bundle beside it: export the run again, or copy the whole bundle again."
    expected = bundle.raw.get(_ENTRY, {}).get("sha256")
    if expected is not None and sha256_of(path) != expected:
        raise DataError(misfit)
    try:
        recipe = bundle.raw["training"]["recipe"]
        backbone = recipe.get("backbone", "mobilenet_v2")
        model = build_model(len(bundle.labels), bundle.width, recipe["alpha"], None, backbone)
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"{bundle.folder / 'bundle.json'} lacks or garbles its recipe: copy it again.") from error
    try:
        with path.open("rb") as stream:
            kept = np.load(stream, allow_pickle=False)
            model.set_weights(_kept_weights(kept, bundle.model))
    except (ValueError, OSError, EOFError, KeyError, AttributeError, TypeError, BadZipFile, zlib.error) as error:
        raise DataError(misfit) from error
    return model


def _kept_weights(kept: Any, exported: Path) -> list[Floats]:
    """Return the weights of a file, in their order. exported: the TFLite file that has the others."""
    elsewhere = [name for name in kept.files if name.startswith(_TENSOR.format(""))]
    kernels = exported_kernels(exported) if elsewhere else {}
    weights = []
    for place in range(len(elsewhere) + sum(name.startswith(_WEIGHT.format("")) for name in kept.files)):
        tensor, scale = _TENSOR.format(place), _SCALE.format(place)
        if tensor in elsewhere:
            weights.append(kernels[int(kept[tensor])])
        else:
            weight = kept[_WEIGHT.format(place)].astype(np.float32)
            weights.append(np.asarray(weight * kept[scale] if scale in kept else weight, np.float32))
    return weights


def _key(kernel: Floats) -> tuple[tuple[int, ...], bytes]:
    return kernel.shape, kernel.tobytes()


def start_from(model: Any, bundle: Bundle, labels: Sequence[str] = ()) -> None:
    """Give a new model the weights of a bundle's network.

    labels: names of the model's outputs. Unless they are the bundle's, in its order, the layer that says which output
    is which note stays as it is, to be learnt anew.
    Raises DataError if that network is not there, or has another backbone.
    """
    trained = {layer.name: layer for layer in load_network(bundle).layers}
    same_labels = list(labels) == [label.name for label in bundle.labels]
    for layer in model.layers:
        if not layer.weights or (layer.name == "probabilities" and not same_labels):
            continue
        weights = trained[layer.name].get_weights() if layer.name in trained else []
        if [weight.shape for weight in weights] != [weight.shape for weight in layer.get_weights()]:
            raise DataError(f"{bundle.folder} has another backbone than the recipe: give both the same, and its width.")
        layer.set_weights(weights)


class KerasNetwork:
    """A Keras model as a `currency_app.recognition.network.Network`, which a Recognizer runs.

    It takes pictures of every shape that the network can read, one after another.
    """

    def __init__(self, model: Any) -> None:
        """model: made by `build_model`."""
        self._model = model
        self._for_shape = {tuple(model.input_shape[1:3]): for_use(model)}

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        """Return probabilities and corners: see `currency_app.recognition.network.Network`."""
        shape = picture.shape[:2]
        if shape not in self._for_shape:
            self._for_shape[shape] = for_use(reshaped(self._model, *shape))
        outputs = self._for_shape[shape].predict_on_batch(picture[None])
        return np.asarray(outputs["probabilities"][0]), np.asarray(outputs["corners"][0])
