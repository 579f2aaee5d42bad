"""Train the small network that reads numerals. It takes minutes, so it is not resumed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from currency_app.arrays import Floats, Image, Numbers
from training.network.numerals import build_numeral_model
from training.parallel import on_every_core
from training.progress import Progress

_BATCH = 192
_LEARNING_RATE = 3e-3
_WARM_UP = 0.05
"""Share of the steps in which the learning rate rises."""
_WEIGHT_DECAY = 1e-3
_INVERTED_SHARE = 0.3
"""How many corners are shown as negatives: white figures on black ground are as common as black on white."""
_ERASED_SHARE = 0.25
"""How many have a patch of one grey over them."""
_MAX_SHIFT = 3
"""Pixels by which the corners of a batch are moved."""


@dataclass(frozen=True, eq=False)
class CropSet:
    """Training pictures of the network."""

    crops: Image
    """uint8 [n, height, width] grey."""
    outputs: np.ndarray[Any, np.dtype[np.int64]]
    """int64 [n]: what each shows."""

    def shares(self, outputs: int) -> tuple[float, ...]:
        """Return the share of each output, over 0."""
        counts = np.bincount(self.outputs, minlength=outputs) + 1
        return tuple(round(float(share), 4) for share in counts / counts.sum())


def make_crops(make: Callable[[int], CropSet], parts: int, progress: Progress) -> CropSet:
    """Return training pictures made in one process for each core.

    make: returns those of a part, by its number; picklable. parts: how many there are.
    """
    made: list[CropSet] = on_every_core(make, range(parts), progress)
    return CropSet(np.concatenate([part.crops for part in made]), np.concatenate([part.outputs for part in made]))


def fit_numerals(crops: CropSet, outputs: int, epochs: int, seed: int, progress: Progress) -> Any:
    """Return a trained Keras network; see `build_numeral_model`. outputs: how many it has."""
    import keras

    keras.utils.set_random_seed(seed)
    high, wide = crops.crops.shape[1:]
    model = build_numeral_model((wide, high), outputs)
    steps = epochs * max(len(crops.crops) // _BATCH, 1)
    rising = max(int(steps * _WARM_UP), 1)
    rate = keras.optimizers.schedules.CosineDecay(
        _LEARNING_RATE / 10, max(steps - rising, 1), warmup_target=_LEARNING_RATE, warmup_steps=rising
    )
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=_WEIGHT_DECAY),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    rng = np.random.default_rng(seed)
    for _ in progress(range(steps), unit="step"):
        chosen = rng.choice(len(crops.crops), min(_BATCH, len(crops.crops)), replace=False)
        model.train_on_batch(varied(rng, crops.crops[chosen]), crops.outputs[chosen])
    return model


def varied(rng: np.random.Generator, crops: Image) -> Floats:
    """Return a batch of corners as negatives, brighter, moved or with a patch over them, float32 [n, h, w, 1]."""
    count, high, wide = crops.shape
    batch: Numbers = crops.astype(np.float32)
    inverted = rng.random(count) < _INVERTED_SHARE
    batch[inverted] = 255 - batch[inverted]
    gamma = rng.uniform(0.6, 1.6, (count, 1, 1)).astype(np.float32)
    batch = 255 * (batch / 255) ** gamma
    shift = rng.integers(-_MAX_SHIFT, _MAX_SHIFT + 1, 2)
    batch = np.roll(batch, tuple(int(by) for by in shift), (1, 2))
    for row in np.flatnonzero(rng.random(count) < _ERASED_SHARE):
        width, height = int(rng.integers(4, wide // 4 + 1)), int(rng.integers(4, high // 3))
        x, y = int(rng.integers(0, wide - width)), int(rng.integers(0, high - height))
        batch[row, y : y + height, x : x + width] = rng.uniform(0, 255)
    return np.asarray(batch[..., None], np.float32)
