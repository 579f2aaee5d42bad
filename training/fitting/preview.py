"""A sheet of made-up training pictures with their labels drawn in, to look at before training on them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np

from currency_app.arrays import Drawing
from currency_app.errors import DataError
from training.dataset.manifest import LabelledImage, of_split
from training.fitting.batches import mixed_batch, recipe_sampler
from training.recipe import Recipe
from training.synthesis.scene import Sample
from training.writable import write_bytes

_COLUMNS = 8
"""Pictures in a row of the sheet."""


def write_preview(
    target: Path,
    recipe: Recipe,
    images: Sequence[LabelledImage],
    count: int,
    progress: Callable[[Iterable[int]], Iterable[int]] = iter,
) -> None:
    """Write a PNG of so many samples of the recipe. Raises DataError if it cannot be written.

    progress: wraps the samples' numbers, as tqdm does.
    """
    sampler = recipe_sampler(recipe, of_split(images, "train"))
    rngs = (np.random.default_rng([recipe.seed, number]) for number in progress(range(count)))
    tiles = [_tile(sample, recipe.detail) for sample in mixed_batch(sampler, recipe, rngs)]
    tiles += [np.zeros_like(tiles[0])] * (-count % _COLUMNS if count > _COLUMNS else 0)
    columns = min(count, _COLUMNS)
    rows = [
        np.hstack(tiles[start : start + columns]) for start in range(0, math.ceil(count / columns) * columns, columns)
    ]
    packed, data = cv2.imencode(".png", np.vstack(rows))
    if not packed:
        raise DataError(f"{target} cannot be written: choose another place.")
    write_bytes(target, data.tobytes())


def _tile(sample: Sample, size: int) -> Drawing:
    """Return a sample with its corners, the first one marked, and its class name: uint8 [size, size, 3] BGR.

    A picture that is no square leaves the tile black below it, or beside it.
    """
    shape = np.round(np.array(sample.picture.shape[1::-1]) * size / max(sample.picture.shape[:2])).astype(int)
    picture = cv2.resize(sample.picture, shape.tolist(), interpolation=cv2.INTER_AREA)
    if sample.corners is not None:
        points = np.round(sample.corners * shape).astype(np.int32)
        cv2.polylines(picture, [points], True, (0, 255, 0), 1, cv2.LINE_AA)
        cv2.circle(picture, tuple(int(v) for v in points[0]), 4, (0, 0, 255), -1)
    tile = np.zeros((size, size, 3), np.uint8)
    tile[: shape[1], : shape[0]] = picture
    cv2.putText(tile, sample.class_name, (3, size - 5), cv2.FONT_HERSHEY_SIMPLEX, 0.4, (255, 0, 255), 1)
    return tile
