"""Which designs are left out of a training, to measure what a network says of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

from training.dataset.designs.counts import MIN_KNOWN
from training.dataset.designs.names import UNNAMED
from training.dataset.labels import parse_label
from training.dataset.manifest import SPLITS, LabelledImage, measurable


@dataclass(frozen=True, order=True)
class ValueDesign:
    """One design of one value."""

    value: int
    """In units of the currency."""
    design: str
    """Its name."""


def leave_out_rounds(images: Sequence[LabelledImage], currency: str) -> list[frozenset[ValueDesign]]:
    """Return what to leave out of each training, so that each design of a value is left out once.

    That is every design of a value of which eight images or more can be measured, if without it the value is still
    known: by another design of at least eight training images, and on each side that is labelled. One training leaves
    out one design of each such value, as a new series comes value by value; and, as far as possible, different ones of
    different values, because then the looks of the missing note are known from notes of other values. That is what
    misleads most: a small portrait is a 5 to a network that has seen it on the 5 alone.
    The list is empty if no value has two such designs.
    """
    to_measure = _images_of_each(measurable(images, SPLITS), currency)
    to_learn = _images_of_each([image for image in images if image.split == "train"], currency)
    of_value: dict[int, list[ValueDesign]] = defaultdict(list)
    for one in sorted(to_measure):
        if len(to_measure[one]) >= MIN_KNOWN and _is_known_without(one, to_learn):
            of_value[one.value].append(one)
    rounds: list[set[ValueDesign]] = [set() for _ in range(max(map(len, of_value.values()), default=0))]
    for value in sorted(of_value, key=lambda value: (-len(of_value[value]), value)):
        designs = of_value[value]
        shared_out = min(
            permutations(rounds, len(designs)),
            key=lambda chosen: _crowding(list(zip(designs, chosen, strict=True)), to_measure),
        )
        for one, chosen in zip(designs, shared_out, strict=True):
            chosen.add(one)
    return [frozenset(left_out) for left_out in rounds]


def shows(image: LabelledImage, left_out: Iterable[ValueDesign], currency: str) -> bool:
    """Whether an image's label is one of these designs."""
    return _design_of(image, currency) in set(left_out)


def without_designs(
    images: Sequence[LabelledImage], left_out: frozenset[ValueDesign], currency: str
) -> list[LabelledImage]:
    """Return the rows that a network may learn from which must not see these designs.

    An image of several notes goes as a whole if one of them is of such a design. So does a note of such a value of
    which nobody says the design, because it may be of that one.
    """
    values = {one.value for one in left_out}
    hidden = {
        image.path
        for image in images
        if (found := _design_of(image, currency)) in left_out
        or (found is not None and found.design == UNNAMED and found.value in values)
    }
    return [image for image in images if image.path not in hidden]


def _design_of(image: LabelledImage, currency: str) -> ValueDesign | None:
    value = parse_label(image.class_name, currency).value
    return None if value is None else ValueDesign(value, image.series)


def _images_of_each(images: Iterable[LabelledImage], currency: str) -> dict[ValueDesign, dict[Path, str]]:
    """Return the paths and class names of the images of each design that has a name."""
    found: dict[ValueDesign, dict[Path, str]] = defaultdict(dict)
    for image in images:
        one = _design_of(image, currency)
        if one is not None and one.design != UNNAMED:
            found[one][image.path] = image.class_name
    return dict(found)


def _is_known_without(one: ValueDesign, to_learn: dict[ValueDesign, dict[Path, str]]) -> bool:
    others = {other: seen for other, seen in to_learn.items() if other.value == one.value and other != one}
    faces = {name for seen in others.values() for name in seen.values()}
    return any(len(seen) >= MIN_KNOWN for seen in others.values()) and faces >= set(to_learn.get(one, {}).values())


def _crowding(
    added: Iterable[tuple[ValueDesign, set[ValueDesign]]], to_measure: dict[ValueDesign, dict[Path, str]]
) -> tuple[int, int]:
    """Return how badly designs would be shared out: designs that another value leaves out too, then how many images.

    added: designs, each with what its round leaves out already. Images count by the square of a round's, so that the
    rounds become alike.
    """
    same = images = 0
    for one, left_out in added:
        same += sum(other.design == one.design for other in left_out)
        before = sum(len(to_measure[other]) for other in left_out)
        images += (before + len(to_measure[one])) ** 2 - before**2
    return same, images
