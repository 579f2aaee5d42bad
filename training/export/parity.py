"""Whether an exported network is the network that was trained: both read the same photographs, and are compared.

Each reads a photograph as the app does, with all its looks and the bundle's thresholds, and follows its own corners.
And each is given the very pictures that the trained network looked at. For where there is no note, closer looks stray,
and then a difference in the fifth digit of a corner decides what is looked at next: only the same pictures show whether
two networks are the same, only its own way shows what an export would say.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from currency_app.arrays import Floats, Image
from currency_app.identify import identify
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.network import Network
from currency_app.recognition.reading import calibrated_looks, read_value
from currency_app.recognition.recognizer import Recognizer
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage

_Name = TypeVar("_Name", bound=Hashable)

NEAR = 0.05
"""A confidence no farther than this from the threshold may fall on its other side without being called a difference."""


Outputs = tuple[Floats, Floats]
"""A network's probabilities float32 [labels] and corners float32 [9] for one picture."""
Decision = tuple[int | None, bool]
"""A value, None without a note, and whether it would be spoken as sure."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What one network makes of one photograph.

    looks: its outputs for each picture that the trained network was given when that one read the photograph.
    from_looks: the value and whether it would be spoken, by these looks together.
    value, confidence, spoken: its own answer, as for `identify`, by its own way through the photograph.
    """

    looks: Sequence[Outputs]
    from_looks: Decision
    value: int | None
    confidence: float
    spoken: bool

    @property
    def own(self) -> Decision:
        """What it decides by its own way."""
        return self.value, self.spoken


def answers(
    trained: Network,
    exported: Mapping[_Name, Network],
    bundle: Bundle,
    images: Sequence[LabelledImage],
    progress: Callable[..., Iterable[Any]],
) -> tuple[list[Answer], dict[_Name, list[Answer]]]:
    """What the trained network, and each exported one, makes of each image; every image is read from disk once."""
    reference = _Reader(trained, bundle)
    readers = {name: _Reader(network, bundle) for name, network in exported.items()}
    expected: list[Answer] = []
    found: dict[_Name, list[Answer]] = {name: [] for name in exported}
    for image in progress(images):
        picture = read_image(image.path)
        expected.append(reference.read(picture))
        for name, reader in readers.items():
            found[name].append(reader.read(picture, reference.given))
    return expected, found


class _Reader:
    """Reads photographs with one network, and keeps what that is given and gives for the last of them."""

    def __init__(self, network: Network, bundle: Bundle) -> None:
        self._network = network
        self._bundle = bundle
        self._recognizer = Recognizer(bundle, network=self._look, others_s=math.inf, search=False)
        self.given: list[Image] = []
        self._gave: dict[bytes, Outputs] = {}

    def read(self, photo: Image, pictures: Sequence[Image] | None = None) -> Answer:
        """photo: uint8 [h, w, 3] BGR. pictures: to look at besides, as the network takes them; its own unless given."""
        self.given, self._gave = [], {}
        seen = identify(self._recognizer, photo)
        looks = [self._once(picture) for picture in (self.given if pictures is None else pictures)]
        from_looks = _decided([probabilities for probabilities, _ in looks], self._bundle)
        return Answer(looks, from_looks, seen.observation.value, seen.observation.confidence, seen.spoken)

    def _look(self, picture: Image) -> Outputs:
        """A network that gives no numbers is said to see no note: it fails by its looks."""
        self.given.append(picture)
        probabilities, corners = self._once(picture)
        if np.isfinite(probabilities).all() and np.isfinite(corners).all():
            return probabilities, corners
        return np.eye(len(probabilities), dtype=np.float32)[-1], np.zeros_like(corners)

    def _once(self, picture: Image) -> Outputs:
        key = picture.tobytes()
        if key not in self._gave:
            self._gave[key] = self._network(picture)
        return self._gave[key]


def _decided(looks: Sequence[Floats], bundle: Bundle) -> Decision:
    """What a first look and closer ones say together."""
    first, *closer = looks
    reading = read_value(calibrated_looks(first, closer, bundle), bundle.labels)
    return reading.value, bundle.is_sure(reading.value, reading.confidence)


@dataclass(frozen=True)
class Parity:
    """An export beside the network that was trained, on the same photographs.

    photos: how many.

    For the same pictures: most, median: of each photograph's largest difference in any probability, all looks. corners:
    median distance between the same corners of a note, a share of the picture. otherwise: photographs that are decided
    otherwise, though the trained network's confidence is more than NEAR from the threshold.

    By their own ways: same: photographs of which both say the same, the value and whether it would be spoken. lost:
    those whose value the trained network would speak, and the export reads another or none. wrong: wrong values that
    the export would speak.
    """

    photos: int
    most: float
    median: float
    corners: float
    otherwise: int
    same: int
    lost: int
    wrong: int


def compare(
    trained: Sequence[Answer], exported: Sequence[Answer], images: Sequence[LabelledImage], bundle: Bundle
) -> Parity:
    """Compare two networks' answers to the same images, one or more."""
    pairs = list(zip(trained, exported, strict=True))
    differences = [np.max([np.abs(a[0] - b[0]).max() for a, b in _looks(one, other)]) for one, other in pairs]
    distances = [
        np.linalg.norm((a[1] - b[1])[:8].reshape(4, 2), axis=1)
        for one, other in pairs
        if one.value is not None and bundle.locates
        for a, b in _looks(one, other)
    ]
    changed = [one for one, other in pairs if one.from_looks != other.from_looks]
    truth = [parse_label(image.class_name, bundle.currency.lower()).value for image in images]
    return Parity(
        photos=len(pairs),
        most=float(np.max(differences)),
        median=float(np.median(differences)),
        corners=float(np.median(distances)) if distances else 0.0,
        otherwise=sum(_from_threshold(answer, bundle) > NEAR for answer in changed),
        same=sum(one.own == other.own for one, other in pairs),
        lost=sum(one.spoken and one.value != other.value for one, other in pairs),
        wrong=sum(other.spoken and other.value != value for other, value in zip(exported, truth, strict=True)),
    )


def _looks(one: Answer, other: Answer) -> list[tuple[Outputs, Outputs]]:
    return list(zip(one.looks, other.looks, strict=True))


def _from_threshold(answer: Answer, bundle: Bundle) -> float:
    """How far a confidence is from the one at which something else would be decided."""
    return abs(answer.confidence - (0.5 if answer.value is None else bundle.sure_for(answer.value)))


@dataclass(frozen=True)
class Tolerance:
    """What an export may differ by: see Parity. Infinite where nothing is asked.

    most, median, corners: at most so much. otherwise, lost, wrong: at most so many. same: at least this share of the
    photographs.
    """

    most: float = math.inf
    median: float = math.inf
    corners: float = 0.01
    otherwise: float = math.inf
    same: float = 0.99
    lost: float = 0
    wrong: float = math.inf


TOLERANCES = {
    "fp32": Tolerance(most=1e-4, otherwise=0),
    "fp16": Tolerance(median=2e-3, otherwise=0),
    "int8": Tolerance(wrong=0),
}
"""By precision. 32 and 16 bits must decide as the trained network does; 8 bits almost always, and never wrongly."""


def failings(parity: Parity, tolerance: Tolerance) -> list[str]:
    """What an export differs by more than it may, in words; none where it may be used."""
    asked = (
        ("a probability differs by {:.1e}, at most {:.1e} is allowed", parity.most, tolerance.most),
        ("probabilities differ by a median of {:.1e}, at most {:.1e} is allowed", parity.median, tolerance.median),
        ("corners differ by a median of {:.1%}, at most {:.1%} is allowed", parity.corners, tolerance.corners),
        ("{} photographs are decided otherwise, at most {} may be", parity.otherwise, tolerance.otherwise),
        ("{} sure values are lost, at most {} may be", parity.lost, tolerance.lost),
        ("{} wrong values would be spoken, at most {} may be", parity.wrong, tolerance.wrong),
    )
    # Not less than or equal to: a network that gives no number at all must fail as well.
    found = [words.format(value, limit) for words, value, limit in asked if not value <= limit]
    if not parity.same >= tolerance.same * parity.photos:
        found.append(f"only {parity.same} of {parity.photos} photographs are decided the same")
    return found
