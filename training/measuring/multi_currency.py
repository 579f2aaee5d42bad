"""Measures several bundles beside each other, as `currency-app --currency usd,eur` uses them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from currency_app.identify import Identified, identify_among
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.recognizer import Recognizer
from training.dataset.currency import relabel_for, value_unknown
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage, measurable
from training.measuring.identified import IdentifiedImage, read_readable
from training.measuring.photographs import Figures, figures

_NO_CURRENCY = ""
"""Stands for the currency of an image without a note."""


def measure_multi_currency(
    bundles: Sequence[Bundle], data: Path, images: Sequence[LabelledImage], splits: Sequence[str], progress: Any
) -> Figures:
    """Return the figures of the bundles' common answer on the images of these splits.

    A note counts as right if its own currency answers with its value, and as wrong if another value or another currency
    would be spoken. images: rows as they are in the data folder. progress: wraps the images, as tqdm does.
    """
    recognizers = [Recognizer(bundle) for bundle in bundles]
    identified: dict[str, list[IdentifiedImage]] = {}
    for image, currency in progress(_with_currency(bundles, images, splits)):
        picture = read_image(image.path)
        answer = identify_among(recognizers, picture)
        found = answer.found
        if answer.currency is not None and currency and answer.currency.lower() != currency:
            found = _of_another(found)
        size = (picture.shape[1], picture.shape[0])
        identified.setdefault(currency, []).append(IdentifiedImage(image, found, size))
    by_currency = {code: figures(items, code, read_readable(data)) for code, items in sorted(identified.items())}
    of_each = list(by_currency.values())
    # One source may have notes of several currencies, as a folder per class has.
    sources = Counter(name for found in of_each for name in found.notes)
    return Figures(
        notes={
            name if sources[name] == 1 else f"{name} {code.upper()}": made
            for code, found in by_currency.items()
            for name, made in found.notes.items()
        },
        empty={name: made for found in of_each for name, made in found.empty.items()},
        faces={name: made for found in of_each for name, made in found.faces.items()},
        play_money={name: made for found in of_each for name, made in found.play_money.items()},
    )


def _with_currency(
    bundles: Sequence[Bundle], images: Sequence[LabelledImage], splits: Sequence[str]
) -> list[tuple[LabelledImage, str]]:
    """Return each measurable image and the currency of its note, ISO code in lower case.

    The currency of an image without a note is `_NO_CURRENCY`. Left out is an image that shows notes of one of the
    currencies without a label of their value.
    """
    codes = [bundle.currency.lower() for bundle in bundles]
    seen = {code: relabel_for(images, code) for code in codes}
    left_out = {image.path for code in codes for image in value_unknown(seen[code], splits)}
    found: dict[Path, tuple[LabelledImage, str]] = {}
    for code in codes:
        for image in measurable(seen[code], splits):
            shows = parse_label(image.class_name, code).value is not None
            if image.path not in left_out and (shows or image.path not in found):
                found[image.path] = (image, code if shows else _NO_CURRENCY)
    return list(found.values())


def _of_another(found: Identified) -> Identified:
    """Return an answer without its value, because it is in another currency than the note's."""
    return replace(found, observation=replace(found.observation, value=None, side=None))
