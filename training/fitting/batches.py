"""Batches of samples for Keras, made in the background while the network learns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np

from currency_app.arrays import Corners, Drawing, Floats, Image
from currency_app.images import read_image
from currency_app.recognition.corners import share_in_frame
from training.dataset.labels import BACKGROUND, Label, right_outputs
from training.dataset.manifest import LabelledImage, measurable
from training.network.model import VOTE_STRIDE
from training.recipe import Recipe
from training.synthesis.drawn import drawn_notes
from training.synthesis.sampler import Sampler
from training.synthesis.scene import Sample
from training.synthesis.second_look import closer_look

_FARTHEST_OUTSIDE = 2.0
"""A corner farther outside the picture than this, as a share of its side, is not learnt: nothing shows where it is."""

TrainingBatch = tuple[Image | dict[str, Image], dict[str, Floats]]
"""Pictures for the network, and the targets of its outputs by name: see `encode` and `encode_batch`."""


def encode(
    samples: Sequence[Sample], labels: Sequence[Label], width: int, height: int
) -> tuple[Image, dict[str, Floats]]:
    """Return samples as the network takes them: its pictures, and the target of each output.

    width, height: of the network's input, pixels; larger pictures are made smaller. Returned are uint8 [batch, height,
    width, 3] RGB, and:

    - `probabilities`, float32 [batch, labels]: 1 for each right label, else 0. One label is right, except for a note
      whose side is not labelled: then each side of its value is.
    - `corners`, float32 [batch, 11]: the 9 outputs of that name; then 1 if the corners are known, else 0; then the
      same for the share in view. Of a picture that shows no banknote at all it is known that none is in view.
    - `votes`, float32 [batch, rows, columns, 10], for each cell: 1 if its middle lies on the note, else 0; the 8
      coordinates of the corners; then 1 if these are known, else 0. Of a picture without a note it is known that no
      cell lies on one.
    """
    pictures = np.stack([cv2.cvtColor(_shrunk(sample.picture, width, height), cv2.COLOR_BGR2RGB) for sample in samples])
    rows, columns = height // VOTE_STRIDE, width // VOTE_STRIDE
    probabilities = np.zeros((len(samples), len(labels)), np.float32)
    corners = np.zeros((len(samples), 11), np.float32)
    votes = np.zeros((len(samples), rows, columns, 10), np.float32)
    for row, sample in enumerate(samples):
        probabilities[row, right_outputs(sample.class_name, labels)] = 1
        votes[row, ..., 9] = sample.class_name == BACKGROUND
        if sample.in_view is not None:
            corners[row, 8], corners[row, 10] = sample.in_view, 1
        if sample.corners is not None:
            known = bool(np.all(np.abs(sample.corners - 0.5) < 0.5 + _FARTHEST_OUTSIDE))
            corners[row, :8], corners[row, 9] = sample.corners.ravel(), known
            votes[row, ..., 0] = _cells_on_note(sample.corners, rows, columns)
            votes[row, ..., 1:9] = corners[row, :8]
            votes[row, ..., 9] = known
    return pictures.astype(np.uint8), {"probabilities": probabilities, "corners": corners, "votes": votes}


def _shrunk(picture: Drawing, width: int, height: int) -> Drawing:
    if picture.shape[:2] == (height, width):
        return picture
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)


def _cells_on_note(corners: Corners, rows: int, columns: int) -> Floats:
    """Return 1 for each cell whose middle lies on the note, else 0: [rows, columns]."""
    fine = 8  # OpenCV fills whole pixels, so the note is filled finely and looked up at the cells' middles
    canvas = np.zeros((rows * fine, columns * fine), np.uint8)
    size = np.array([columns, rows], np.float32) * fine
    cv2.fillPoly(canvas, [np.round(corners * size - 0.5).astype(np.int32)], 1)
    return canvas[fine // 2 :: fine, fine // 2 :: fine].astype(np.float32)


def encode_batch(samples: Sequence[Sample], labels: Sequence[Label], recipe: Recipe) -> TrainingBatch:
    """Return what `mixed_batch` made as the network learns from it.

    If closer looks have a shape of their own, these are the inputs and outputs of `with_closer_looks`.
    """
    if not recipe.closer_size:
        return encode(samples, labels, recipe.size, recipe.size)
    whole = whole_pictures(recipe, len(samples))
    frames, targets = encode(samples[:whole], labels, recipe.size, recipe.size)
    looks, of_looks = encode(samples[whole:], labels, recipe.closer_width, recipe.closer_height)
    both = {name: np.concatenate([targets[name], of_looks[name]]) for name in ("probabilities", "corners")}
    return {"image": frames, "closer": looks}, both | {"votes": targets["votes"], "closer_votes": of_looks["votes"]}


def whole_pictures(recipe: Recipe, count: int) -> int:
    """Return how many of a batch of so many pictures are whole frames, which come first; at least one."""
    return max(count - round(recipe.closer_share * count), 1)


def recipe_sampler(recipe: Recipe, train: Sequence[LabelledImage]) -> Sampler:
    """Return what draws samples by a recipe. train: the images to learn from."""
    drawn = drawn_notes(recipe.currency)
    return Sampler(train, recipe.currency, recipe.mix, recipe.detail, drawn, recipe.note_aspect)


def mixed_batch(sampler: Sampler, recipe: Recipe, rngs: Iterable[np.random.Generator]) -> list[Sample]:
    """Return one sample for each generator: whole frames first, then closer looks at some of them.

    A frame whose note lies nobody knows where cannot be looked at closer; then another whole frame stands in, or, if
    closer looks have a shape of their own, a look at the next frame that can.
    """
    rngs = list(rngs)
    whole = whole_pictures(recipe, len(rngs))
    frames = [sampler.sample(rng) for rng in rngs[:whole]]
    tried = whole if recipe.closer_size else 1
    closer = []
    for number, rng in enumerate(rngs[whole:]):
        looks = (_closer_look(rng, frames[(number + more) % whole], recipe) for more in range(tried))
        closer.append(next((look for look in looks if look is not None), None) or sampler.sample(rng))
    return frames + closer


def _closer_look(rng: np.random.Generator, frame: Sample, recipe: Recipe) -> Sample | None:
    width, height = recipe.closer_width, recipe.closer_height
    return closer_look(rng, frame, width, height, recipe.closer_margin, recipe.note_aspect)


def val_batch(
    images: Sequence[LabelledImage], labels: Sequence[Label], recipe: Recipe
) -> tuple[Image, dict[str, Floats]]:
    """Return the images of split `val` with one note or none, whole and unvaried, to choose by while training."""
    samples = []
    background = [len(labels) - 1]
    for image in measurable(images, ["val"]):
        picture = read_image(image.path)
        size = np.array(picture.shape[1::-1], np.float32)
        corners = None if image.polygon is None else np.asarray(image.polygon / size, np.float32)
        name = BACKGROUND if right_outputs(image.class_name, labels) == background else image.class_name
        square = cv2.resize(picture, (recipe.size, recipe.size), interpolation=cv2.INTER_AREA)
        samples.append(Sample(square, name, corners, None if corners is None else share_in_frame(corners)))
    return encode(samples, labels, recipe.size, recipe.size)


def make_batches(sampler: Sampler, recipe: Recipe, labels: Sequence[Label], epoch: int) -> Any:
    """Return one epoch as a `keras.utils.PyDataset`. Equal recipes and epochs give equal pictures."""
    import keras

    # The batches are made in a thread already: threads of OpenCV, meant for one large picture, would wait for a core.
    cv2.setNumThreads(1)

    class Batches(keras.utils.PyDataset):  # type: ignore[misc]
        def __len__(self) -> int:
            return max(recipe.images_per_epoch // recipe.batch_size, 1)

        def __getitem__(self, batch: int) -> TrainingBatch:
            rngs = (np.random.default_rng([recipe.seed, epoch, batch, row]) for row in range(recipe.batch_size))
            return encode_batch(mixed_batch(sampler, recipe, rngs), labels, recipe)

    return Batches(workers=1, use_multiprocessing=False, max_queue_size=8)
