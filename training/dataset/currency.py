"""The rows of a data folder as a model of one currency takes them: its notes, other money, and what tells nothing.

A folder made for one currency serves for another: what is `other_currency` to the first holds the notes of the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from training.dataset.labels import BACKGROUND, names_currency, parse_label
from training.dataset.manifest import VALUE_UNKNOWN, LabelledImage, of_split, one_row_per_image

_SCANS = ("_scan", "_scans")


def relabel_for(images: Iterable[LabelledImage], currency: str) -> list[LabelledImage]:
    """The rows with the kinds that they have for a currency, ISO code in lower case.

    - A note of the currency that was `other_currency` becomes a `scan` where its source's name ends in _scan or _scans,
      else a `photo` of a single note.
    - A photo or scan of anything else becomes `other_currency`.
    - A class that names the currency but no value of it, as eur_mixed does, becomes `value_unknown`: such an image is neither
      learnt as a value nor as something without one.
    """
    return [_relabelled(image, currency) for image in images]


def value_unknown(images: Sequence[LabelledImage], splits: Sequence[str]) -> list[LabelledImage]:
    """The images of these splits that show notes of the currency, but nothing tells which."""
    return [image for image in one_row_per_image(of_split(images, *splits)) if image.kind == VALUE_UNKNOWN]


def has_locations(images: Iterable[LabelledImage], currency: str) -> bool:
    """Whether some image to learn from tells where a note of the currency lies: a flat scan, or corners."""
    notes = (image for image in images if image.split == "train" and parse_label(image.class_name, currency).value)
    return any(image.kind == "scan" or (image.kind == "photo" and image.polygon is not None) for image in notes)


def _relabelled(image: LabelledImage, currency: str) -> LabelledImage:
    of_notes = image.kind in ("photo", "scan")
    if parse_label(image.class_name, currency).value is not None:
        if of_notes:
            return image
        scan = image.source.endswith(_SCANS)
        return replace(image, kind="scan" if scan else "photo", notes_in_image="" if scan else "single")
    if names_currency(image.class_name, currency):
        return replace(image, kind=VALUE_UNKNOWN)
    return replace(image, kind="other_currency") if of_notes and image.class_name != BACKGROUND else image
