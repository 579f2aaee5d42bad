"""Measures a bundle on real images, each source by itself."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.events import Observation
from currency_app.identify import Identified, identify
from currency_app.images import read_image
from currency_app.recognition.corners import convex_iou
from currency_app.recognition.recognizer import Recognizer
from training.dataset.labels import parse_label
from training.dataset.manifest import VALUE_UNKNOWN, LabelledImage


@dataclass(frozen=True, eq=False)
class IdentifiedImage:
    """One labelled image and what a bundle answers to it."""

    image: LabelledImage
    """The image and its labels."""
    found: Identified
    """The answer."""
    size: tuple[int, int]
    """Width and height of the image, pixels."""

    def true_value(self, currency: str) -> int | None:
        """Return the labelled value; None without a note of the currency."""
        return parse_label(self.image.class_name, currency).value

    def iou(self) -> float | None:
        """Return the IoU of the corners found with those labelled, 0..1; None without a label, 0 if none were found."""
        observation: Observation = self.found.observation
        if self.image.polygon is None:
            return None
        if observation.corners is None:
            return 0.0
        return convex_iou(self.image.polygon / np.array(self.size, np.float32), observation.corners)


@dataclass(frozen=True)
class NoteFigures:
    """Images of single notes of one source."""

    n: int
    """How many there are."""
    right: int
    """How many were read as their value, spoken or not."""
    spoken: int
    """Of how many a value would be spoken as sure."""
    wrong: int
    """Of how many a wrong value would be spoken."""
    iou: float | None
    """Mean IoU of the corners, 0..1, of the images with labelled ones; None without any."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share that is right, 0..1."""
        return wilson(self.right, self.n)


@dataclass(frozen=True)
class EmptyFigures:
    """Images without a note of the currency, or with notes of unknown value."""

    n: int
    """How many there are."""
    spoken: int
    """Of how many a value would be spoken as sure."""


@dataclass(frozen=True)
class Figures:
    """All of one evaluation."""

    notes: Mapping[str, NoteFigures]
    """Images of single notes, by "split source kind"."""
    empty: Mapping[str, EmptyFigures]
    """Images without a note of the currency, by "split source kind"."""
    faces: Mapping[str, tuple[int, int]]
    """Of all readable notes, how many are right and how many there are, by class."""
    value_unknown: Mapping[str, EmptyFigures] = field(default_factory=dict)
    """Images of the currency's notes without a label of their value, by "split source kind"."""

    def as_json(self) -> dict[str, Any]:
        """Return what `currency-train evaluate --json` writes; shares 0..1."""
        notes = {
            name: {
                "n": f.n,
                "right": f.right,
                "right_share": round(f.right / f.n, 4),
                "right_interval": [round(bound, 4) for bound in f.interval],
                "given": f.spoken,
                "given_share": round(f.spoken / f.n, 4),
                "wrong_given": f.wrong,
                "mean_iou": None if f.iou is None else round(f.iou, 3),
            }
            for name, f in self.notes.items()
        }
        empty = {name: {"n": f.n, "given": f.spoken} for name, f in self.empty.items()}
        faces = {name: {"right": right, "n": n} for name, (right, n) in self.faces.items()}
        value_unknown = {name: {"n": f.n, "given": f.spoken} for name, f in self.value_unknown.items()}
        return {
            "notes": notes,
            "without_note": empty,
            "faces": faces,
            **({"untold": value_unknown} if value_unknown else {}),
        }

    def as_text(self) -> str:
        """Return a table to read, one line a source."""
        wide = max((len(name) for name in (*self.notes, *self.empty, *self.value_unknown)), default=0)
        lines = [f"{'images with one note':{wide}}  n    right  95 % interval    value given  given wrong  corners IoU"]
        for name, f in self.notes.items():
            low, high = f.interval
            iou = "-" if f.iou is None else f"{f.iou:.2f}"
            lines.append(
                f"{name:{wide}}  {f.n:<4} {f.right / f.n:6.1%} {low:6.1%} to {high:6.1%} {f.spoken / f.n:12.1%} "
                f"{f.wrong:12} {iou:>12}"
            )
        lines.append(f"{'images without one':{wide}}  n    value given")
        lines += [f"{name:{wide}}  {f.n:<4} {f.spoken}" for name, f in self.empty.items()]
        if self.value_unknown:
            lines.append(f"{'images whose value is not told':{wide}}  n    value given")
            lines += [f"{name:{wide}}  {f.n:<4} {f.spoken}" for name, f in self.value_unknown.items()]
        lines.append(f"{'readable notes by face':{wide}}  n    right")
        lines += [f"{name:{wide}}  {n:<4} {right / n:6.1%}" for name, (right, n) in self.faces.items()]
        return "\n".join(lines)


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share, 0..1; 0 to 1 if n is 0.

    Wilson, "Probable inference", J. Am. Stat. Assoc. 22, 1927.
    """
    if n == 0:
        return 0.0, 1.0
    z2 = 1.96**2
    middle = (right + z2 / 2) / (n + z2)
    half = 1.96 / (n + z2) * math.sqrt(right * (n - right) / n + z2 / 4)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def identify_all(
    recognizer: Recognizer, images: Iterable[LabelledImage], progress: Callable[..., Any]
) -> list[IdentifiedImage]:
    """Read every image by the recognizer. progress: wraps the list, as tqdm does."""
    identified = []
    for image in progress(list(images)):
        picture = read_image(image.path)
        identified.append(IdentifiedImage(image, identify(recognizer, picture), (picture.shape[1], picture.shape[0])))
    return identified


def figures(identified: Sequence[IdentifiedImage], currency: str, readable: frozenset[Path] = frozenset()) -> Figures:
    """Sum up by split, source and kind.

    currency: ISO code, lower case. readable: blurred frames that a person can read, which are summed up once more by
    themselves.
    """
    notes: dict[str, list[IdentifiedImage]] = {}
    empty: dict[str, list[IdentifiedImage]] = {}
    value_unknown: dict[str, list[IdentifiedImage]] = {}
    for item in identified:
        image = item.image
        into = value_unknown if image.kind == VALUE_UNKNOWN else empty if item.true_value(currency) is None else notes
        name = f"{image.split} {image.source} {image.kind}"
        into.setdefault(name, []).append(item)
        if image.path in readable:
            into.setdefault(f"{name}, readable", []).append(item)
    return Figures(
        {name: _note_figures(items, currency) for name, items in sorted(notes.items())},
        _empty_figures(empty),
        _faces(identified, currency, readable),
        _empty_figures(value_unknown),
    )


def _empty_figures(grouped: Mapping[str, Sequence[IdentifiedImage]]) -> dict[str, EmptyFigures]:
    return {
        name: EmptyFigures(len(items), sum(i.found.spoken for i in items)) for name, items in sorted(grouped.items())
    }


def _faces(
    identified: Sequence[IdentifiedImage], currency: str, readable: frozenset[Path]
) -> dict[str, tuple[int, int]]:
    left_out = unreadable([item.image for item in identified], readable)
    counts: dict[str, tuple[int, int]] = {}
    labels = {item.image.class_name: parse_label(item.image.class_name, currency) for item in identified}
    for item in sorted(identified, key=lambda item: (labels[item.image.class_name].value or 0, item.image.class_name)):
        image, value = item.image, item.true_value(currency)
        if value is None or image.path in left_out:
            continue
        right, n = counts.get(image.class_name, (0, 0))
        counts[image.class_name] = (right + (item.found.observation.value == value), n + 1)
    return counts


def unreadable(images: Iterable[LabelledImage], readable: frozenset[Path]) -> frozenset[Path]:
    """Return the images that no person could read.

    readable: frames that a person judged readable. A source and split without any of them was not judged: all of its
    images count as readable.
    """
    images = list(images)
    rated = {(image.source, image.split) for image in images if image.path in readable}
    return frozenset(i.path for i in images if (i.source, i.split) in rated and i.path not in readable)


def read_readable(data: Path) -> frozenset[Path]:
    """Return the frames that `*_readable.csv` of a data folder calls readable.

    Its columns are path and readable (1 or 0).
    """
    found = set()
    for table in data.glob("*_readable.csv"):
        with table.open(newline="", encoding="utf-8") as stream:
            found |= {data / row["path"] for row in csv.DictReader(stream) if row["readable"] == "1"}
    return frozenset(found)


def _note_figures(items: Sequence[IdentifiedImage], currency: str) -> NoteFigures:
    right = [item.found.observation.value == item.true_value(currency) for item in items]
    spoken = [item.found.spoken for item in items]
    ious = [iou for item in items if (iou := item.iou()) is not None]
    return NoteFigures(
        n=len(items),
        right=sum(right),
        spoken=sum(spoken),
        wrong=sum(g and not r for g, r in zip(spoken, right, strict=True)),
        iou=float(np.mean(ious)) if ious else None,
    )
