"""Observations made to measure, and a bundle that needs no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from currency_app.events import Observation
from currency_app.recognition.bundle import Bundle, NoteLabel
from currency_app.recognition.reading import read_value

USD_VALUES = (1, 2, 5, 10, 20, 50, 100)
SIDES = ("front", "back")


def bundle_of(
    values: Sequence[int] = USD_VALUES, *, currency: str = "USD", fit: str = "stretch", size: tuple[int, int] = (64, 64)
) -> Bundle:
    """A bundle with both sides of these values, the background last; size: width and height, pixels."""
    labels = [NoteLabel(f"{currency.lower()}_{value}_{side}", value, side) for value in values for side in SIDES]
    return Bundle(
        folder=Path("bundle"),
        model=Path("bundle/model.tflite"),
        currency=currency,
        names={"en": {"one": "dollar", "other": "dollars"}},
        labels=(*labels, NoteLabel("background", None, None)),
        width=size[0],
        height=size[1],
        fit=fit,
        temperature=1.0,
        sure=0.95,
        maybe=0.7,
        sure_by_value={},
        second_look=None,
        raw={},
    )


BUNDLE = bundle_of()


def box(left: float, top: float, right: float, bottom: float) -> npt.NDArray[np.float32]:
    """The corners of an upright note, fractions of the picture."""
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


CENTRED = box(0.2, 0.25, 0.8, 0.75)


def seen(
    t: float,
    chances: Mapping[int, float],
    *,
    side: str = "front",
    corners: npt.NDArray[np.float32] = CENTRED,
    light: float = 120.0,
    sharpness: float = 5.0,
    bundle: Bundle = BUNDLE,
) -> Observation:
    """An observation with these chances, 0..1, of each value, all on one side; the background has the rest."""
    probabilities = np.zeros(len(bundle.labels), np.float32)
    for row, label in enumerate(bundle.labels):
        if label.value is not None and label.side == side:
            probabilities[row] = chances.get(label.value, 0.0)
    probabilities[-1] = 1 - sum(chances.values())
    reading = read_value(probabilities, bundle.labels)
    return Observation(
        t=t,
        probabilities=probabilities,
        value=reading.value,
        side=reading.side,
        confidence=reading.confidence,
        corners=None if reading.value is None else corners,
        in_view=0.0 if reading.value is None else 1.0,
        light=light,
        sharpness=sharpness,
        stages_ms={"preprocess": 1.0, "network": 3.0, "frame": 4.5},
    )


def note(t: float, value: int = 20, chance: float = 0.99, other: int | None = None, side: str = "front") -> Observation:
    """A note of one value; what is left of the chance goes to the other value, or to the background."""
    chances = {value: chance} if other is None else {value: chance, other: 1 - chance}
    return seen(t, chances, side=side)


def nothing(t: float, chance: float = 0.99) -> Observation:
    """An empty room."""
    return seen(t, {20: 1 - chance})


@dataclass(frozen=True)
class Part:
    """Some seconds of a clip that show the same. value: None for an empty room. See `note` for the rest."""

    seconds: float
    value: int | None = None
    chance: float = 0.99
    other: int | None = None
    side: str = "front"


def clip(fps: float, parts: Iterable[Part]) -> Iterator[Observation]:
    """The observations of every frame of these parts, one after the other, from t = 0."""
    index, end = 0, 0.0
    for part in parts:
        end += part.seconds
        while index / fps < end - 1e-9:
            t = index / fps
            if part.value is None:
                yield nothing(t, part.chance)
            else:
                yield note(t, part.value, part.chance, part.other, part.side)
            index += 1
