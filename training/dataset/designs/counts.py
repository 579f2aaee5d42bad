"""How many images show each design of each face, and which designs a network can have learnt from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from currency_app.errors import BundleError
from training.dataset.designs.names import UNNAMED, DesignList
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage, of_split

MIN_KNOWN = 8
"""Training images from which a design of a value counts as learnt; of as many it is left out to be measured. Chosen by
hand: fewer are mostly one or two notes."""


@dataclass(frozen=True)
class DesignCount:
    """The images of one design of one face."""

    value: int
    """In units of the currency."""
    side: str | None
    """front or back; None if the labels name none."""
    design: str
    """Its name; UNNAMED for the images of which nobody says it."""
    images: int
    """How many show it."""
    sources: int
    """From how many sources these are: images of one source show few notes."""

    def as_json(self) -> dict[str, Any]:
        """Return it as bundle.json keeps it."""
        design = None if self.design == UNNAMED else self.design
        return {
            "value": self.value,
            "side": self.side,
            "design": design,
            "images": self.images,
            "sources": self.sources,
        }


def count_designs(
    images: Iterable[LabelledImage], currency: str, splits: Sequence[str] = ("train",)
) -> list[DesignCount]:
    """Return the images of these splits by face and design, faces in the order of a bundle's labels.

    images: rows whose designs are named as the currency's list has them: see `name_designs`.
    """
    shown: dict[tuple[int, str | None, str], set[tuple[Path, str]]] = defaultdict(set)
    for image in of_split(images, *splits):
        label = parse_label(image.class_name, currency)
        if label.value is not None:
            shown[label.value, label.side, image.series].add((image.path, image.source))
    order = {"front": 0, "back": 1, None: 2}
    return [
        DesignCount(value, side, design, len(found), len({source for _, source in found}))
        for (value, side, design), found in sorted(
            shown.items(), key=lambda item: (item[0][0], order[item[0][1]], item[0][2])
        )
    ]


def counts_from_json(entries: Any) -> list[DesignCount]:
    """Return what a bundle's `designs` says; nothing if the bundle does not have it. Raises BundleError."""
    try:
        return [
            DesignCount(
                int(entry["value"]), entry["side"], str(entry["design"] or UNNAMED), int(entry["images"]),
                int(entry["sources"]),
            )
            for entry in entries or []
        ]  # fmt: skip
    except (TypeError, KeyError, ValueError) as error:
        raise BundleError(
            "The bundle garbles which designs it has learnt: copy it again, or export it again."
        ) from error


def images_by_design(counts: Iterable[DesignCount]) -> dict[tuple[int, str], int]:
    """Return how many images there are of each (value, design), both sides together."""
    found: dict[tuple[int, str], int] = defaultdict(int)
    for count in counts:
        found[count.value, count.design] += count.images
    return dict(found)


def design_table(counts: Sequence[DesignCount], known: DesignList) -> tuple[list[str], list[list[str]]]:
    """Return column heads and rows of a table to read: faces down, designs across, in each cell "images / sources"."""
    designs = known.ordered([*(design.name for design in known.designs), *(count.design for count in counts)])
    cells = {(count.value, count.side, count.design): f"{count.images} / {count.sources}" for count in counts}
    faces = list(dict.fromkeys((count.value, count.side) for count in counts))
    rows = [
        [f"{value} {side or ''}".strip(), *(cells.get((value, side, design), "-") for design in designs)]
        for value, side in faces
    ]
    return ["face", *(design or "not named" for design in designs)], rows


def design_name(value: int, design: str) -> str:
    """Return a design of a value as people read it: "20 1996 big head", or "20 not named"."""
    return f"{value} {design or 'not named'}"


def missing_in_words(missing: Iterable[tuple[int, str, int]]) -> str:
    """Return designs that too few images show: "1 small head (6 images), 20 small head (no image)"."""
    of = {0: "no image", 1: "1 image"}
    return ", ".join(f"{design_name(value, design)} ({of.get(n, f'{n} images')})" for value, design, n in missing)


def missing_designs(
    counts: Sequence[DesignCount], known: DesignList, values: Iterable[int]
) -> list[tuple[int, str, int]]:
    """Return (value, design, images) of each design in the list that too few images show for it to be learnt.

    values: those of the network. Empty if no image names its design, because then nobody knows.
    """
    there = images_by_design(counts)
    if all(design == UNNAMED for _, design in there):
        return []
    return [
        (value, design.name, there.get((value, design.name), 0))
        for value in sorted(set(values))
        for design in known.designs
        if value in design.values and there.get((value, design.name), 0) < MIN_KNOWN
    ]
