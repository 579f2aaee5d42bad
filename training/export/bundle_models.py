"""The TFLite models of a bundle: one for each shape of its pictures, all of one network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from currency_app.arrays import Image
from training.dataset.manifest import LabelledImage, labels_to_learn, of_split
from training.export.quiet import quietly
from training.export.tflite import to_tflite
from training.fitting.batches import encode_batch, mixed_batch, recipe_sampler
from training.network.model import reshaped
from training.recipe import Recipe

_RANGE_PICTURES = 300
"""Training pictures that are made to find the ranges of activations for int8. Chosen by hand."""


def tflite_models(
    model: Any,
    recipe: Recipe,
    precision: str,
    pictures: tuple[Image, Image | None] | None = None,
    *,
    locates: bool = True,
) -> tuple[bytes, bytes | None]:
    """Return a network as TFLite files: for whole pictures, and for closer looks of another shape if there are such.

    LiteRT, ONNX Runtime and Core ML all prepare a network for one shape, and 8-bit integers have their ranges for it.
    `write_bundle` puts both into one file.

    pictures: for int8, on which it finds the ranges: see `range_pictures`. locates: see `write_bundle`.
    """
    of_whole, of_closer = pictures or ((), None)
    with quietly():  # of a hundred lines
        whole = to_tflite(model, precision, of_whole)
        if not (recipe.closer_size and locates):
            return whole, None
        closer = reshaped(model, recipe.closer_height, recipe.closer_width)
        return whole, to_tflite(closer, precision, () if of_closer is None else of_closer)


def range_pictures(recipe: Recipe, images: Sequence[LabelledImage]) -> tuple[Image, Image | None]:
    """Return pictures like those the network learnt from, whole ones and closer looks, uint8 [n, height, width, 3] RGB.

    Closer looks are among the whole pictures, and the second is None, unless they have a shape of their own.
    """
    labels = labels_to_learn(images, recipe.currency)
    sampler = recipe_sampler(recipe, of_split(images, "train"))
    rngs = (np.random.default_rng([recipe.seed, 10**6, row]) for row in range(_RANGE_PICTURES))
    pictures, _ = encode_batch(mixed_batch(sampler, recipe, rngs), labels, recipe)
    return (pictures["image"], pictures["closer"]) if isinstance(pictures, dict) else (pictures, None)
