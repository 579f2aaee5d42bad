"""Measures a bundle on real images, each source by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.recognition.recognizer import Recognizer
from training.dataset.currency import value_unknown
from training.dataset.labels import parse_label
from training.dataset.manifest import VALUE_UNKNOWN, LabelledImage, measurable
from training.measuring.by_design import (
    NOT_RECORDED,
    AllDesignFigures,
    LearntDesigns,
    figures_by_design,
    learnt_designs,
)
from training.measuring.identified import IdentifiedImage, identify_all, read_readable, unreadable, wilson
from training.measuring.play_money import PlayMoneyFigures, play_money, play_money_figures, shows_play_money
from training.progress import Progress


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
    designs: AllDesignFigures = field(default_factory=AllDesignFigures)
    """Readable notes by design."""
    play_money: Mapping[str, PlayMoneyFigures] = field(default_factory=dict)
    """Novelty and play notes, by "split source"."""

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
            **self.designs.as_json(),
            **({"play_money": {name: f.as_json() for name, f in self.play_money.items()}} if self.play_money else {}),
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
        lines += self.designs.as_lines()
        if self.play_money:
            wide = max(len(name) for name in ("play money", *self.play_money))
            lines.append(f"{'play money':{wide}}  n    value given")
            lines += [f"{name:{wide}}  {f.n:<4} {f.in_words()}" for name, f in self.play_money.items()]
        return "\n".join(lines)


def measure_photographs(
    recognizer: Recognizer, data: Path, images: Sequence[LabelledImage], splits: Sequence[str], progress: Progress
) -> Figures:
    """Return the figures of a bundle on the images of these splits, and on all play money.

    data: the data folder. images: its rows.
    """
    bundle = recognizer.bundle
    found = {
        image.path: image
        for image in (*measurable(images, splits), *value_unknown(images, splits), *play_money(images))
    }
    identified = identify_all(recognizer, found.values(), progress)
    return figures(identified, bundle.currency.lower(), read_readable(data), learnt_designs(bundle, data))


def figures(
    identified: Sequence[IdentifiedImage],
    currency: str,
    readable: frozenset[Path] = frozenset(),
    learnt: LearntDesigns = NOT_RECORDED,
) -> Figures:
    """Sum up by split, source and kind.

    currency: ISO code, lower case. readable: blurred frames that a person can read, which are summed up once more by
    themselves. learnt: which designs the bundle has learnt.
    """
    notes: dict[str, list[IdentifiedImage]] = {}
    empty: dict[str, list[IdentifiedImage]] = {}
    value_unknown: dict[str, list[IdentifiedImage]] = {}
    for item in identified:
        image = item.image
        if shows_play_money(image):
            continue
        into = value_unknown if image.kind == VALUE_UNKNOWN else empty if item.true_value(currency) is None else notes
        name = f"{image.split} {image.source} {image.kind}"
        into.setdefault(name, []).append(item)
        if image.path in readable:
            into.setdefault(f"{name}, readable", []).append(item)
    left_out = unreadable([item.image for item in identified], readable)
    shown = [item for item in identified if item.image.path not in left_out]
    return Figures(
        {name: _note_figures(items, currency) for name, items in sorted(notes.items())},
        _empty_figures(empty),
        _faces(shown, currency),
        _empty_figures(value_unknown),
        figures_by_design(shown, currency, learnt),
        play_money_figures(identified),
    )


def _empty_figures(grouped: Mapping[str, Sequence[IdentifiedImage]]) -> dict[str, EmptyFigures]:
    return {
        name: EmptyFigures(len(items), sum(i.found.spoken for i in items)) for name, items in sorted(grouped.items())
    }


def _faces(identified: Sequence[IdentifiedImage], currency: str) -> dict[str, tuple[int, int]]:
    counts: dict[str, tuple[int, int]] = {}
    labels = {item.image.class_name: parse_label(item.image.class_name, currency) for item in identified}
    for item in sorted(identified, key=lambda item: (labels[item.image.class_name].value or 0, item.image.class_name)):
        image, value = item.image, item.true_value(currency)
        if value is None:
            continue
        right, n = counts.get(image.class_name, (0, 0))
        counts[image.class_name] = (right + (item.found.observation.value == value), n + 1)
    return counts


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
