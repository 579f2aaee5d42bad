"""A bundle with a tiny network that reads painted rectangles: its notes are colours, and nothing had to be learnt.

Every face of a note has its own mixture of red, green and blue, all equally bright together. The network averages the
picture, which tells the colour, and weighs each pixel with where it is, which tells the place. It is right for a note
of NOTE_SIZE that is wholly in view on black, and unsure between two colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from training.dataset.labels import Label, ordered_labels
from training.export.bundle import describe, write_bundle
from training.export.tflite import to_tflite
from training.recipe import Recipe

SIZE = 32
NOTE_SIZE = (0.5, 0.5)
"""Width and height of a note, fractions of the network's picture."""

_SIDES = ("front", "back")
_LEVELS = [(40 + 45 * i, 40 + 45 * j, 40 + 45 * (4 - i - j)) for i in range(5) for j in range(5 - i)]
_BRIGHTNESS = 300.0
_SHARP = 4000.0


def labels_of(values: Sequence[int], currency: str = "usd") -> tuple[Label, ...]:
    """Both sides of each value, and the background."""
    return ordered_labels([f"{currency}_{value}_{side}" for value in values for side in _SIDES], currency)


def colour_of(values: Sequence[int], value: int, side: str) -> tuple[int, int, int]:
    """Red, green, blue of a note's face, 0..255."""
    return _LEVELS[sorted(values).index(value) * 2 + _SIDES.index(side)]


def paint(
    colour: Sequence[float] | None,
    centre: tuple[float, float] = (0.5, 0.5),
    frame: tuple[int, int] = (64, 48),
    size: tuple[float, float] = NOTE_SIZE,
) -> npt.NDArray[np.uint8]:
    """A black frame, uint8 [height, width, 3] BGR, with a note of this colour (red, green, blue), or none.

    centre, size: fractions of the frame; frame: width and height, pixels.
    """
    picture = np.zeros((frame[1], frame[0], 3), np.uint8)
    if colour is not None:
        low = [round((c - s / 2) * pixels) for c, s, pixels in zip(centre, size, frame, strict=True)]
        high = [round((c + s / 2) * pixels) for c, s, pixels in zip(centre, size, frame, strict=True)]
        bgr = [round(level) for level in reversed(colour)]
        picture[max(low[1], 0) : max(high[1], 0), max(low[0], 0) : max(high[0], 0)] = bgr
    return picture


def printed(picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture with a fine print over its note that leaves its mean colour: plain paper tells nothing of blur."""
    ys, xs = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]] // max(picture.shape[1] // 80, 1)
    print_ = np.where((xs + ys) % 2 == 0, 25, -25)[..., None]
    return np.where(picture.any(axis=2, keepdims=True), np.clip(picture + print_, 0, 255), picture).astype(np.uint8)


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


def write_picture(path: Path, picture: npt.NDArray[np.uint8]) -> Path:
    """Save a picture without loss, whatever the name says; returns its path."""
    packed, data = cv2.imencode(".png", picture)
    assert packed
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.tobytes())
    return path


def _nearest_colour(labels: int) -> list[npt.NDArray[np.float32]]:
    """Weights with which softmax favours the nearest of the mean colours that a picture can have."""
    share = NOTE_SIZE[0] * NOTE_SIZE[1]
    means = np.array([*_LEVELS[: labels - 1], (0, 0, 0)], np.float64) / 255 * share
    return [(_SHARP * means.T).astype(np.float32), (-_SHARP * (means**2).sum(axis=1) / 2).astype(np.float32)]


def _centre_of_brightness() -> list[npt.NDArray[np.float32]]:
    """Weights with which the brightness times the place, summed up, gives the corners, and without it their share."""
    full = NOTE_SIZE[0] * NOTE_SIZE[1] * SIZE**2 * _BRIGHTNESS / 255
    ys, xs = (np.mgrid[0:SIZE, 0:SIZE] + 0.5) / SIZE
    half_w, half_h = NOTE_SIZE[0] / 2, NOTE_SIZE[1] / 2
    corner_of = [(xs - half_w, ys - half_h), (xs + half_w, ys - half_h), (xs + half_w, ys + half_h)]
    outputs = [place for corner in (*corner_of, (xs - half_w, ys + half_h)) for place in corner] + [np.ones_like(xs)]
    kernel = np.repeat(np.stack(outputs, axis=-1).reshape(SIZE**2, 1, 9), 3, axis=1).reshape(-1, 9) / full
    return [kernel.astype(np.float32), np.zeros(9, np.float32)]
