"""Feeds samples to Keras: batches made in the background while the network learns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from training.dataset.labels import BACKGROUND, Label
from training.model import VOTE_STRIDE
from training.synthesis.sampler import Sampler
from training.synthesis.scene import Sample

_FARTHEST_OUTSIDE = 1.0
"""Corners farther outside the picture than this, in pictures, cannot be told and are not asked for."""

Batch = tuple[npt.NDArray[np.uint8], dict[str, npt.NDArray[np.float32]]]


def encode(samples: Sequence[Sample], labels: Sequence[Label]) -> Batch:
    """Samples as the network takes them.

    Returns uint8 [batch, size, size, 3] RGB and the answers: `probabilities` float32 [batch, labels] one-hot;
    `corners` float32 [batch, 10], the 9 outputs, then 1 where they are known, else 0; `votes` float32
    [batch, g, g, 10], for each cell 1 where it lies on the note, the 8 corners, then 1 where that is known, else 0.
    """
    index = {label.name: number for number, label in enumerate(labels)}
    pictures = np.stack([cv2.cvtColor(sample.picture, cv2.COLOR_BGR2RGB) for sample in samples])
    grid = pictures.shape[1] // VOTE_STRIDE
    one_hot = np.zeros((len(samples), len(labels)), np.float32)
    places = np.zeros((len(samples), 10), np.float32)
    votes = np.zeros((len(samples), grid, grid, 10), np.float32)
    for row, sample in enumerate(samples):
        one_hot[row, index[sample.class_name]] = 1
        votes[row, ..., 9] = sample.class_name == BACKGROUND
        if sample.corners is not None and sample.in_view is not None:
            known = bool(np.all(np.abs(sample.corners - 0.5) < 0.5 + _FARTHEST_OUTSIDE))
            places[row] = [*sample.corners.ravel(), sample.in_view, float(known)]
            votes[row, ..., 0] = _cells_on_note(sample.corners, grid)
            votes[row, ..., 1:9] = places[row, :8]
            votes[row, ..., 9] = known
    return pictures.astype(np.uint8), {"probabilities": one_hot, "corners": places, "votes": votes}


def _cells_on_note(corners: npt.NDArray[np.float32], grid: int) -> npt.NDArray[np.float32]:
    """1 where the middle of a cell lies on the note, else 0: [grid, grid]."""
    fine = 8  # OpenCV fills whole pixels, so the note is filled finely and looked up at the cells' middles
    canvas = np.zeros((grid * fine, grid * fine), np.uint8)
    cv2.fillPoly(canvas, [np.round(corners * grid * fine - 0.5).astype(np.int32)], 1)
    return canvas[fine // 2 :: fine, fine // 2 :: fine].astype(np.float32)


def make_batches(
    sampler: Sampler, labels: Sequence[Label], *, seed: int, epoch: int, batches: int, batch_size: int, workers: int
) -> Any:
    """A keras.utils.PyDataset of one epoch. The same seed and epoch give the same pictures, in any worker."""
    import keras

    # The workers are threads already: OpenCV's own, made for one large picture, would only wait for a free core.
    cv2.setNumThreads(1)

    class Batches(keras.utils.PyDataset):  # type: ignore[misc]
        def __len__(self) -> int:
            return batches

        def __getitem__(self, batch: int) -> Batch:
            rngs = (np.random.default_rng([seed, epoch, batch, row]) for row in range(batch_size))
            return encode([sampler.sample(rng) for rng in rngs], labels)

    return Batches(workers=workers, use_multiprocessing=False, max_queue_size=8)
