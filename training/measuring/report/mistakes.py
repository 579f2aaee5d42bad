"""The page's worst answers, as small pictures."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

import numpy as np

from currency_app.images import read_image
from training.measuring.report.cases import Case
from training.measuring.report.tags import amount
from training.web_page import small_jpeg

WORST_SHOWN = 20
"""How many answers the page shows. Chosen by hand."""
_WIDEST = 270
"""Pixels across a picture: as wide as its place on the page."""


def worst(cases: Sequence[Case], count: int = WORST_SHOWN) -> list[Case]:
    """Return at most so many cases, the worst first.

    First come wrong values, then notes taken for none, the surest first of both; after these come right values that
    would not be said, the least sure first.
    """
    wrong_values = [case for case in cases if not case.right and case.seen.value is not None]
    missed = [case for case in cases if not case.right and case.seen.value is None]
    not_spoken = [case for case in cases if case.right and case.true is not None and not case.spoken]
    ordered = [
        *sorted(wrong_values, key=lambda case: -case.seen.confidence),
        *sorted(missed, key=lambda case: -case.seen.confidence),
        *sorted(not_spoken, key=lambda case: case.seen.confidence),
    ]
    return ordered[:count]


def pictures(cases: Sequence[Case], data: Path) -> str:
    """Return the list of pictures, each with the corners found, the note's top left one marked, and its answer."""
    return '<ul class="pictures">' + "\n".join(_picture(case, data) for case in cases) + "</ul>"


def place_in(data: Path, image: Path) -> str:
    """Return the image's path in its data folder; its name alone if it lies elsewhere."""
    return str(image.relative_to(data)) if image.is_relative_to(data) else image.name


def _picture(case: Case, data: Path) -> str:
    pixels = read_image(case.identified.image.path)
    corners = case.seen.corners
    outline = None if corners is None else corners * np.array([pixels.shape[1], pixels.shape[0]], np.float32)
    kind = "right" if case.right else "wrong"
    would = "would be said" if case.spoken else "would not be said"
    what = (
        f"{case.identified.image.class_name} taken for {amount(case.seen.value)}, {kind}, "
        f"confidence {case.seen.confidence:.3f}, {would}"
    )
    return (
        f'<li><figure><img alt="{escape(what, quote=True)}" '
        f'src="data:image/jpeg;base64,{small_jpeg(pixels, outline, _WIDEST)}">'
        f"<figcaption>true: {escape(case.identified.image.class_name)}<br>said: {amount(case.seen.value)} ({kind})<br>"
        f"confidence: {case.seen.confidence:.3f} ({would})<br>"
        f"{escape(place_in(data, case.identified.image.path))}</figcaption></figure></li>"
    )
