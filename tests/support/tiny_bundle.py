"""Makes a bundle with a tiny network that reads painted rectangles; nothing had to be learnt for it.

The network averages the picture, which tells the colour, and weighs each pixel with where it is, which tells the place.
It is right for a note of NOTE_SIZE that is wholly in view on black, and unsure between two colours. Making it needs
TensorFlow, so `tests/support/tiny` has two of them ready. After a change of what is in a bundle, make those anew with
`python -m tests.support.tiny_bundle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.support.painted import BRIGHTNESS, LEVELS, NOTE_SIZE, SIDES, SIZE
from tests.support.tiny import FOUR_VALUES, TINY, USD_VALUES
from training.dataset.labels import Label, ordered_labels
from training.export.bundle import describe, write_bundle
from training.export.tflite import to_tflite
from training.recipe import Recipe

_SHARP = 4000.0


def labels_of(values: Sequence[int], currency: str = "usd") -> tuple[Label, ...]:
    """Both sides of each value, and the background."""
    return ordered_labels([f"{currency}_{value}_{side}" for value in values for side in SIDES], currency)


def tiny_model(labels: Sequence[Label]) -> Any:
    """The network, with the same inputs and outputs by name as a real one."""
    import keras
    from keras import layers

    image = keras.Input((SIZE, SIZE, 3), dtype="uint8", name="image")
    scaled = layers.Rescaling(1 / 255, name="scale")(image)
    pooled = layers.GlobalAveragePooling2D()(scaled)
    probabilities = layers.Dense(len(labels), activation="softmax", name="probabilities")(pooled)
    corners = layers.Dense(9, name="corners")(layers.Flatten()(scaled))
    model = keras.Model(image, {"probabilities": probabilities, "corners": corners}, name="tiny")
    model.get_layer("probabilities").set_weights(_nearest_colour(len(labels)))
    model.get_layer("corners").set_weights(_centre_of_brightness())
    return model


def write_tiny_bundle(folder: Path, values: Sequence[int], *, fit: str = "stretch", currency: str = "usd") -> Path:
    """Make the network for these values, export it as training does, and return the bundle's folder."""
    labels = labels_of(values, currency)
    # It looks once: a note that fills the second look has another size than the one that it knows.
    recipe = Recipe(
        name="tiny",
        currency=currency,
        stages=(),
        names={"en": {"one": "dollar", "other": "dollars"}},
        size=SIZE,
        closer_share=0.0,
    )
    write_bundle(folder, to_tflite(tiny_model(labels), "fp32"), "fp32", recipe, labels, [])
    describe(folder, input={"width": SIZE, "height": SIZE, "colour_order": "RGB", "dtype": "uint8", "fit": fit})
    return folder


def _nearest_colour(labels: int) -> list[npt.NDArray[np.float32]]:
    """Weights with which softmax favours the nearest of the mean colours that a picture can have."""
    share = NOTE_SIZE[0] * NOTE_SIZE[1]
    means = np.array([*LEVELS[: labels - 1], (0, 0, 0)], np.float64) / 255 * share
    return [(_SHARP * means.T).astype(np.float32), (-_SHARP * (means**2).sum(axis=1) / 2).astype(np.float32)]


def _centre_of_brightness() -> list[npt.NDArray[np.float32]]:
    """Weights with which the brightness times the place, summed up, gives the corners, and without it their share."""
    full = NOTE_SIZE[0] * NOTE_SIZE[1] * SIZE**2 * BRIGHTNESS / 255
    ys, xs = (np.mgrid[0:SIZE, 0:SIZE] + 0.5) / SIZE
    half_w, half_h = NOTE_SIZE[0] / 2, NOTE_SIZE[1] / 2
    corner_of = [(xs - half_w, ys - half_h), (xs + half_w, ys - half_h), (xs + half_w, ys + half_h)]
    outputs = [place for corner in (*corner_of, (xs - half_w, ys + half_h)) for place in corner] + [np.ones_like(xs)]
    kernel = np.repeat(np.stack(outputs, axis=-1).reshape(SIZE**2, 1, 9), 3, axis=1).reshape(-1, 9) / full
    return [kernel.astype(np.float32), np.zeros(9, np.float32)]


if __name__ == "__main__":
    for name, its_values in (("usd", USD_VALUES), ("four", FOUR_VALUES)):
        print(write_tiny_bundle(TINY / name, its_values))
