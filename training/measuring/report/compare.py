"""What one or several bundles answer to the images that they are measured on."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from currency_app.errors import DataError
from currency_app.identify import identify
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle, load_bundle
from currency_app.recognition.recognizer import Recognizer
from training.dataset.manifest import LabelledImage
from training.measuring.identified import IdentifiedImage, wilson
from training.measuring.report.cases import Case, notes, without_unreadable


@dataclass(frozen=True, eq=False)
class Measured:
    """A bundle and its answer to every image."""

    bundle: Bundle
    """The bundle."""
    cases: tuple[Case, ...]
    """The images and the answers."""

    @property
    def name(self) -> str:
        """What its points and rows are labelled with: recipe, backbone and its width, input size."""
        recipe = self.bundle.raw.get("training", {}).get("recipe", {})
        backbone = recipe.get("backbone", "mobilenet_v2")
        width = f" {float(recipe['alpha'])}" if "alpha" in recipe else ""
        name = recipe.get("name") or self.bundle.folder.name
        return f"{name}, {backbone}{width}, {self.bundle.width} px"

    @property
    def milliseconds(self) -> float:
        """Median, over the images, of the milliseconds that one frame took."""
        return statistics.median(case.seen.stages_ms["frame"] for case in self.cases)

    def readable(self, readable: frozenset[Path]) -> ReadableNotes:
        """Return the figures of all sources as one, every image counting the same.

        readable: blurred frames that a person can read.
        """
        with_note = notes(without_unreadable(self.cases, readable))
        return ReadableNotes(
            n=len(with_note),
            right=sum(case.right for case in with_note),
            spoken=sum(case.spoken for case in with_note),
            wrong=sum(case.wrong for case in with_note),
        )


@dataclass(frozen=True)
class ReadableNotes:
    """Figures over the readable notes of all sources."""

    n: int
    """How many there are."""
    right: int
    """How many were read as their value, spoken or not."""
    spoken: int
    """Of how many a value would be spoken as sure."""
    wrong: int
    """Of how many a wrong value would be spoken."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share that is right, 0..1."""
        return wilson(self.right, self.n)


def measure_bundles(
    folders: Sequence[Path], images: Sequence[LabelledImage], progress: Callable[[Iterable[Any]], Iterable[Any]]
) -> list[Measured]:
    """Read every image by the bundle of each folder. Raises BundleError, ImageError.

    The bundles take turns at each image, so that whatever else the computer does meanwhile slows all of them alike.
    progress: wraps the images, as tqdm does.
    """
    recognizers = [Recognizer(load_bundle(folder)) for folder in folders]
    cases: list[list[Case]] = [[] for _ in recognizers]
    for image in progress(images):
        picture = read_image(image.path)
        size = picture.shape[1], picture.shape[0]
        for recognizer, into in zip(recognizers, cases, strict=True):
            identified = IdentifiedImage(image, identify(recognizer, picture), size)
            into.append(Case(identified, recognizer.bundle.currency.lower()))
    return [Measured(one.bundle, tuple(its)) for one, its in zip(recognizers, cases, strict=True)]


def must_be_comparable(folders: Sequence[Path]) -> None:
    """Raise DataError if the bundles are not of one currency, BundleError if one cannot be read."""
    first, *others = [load_bundle(folder) for folder in folders]
    for other in others:
        if other.currency != first.currency:
            raise DataError(
                f"{other.folder} reads {other.currency}, not {first.currency}: compare bundles of one currency."
            )
