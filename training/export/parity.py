"""Whether an exported network is the network that was trained: what it may differ by, and what it does.

Both are compared on the same photographs, read as `training.export.photo_readings` explains.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from currency_app.recognition.bundle import Bundle
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage
from training.export.photo_readings import Outputs, PhotoReading

NEAR_THRESHOLD = 0.05
"""A confidence no farther than this from the threshold may fall on its other side and count as no difference.

Chosen by hand.
"""


@dataclass(frozen=True)
class Parity:
    """An export beside the network that was trained, on the same photographs."""

    photos: int
    """How many."""
    max_difference: float
    """Largest difference in any probability, for the same pictures, 0..1."""
    median_difference: float
    """Median, over the photographs, of the largest difference in each, for the same pictures, 0..1."""
    corner_distance: float
    """Median distance between the same corner of a note, for the same pictures, as a share of the picture."""
    changed_decisions: int
    """Photographs decided otherwise on the same pictures, if the trained network is not near its threshold."""
    same_decisions: int
    """Photographs decided alike, each network by its own way: the value and whether it would be spoken."""
    lost_values: int
    """Photographs whose value the trained network would speak, and the export reads another or none, by its own way."""
    wrong_values: int
    """Photographs of which the export would speak a wrong value, by its own way."""


@dataclass(frozen=True)
class Tolerance:
    """What an export may differ by, see `Parity`; infinite if there is no limit."""

    max_difference: float = math.inf
    """At most this."""
    median_difference: float = math.inf
    """At most this."""
    corner_distance: float = 0.01
    """At most this."""
    changed_decisions: float = math.inf
    """At most so many."""
    same_decisions: float = 0.99
    """At least this share of the photographs, 0..1."""
    lost_values: float = 0
    """At most so many."""
    wrong_values: float = math.inf
    """At most so many."""


TOLERANCES = {
    "fp32": Tolerance(max_difference=1e-4, changed_decisions=0),
    "fp16": Tolerance(median_difference=2e-3, changed_decisions=0),
    "int8": Tolerance(wrong_values=0),
}
"""By precision. 32 and 16 bits must decide as the trained network does; 8 bits almost always, and never wrongly."""


def compare(
    trained: Sequence[PhotoReading], exported: Sequence[PhotoReading], images: Sequence[LabelledImage], bundle: Bundle
) -> Parity:
    """Compare how two networks read the same images, one or more."""
    pairs = list(zip(trained, exported, strict=True))
    differences = [np.max([np.abs(a[0] - b[0]).max() for a, b in _look_pairs(one, other)]) for one, other in pairs]
    distances = [
        np.linalg.norm((a[1] - b[1])[:8].reshape(4, 2), axis=1)
        for one, other in pairs
        if one.value is not None and bundle.locates
        for a, b in _look_pairs(one, other)
    ]
    changed = [one for one, other in pairs if one.looks_decision != other.looks_decision]
    truth = [parse_label(image.class_name, bundle.currency.lower()).value for image in images]
    return Parity(
        photos=len(pairs),
        max_difference=float(np.max(differences)),
        median_difference=float(np.median(differences)),
        corner_distance=float(np.median(distances)) if distances else 0.0,
        changed_decisions=sum(_distance_from_threshold(reading, bundle) > NEAR_THRESHOLD for reading in changed),
        same_decisions=sum(one.own_decision == other.own_decision for one, other in pairs),
        lost_values=sum(one.spoken and one.value != other.value for one, other in pairs),
        wrong_values=sum(other.spoken and other.value != value for other, value in zip(exported, truth, strict=True)),
    )


def failings(parity: Parity, tolerance: Tolerance) -> list[str]:
    """Return what an export differs by more than it may, in words; none if it may be used."""
    limits = (
        (
            "a probability differs by {:.1e}, at most {:.1e} is allowed",
            parity.max_difference,
            tolerance.max_difference,
        ),
        (
            "probabilities differ by a median of {:.1e}, at most {:.1e} is allowed",
            parity.median_difference,
            tolerance.median_difference,
        ),
        (
            "corners differ by a median of {:.1%}, at most {:.1%} is allowed",
            parity.corner_distance,
            tolerance.corner_distance,
        ),
        (
            "{} photographs are decided otherwise, at most {} may be",
            parity.changed_decisions,
            tolerance.changed_decisions,
        ),
        ("{} sure values are lost, at most {} may be", parity.lost_values, tolerance.lost_values),
        ("{} wrong values would be spoken, at most {} may be", parity.wrong_values, tolerance.wrong_values),
    )
    # Not `value > limit`: a network whose outputs are no numbers must fail as well.
    found = [words.format(value, limit) for words, value, limit in limits if not value <= limit]
    if not parity.same_decisions >= tolerance.same_decisions * parity.photos:
        found.append(f"only {parity.same_decisions} of {parity.photos} photographs are decided the same")
    return found


def _look_pairs(one: PhotoReading, other: PhotoReading) -> list[tuple[Outputs, Outputs]]:
    return list(zip(one.looks, other.looks, strict=True))


def _distance_from_threshold(reading: PhotoReading, bundle: Bundle) -> float:
    """Return how far a confidence is from the one at which something else would be decided."""
    return abs(reading.confidence - (0.5 if reading.value is None else bundle.sure_for(reading.value)))
