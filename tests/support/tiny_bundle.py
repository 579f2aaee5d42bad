"""Makes a bundle with a tiny network that reads painted rectangles; nothing had to be learnt for it.

The network averages the picture, which tells the colour, and weighs each pixel with where it is, which tells the place.
It is right for a note of NOTE_SIZE that is wholly in view on black, and unsure between two colours. Making it needs
TensorFlow, so `tests/support/tiny` has three of them ready. After a change of what is in a bundle, make those anew with
`python -m tests.support.tiny_bundle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.support.painted import BRIGHTNESS, LEVELS, NOTE_SIZE, SIDES, SIZE
from tests.support.tiny import FOUR_VALUES, TINY, USD_VALUES
from training.dataset.labels import Label, ordered_labels
from training.export.bundle import describe, write_bundle
from training.export.bundle_models import tflite_models
from training.recipe import Recipe

_SHARP = 4000.0
CLOSER_SIZE = (32, 16)
"""Width and height of the closer looks of the tiny bundle that looks closer in another shape, pixels."""
_CLOSER_NOTE = (1 / 1.2, 1 / 1.2)
"""Width and height of a note in them, fractions of the picture: the margin takes the rest."""


def labels_of(values: Sequence[int], currency: str = "usd") -> tuple[Label, ...]:
    """Both sides of each value, and the background."""
    return ordered_labels([f"{currency}_{value}_{side}" for value in values for side in SIDES], currency)


def tiny_model(labels: Sequence[Label]) -> Any:
    """The network, with the same inputs and outputs by name as a real one, which `reshaped` reshapes likewise.

    A square is a whole picture, with a note of NOTE_SIZE; what is none is a closer look, which the note fills.
    """
    import keras
    from keras import layers

    image = keras.Input((SIZE, SIZE, 3), dtype="uint8", name="image")
    scaled = layers.Rescaling(1 / 255, name="scale")(image)
    colour, corners = _seen()(name="seen")(scaled)
    probabilities = layers.Dense(len(labels), activation="softmax", name="probabilities")(colour)
    model = keras.Model(image, {"probabilities": probabilities, "corners": corners}, name="tiny")
    model.get_layer("probabilities").set_weights(_nearest_colour(len(labels)))
    return model


@lru_cache(maxsize=1)
def _seen() -> Any:
    """The class of a layer, made on first use because Keras is slow to import."""
    import keras
    from keras import ops

    class Seen(keras.layers.Layer):  # type: ignore[misc]
        """From a picture [batch, h, w, 3] to the mean colour of its note, [batch, 3], and `corners`, [batch, 9]."""

        def call(self, inputs: Any) -> Any:
            height, width = inputs.shape[1:3]
            note = NOTE_SIZE if height == width else _CLOSER_NOTE
            colour = ops.mean(inputs, axis=(1, 2)) / (note[0] * note[1])
            flat = ops.reshape(inputs, (-1, height * width * 3))
            return colour, ops.matmul(flat, _centre_of_brightness(height, width, note))

    return Seen


def write_tiny_bundle(
    folder: Path, values: Sequence[int], *, fit: str = "stretch", currency: str = "usd", closer: bool = False
) -> Path:
    """Make the network for these values, export it as training does, and return the bundle's folder.

    closer: whether it looks closer, at CLOSER_SIZE; else it looks once, for in a closer look of the whole picture's
    shape a note has another size than the one that it knows.
    """
    labels = labels_of(values, currency)
    recipe = Recipe(
        name="tiny",
        currency=currency,
        stages=(),
        names={"en": {"one": "dollar", "other": "dollars"}},
        size=SIZE,
        closer_share=0.4 if closer else 0.0,
        closer_size=CLOSER_SIZE if closer else (),
    )
    whole, closer_model = tflite_models(tiny_model(labels), recipe, "fp32")
    write_bundle(folder, whole, "fp32", recipe, labels, [], closer=closer_model)
    picture = {"width": SIZE, "height": SIZE, "colour_order": "RGB", "dtype": "uint8", "fit": fit}
    describe(folder, input=picture, locates_unknown=False)  # it finds what it can read, and nothing else
    return folder


def _nearest_colour(labels: int) -> list[npt.NDArray[np.float32]]:
    """Weights with which softmax favours the nearest of the mean colours that a picture can have."""
    means = np.array([*LEVELS[: labels - 1], (0, 0, 0)], np.float64) / 255
    sharp = _SHARP * (NOTE_SIZE[0] * NOTE_SIZE[1]) ** 2
    return [(sharp * means.T).astype(np.float32), (-sharp * (means**2).sum(axis=1) / 2).astype(np.float32)]


def _centre_of_brightness(height: int, width: int, note: tuple[float, float]) -> npt.NDArray[np.float32]:
    """Weights with which the brightness times the place, summed up, gives the corners, and without it their share.

    note: its width and height, fractions of the picture.
    """
    full = note[0] * note[1] * height * width * BRIGHTNESS / 255
    ys, xs = (np.mgrid[0:height, 0:width] + 0.5) / np.reshape([height, width], (2, 1, 1))
    half_w, half_h = note[0] / 2, note[1] / 2
    corner_of = [(xs - half_w, ys - half_h), (xs + half_w, ys - half_h), (xs + half_w, ys + half_h)]
    outputs = [place for corner in (*corner_of, (xs - half_w, ys + half_h)) for place in corner] + [np.ones_like(xs)]
    kernel = np.repeat(np.stack(outputs, axis=-1).reshape(height * width, 1, 9), 3, axis=1).reshape(-1, 9) / full
    return np.asarray(kernel, np.float32)


if __name__ == "__main__":
    for name, its_values in (("usd", USD_VALUES), ("four", FOUR_VALUES), ("closer", USD_VALUES)):
        print(write_tiny_bundle(TINY / name, its_values, closer=name == "closer"))
