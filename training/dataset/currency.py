"""The rows of a data folder from the point of view of one currency: its notes, other money, unknown values.

A folder made for one currency serves for another: what is `other_currency` to the first holds the notes of the second.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from training.dataset.labels import BACKGROUND, names_currency, parse_label
from training.dataset.manifest import VALUE_UNKNOWN, LabelledImage, of_split, one_row_per_image

_SCAN_ENDINGS = ("_scan", "_scans")
"""How the name of a source ends whose `other_currency` images are flat scans."""


def relabel_for(images: Iterable[LabelledImage], currency: str) -> list[LabelledImage]:
    """Return the rows with the kinds that they have for a currency, ISO code in lower case.

    - A note of the currency that was `other_currency` becomes a `scan` if its source's name ends in _scan or _scans,
      else a `photo` of a single note.
    - A photo or scan of anything else becomes `other_currency`.
    - A class that names the currency without a value, such as eur_mixed, becomes `VALUE_UNKNOWN`. Such an image is
      learnt neither as a value nor as an image without a note.
    """
    return [_relabelled(image, currency) for image in images]


def value_unknown(images: Sequence[LabelledImage], splits: Sequence[str]) -> list[LabelledImage]:
    """Return the images of these splits that show notes of the currency without a label that says which."""
    return [image for image in one_row_per_image(of_split(images, *splits)) if image.kind == VALUE_UNKNOWN]


def has_locations(images: Iterable[LabelledImage], currency: str) -> bool:
    """Whether any training image shows where a note of the currency lies: a flat scan, or a photo with corners."""
    notes = (image for image in images if image.split == "train" and parse_label(image.class_name, currency).value)
    return any(image.kind == "scan" or (image.kind == "photo" and image.polygon is not None) for image in notes)


def _relabelled(image: LabelledImage, currency: str) -> LabelledImage:
    shows_notes = image.kind in ("photo", "scan")
    if parse_label(image.class_name, currency).value is not None:
        if shows_notes:
            return image
        scan = image.source.endswith(_SCAN_ENDINGS)
        return replace(image, kind="scan" if scan else "photo", notes_in_image="" if scan else "single")
    if names_currency(image.class_name, currency):
        return replace(image, kind=VALUE_UNKNOWN)
    return replace(image, kind="other_currency") if shows_notes and image.class_name != BACKGROUND else image
