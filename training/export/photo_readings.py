"""Read photographs with the trained network and with exports of it, so that these can be compared.

Each network reads a photograph as the app does, with all its looks and the bundle's thresholds, and follows its own
corners. Each also gets the very pictures that the trained network looked at. The reason is that on a photograph without
a note closer looks stray, and then a difference in the fifth digit of a corner changes what is looked at next. Only the
same pictures show whether two networks are the same; only its own way shows what an export would say.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.identify import identify
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import Network
from currency_app.recognition.reading import calibrated_looks, read_value
from currency_app.recognition.recognizer import Recognizer
from training.dataset.manifest import LabelledImage
from training.progress import Progress

_Name = TypeVar("_Name", bound=Hashable)

Outputs = tuple[Floats, Floats]
"""A network's probabilities float32 [labels] and corners float32 [9] for one picture."""
Decision = tuple[int | None, bool]
"""A value, None for no note, and whether it would be spoken as sure."""


@dataclass(frozen=True, eq=False)
class PhotoReading:
    """What one network makes of one photograph."""

    looks: Sequence[Outputs]
    """Its outputs for each picture that the trained network looked at in this photograph."""
    looks_decision: Decision
    """What follows from these looks."""
    value: int | None
    """What it reads by its own way through the photograph, as `identify` does; None for no note."""
    confidence: float
    """Of that value, 0..1."""
    spoken: bool
    """Whether that value would be spoken as sure."""

    @property
    def own_decision(self) -> Decision:
        """What follows from its own way through the photograph."""
        return self.value, self.spoken


def read_photos(
    trained: Network,
    exported: Mapping[_Name, Network],
    bundle: Bundle,
    images: Sequence[LabelledImage],
    progress: Progress,
) -> tuple[list[PhotoReading], dict[_Name, list[PhotoReading]]]:
    """Return what the trained network and each exported one make of the images, each read from disk once."""
    reference = _Reader(trained, bundle)
    readers = {name: _Reader(network, bundle) for name, network in exported.items()}
    expected: list[PhotoReading] = []
    found: dict[_Name, list[PhotoReading]] = {name: [] for name in exported}
    for image in progress(images):
        photo = read_image(image.path)
        expected.append(reference.read(photo))
        for name, reader in readers.items():
            found[name].append(reader.read(photo, reference.pictures))
    return expected, found


class _Reader:
    """Reads photographs with one network, and keeps the network's inputs and outputs for the last of them."""

    def __init__(self, network: Network, bundle: Bundle) -> None:
        self._network = network
        self._bundle = bundle
        self._recognizer = Recognizer(bundle, network=self._look, others=False, search=False)
        self.pictures: list[Image] = []
        self._outputs_of: dict[bytes, Outputs] = {}

    def read(self, photo: Image, pictures: Sequence[Image] | None = None) -> PhotoReading:
        """Return what the network makes of a photograph.

        photo: uint8 [h, w, 3] BGR. pictures: those that the trained network looked at, as a network takes them; by
        default those that this network looks at.
        """
        self.pictures, self._outputs_of = [], {}
        seen = identify(self._recognizer, photo)
        looks = [self._run_once(picture) for picture in (self.pictures if pictures is None else pictures)]
        decision = _decision_from([probabilities for probabilities, _ in looks], self._bundle)
        return PhotoReading(looks, decision, seen.observation.value, seen.observation.confidence, seen.spoken)

    def _look(self, picture: Image) -> Outputs:
        """Run the network for the recognizer. Outputs that are no numbers become "no note": they fail by its looks."""
        self.pictures.append(picture)
        probabilities, corners = self._run_once(picture)
        if np.isfinite(probabilities).all() and np.isfinite(corners).all():
            return probabilities, corners
        return np.eye(len(probabilities), dtype=np.float32)[-1], np.zeros_like(corners)

    def _run_once(self, picture: Image) -> Outputs:
        key = picture.tobytes()
        if key not in self._outputs_of:
            self._outputs_of[key] = self._network(picture)
        return self._outputs_of[key]


def _decision_from(looks: Sequence[Floats], bundle: Bundle) -> Decision:
    """Return what follows from the probabilities of a first look and closer ones."""
    first, *closer = looks
    reading = read_value(calibrated_looks(first, closer, bundle), bundle.labels)
    return reading.value, bundle.is_sure(reading.value, reading.confidence)
