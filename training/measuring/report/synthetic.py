"""Synthetic pictures for what no photograph is labelled with: how much of the note a hand hides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.identify import identify
from currency_app.images import read_image
from currency_app.recognition.recognizer import Recognizer
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage, of_split
from training.dataset.notes import flat_note
from training.measuring.identified import IdentifiedImage
from training.measuring.report.cases import Case
from training.synthesis.scene import composite

COMPOSITES = 300
"""How many pictures are made. Chosen by hand."""
NOTES_OF, ROOMS_OF = "test_web", "test"
"""Splits that notes and rooms are taken from."""
_SIZE = 480
"""Pixels across and down a picture."""
_SEED = 1
"""Makes the pictures the same for every bundle."""


def composites(
    recognizer: Recognizer,
    images: Sequence[LabelledImage],
    splits: Sequence[str],
    progress: Callable[[Iterable[Any]], Iterable[Any]],
    count: int = COMPOSITES,
) -> list[Case]:
    """Return so many scans of notes held before rooms, as a webcam sees them, each with its answer.

    They are the same for every bundle. Notes are the scans of split test_web, rooms the backgrounds of split test. The
    list is empty if there are none, or `splits` lacks one of these splits. images: the data folder's rows. progress:
    wraps the numbers of the pictures, as tqdm does.
    """
    currency = recognizer.bundle.currency.lower()
    scans = _by_face(images, currency) if NOTES_OF in splits else {}
    rooms = [image for image in of_split(images, ROOMS_OF) if image.kind == "background" and ROOMS_OF in splits]
    if not scans or not rooms:
        return []
    return [_one(recognizer, scans, rooms, currency, number) for number in progress(range(count))]


def _by_face(images: Sequence[LabelledImage], currency: str) -> dict[str, list[LabelledImage]]:
    found: dict[str, list[LabelledImage]] = {}
    for image in of_split(images, NOTES_OF):
        if image.kind == "scan" and parse_label(image.class_name, currency).value is not None:
            found.setdefault(image.class_name, []).append(image)
    return dict(sorted(found.items()))


def _one(
    recognizer: Recognizer,
    scans: dict[str, list[LabelledImage]],
    rooms: Sequence[LabelledImage],
    currency: str,
    number: int,
) -> Case:
    rng = np.random.default_rng([_SEED, number])
    faces = list(scans)
    of_face = scans[faces[number % len(faces)]]  # every face as often as the next, however few its scans
    scan, room = of_face[int(rng.integers(len(of_face)))], rooms[int(rng.integers(len(rooms)))]
    note = flat_note(scan.class_name, read_image(scan.path))
    made = composite(rng, note, read_image(room.path), [], _SIZE)
    polygon = None if made.corners is None else np.asarray(made.corners * _SIZE, np.float32)
    image = LabelledImage(
        Path(f"made-up picture {number + 1}"),
        kind="synthetic",
        source=scan.source,
        class_name=scan.class_name,
        split=NOTES_OF,
        polygon=polygon,
        notes_in_image="single",
        series=scan.series,
    )
    return Case(IdentifiedImage(image, identify(recognizer, made.picture), (_SIZE, _SIZE)), currency, made.hidden)
