"""A bundle's answers to the measuring images, and several bundles' beside each other."""

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
from training.measuring.photographs import IdentifiedImage, wilson
from training.measuring.report.cases import Case, notes, without_unreadable


@dataclass(frozen=True, eq=False)
class Measured:
    """A bundle and its answer to every image."""

    bundle: Bundle
    cases: tuple[Case, ...]

    @property
    def name(self) -> str:
        """As its points and rows are labelled: recipe, backbone and its width, input size."""
        recipe = self.bundle.raw.get("training", {}).get("recipe", {})
        backbone = recipe.get("backbone", "mobilenet_v2")
        width = f" {float(recipe['alpha'])}" if "alpha" in recipe else ""
        name = recipe.get("name") or self.bundle.folder.name
        return f"{name}, {backbone}{width}, {self.bundle.width} px"

    @property
    def milliseconds(self) -> float:
        """Median over the images of what one frame took."""
        return statistics.median(case.seen.stages_ms["frame"] for case in self.cases)

    def readable(self, readable: frozenset[Path]) -> ReadableNotes:
        """All sources together, every image counting the same. readable: frames judged readable."""
        with_note = notes(without_unreadable(self.cases, readable))
        return ReadableNotes(
            n=len(with_note),
            right=sum(case.right for case in with_note),
            spoken=sum(case.spoken for case in with_note),
            wrong=sum(case.wrong for case in with_note),
        )


@dataclass(frozen=True)
class ReadableNotes:
    """Figures over the readable notes of all sources. right: the value; given: would be said; wrong: said wrongly."""

    n: int
    right: int
    spoken: int
    wrong: int

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share that is right."""
        return wilson(self.right, self.n)


def measure_bundles(
    folders: Sequence[Path], images: Sequence[LabelledImage], progress: Callable[[Iterable[Any]], Iterable[Any]]
) -> list[Measured]:
    """Every image through the bundle of each folder. Raises BundleError, ImageError.

    The bundles take turns at each image: else their times would tell what else the computer did meanwhile.
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
    """Raise DataError where the bundles are not of one currency, BundleError where one cannot be read."""
    first, *others = [load_bundle(folder) for folder in folders]
    for other in others:
        if other.currency != first.currency:
            raise DataError(
                f"{other.folder} reads {other.currency}, not {first.currency}: compare bundles of one currency."
            )
