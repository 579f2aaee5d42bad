"""Give a bundle a small network that reads numerals, and choose how far it is trusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from currency_app.arrays import Corners, Image
from currency_app.errors import DataError
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle, load_bundle
from currency_app.recognition.numerals.check import NumeralCheck
from currency_app.recognition.numerals.crops import CROPS
from currency_app.recognition.numerals.network import LiteRTNumerals
from currency_app.recognition.recognizer import Recognizer
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage, measurable, of_split
from training.export.bundle import add_numerals
from training.export.quiet import quietly
from training.export.tflite import numerals_to_tflite
from training.fitting.numerals import CropSet, fit_numerals, make_crops
from training.progress import Progress
from training.recipe import Recipe
from training.synthesis.numerals import CROP, NOTE_MARGIN, CropSampler, note_size, outputs_of, windowed_notes
from training.writable import changing_folder

PICTURES, EPOCHS = 150_000, 2
"""Training pictures and how often each is seen, unless told. Chosen by hand."""
_PARTS = 8
"""Into how many parts the pictures are made, each from a seed of its own: so they do not depend on the cores."""
_MAX_ROOMS = 250
"""Pictures without notes that are kept to cut parts out of, and their largest side, pixels."""
_ROOM_SIDE = 200
_MAX_REFUSED = 0.015
"""Share of the readings of `val` that are right and sure, 0..1, that numerals may refuse. Chosen by hand: what reads
known notes must stay useful."""
_UNREADABLE_SHARE = 0.8
"""Largest threshold, as a share of the support that each value has where nothing can be read. Chosen on `val`: many
blurred notes are just under that."""


@dataclass(frozen=True)
class NumeralsFitted:
    """How a bundle's numerals network came out."""

    min_support: float
    """The threshold that was chosen, 0..1."""
    n: int
    """Readings of `val` that are right and sure."""
    refused: int
    """Of how many the numerals stand against the value."""

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        return {"least_support": self.min_support, "n": self.n, "refused": self.refused}

    def as_text(self) -> str:
        """Return it for a person."""
        return (
            f"numerals: a value needs a support of {self.min_support}; of {self.n} right and sure readings of val "
            f"{self.refused} are refused"
        )


class _Reading(NamedTuple):
    """A note of `val` that the bundle reads right and sure."""

    path: Path
    corners: Corners
    value: int


def fit_bundle_numerals(
    folder: Path,
    images: Sequence[LabelledImage],
    progress: Progress,
    *,
    crops: int = PICTURES,
    epochs: int = EPOCHS,
    seed: int = 1,
    network_of: Bundle | None = None,
) -> NumeralsFitted:
    """Train the network for numerals, add it to a bundle, and choose the threshold on `val`.

    The bundle is changed only at the end. network_of: a bundle whose network is taken in place of training one.
    Raises DataError if no image shows a note large enough, if the other bundle has no such network, or if no image of
    `val` is read right and sure.
    """
    bundle = load_bundle(folder)
    taken = None if network_of is None else _taken_from(network_of, bundle)
    readings = _right_and_sure(bundle, images, progress)  # before a training of minutes
    model, entry = taken or _trained(bundle, images, progress, crops, epochs, seed)
    with changing_folder(folder) as fresh:  # a bundle left with the first threshold would refuse nothing
        add_numerals(fresh, model, entry | {"least_support": 0.0})
        chosen = _choose(load_bundle(fresh), readings, progress)
        add_numerals(fresh, model, entry | {"least_support": chosen.min_support})
    return chosen


def fit_numerals_by_recipe(
    folder: Path, recipe: Recipe, images: Sequence[LabelledImage], progress: Progress
) -> NumeralsFitted | None:
    """Give a recipe's bundle its network for numerals; None if the recipe wants none.

    A network that the bundle has already stays, and only its threshold is chosen anew: the bundle may be calibrated
    anew. images: see `fit_bundle_numerals`.
    """
    if not recipe.numeral_crops:
        return None
    bundle = load_bundle(folder)
    kept = None if bundle.numerals is None else bundle
    return fit_bundle_numerals(folder, images, progress, crops=recipe.numeral_crops, network_of=kept)


def make_part(
    images: Sequence[LabelledImage],
    currency: str,
    values: Sequence[int],
    aspect: float,
    seed: int,
    count: int,
    part: int,
) -> CropSet:
    """Return one part of the training pictures.

    Args:
        images: the rows to learn from.
        currency: ISO code in lower case.
        values: that the bundle reads.
        aspect: width over height of the currency's notes.
        seed: of all parts.
        count: of pictures in this one.
        part: its number.
    """
    singles = [i for i in images if i.kind in ("photo", "scan") and i.notes_in_image in ("", "single")]
    told = [(image, parse_label(image.class_name, currency).value) for image in singles]
    notes = windowed_notes([(image, value) for image, value in told if value is not None and value in values], aspect)
    if not notes:
        raise DataError("No training image shows where a large note lies: add scans, or corners to photographs.")
    rooms = [_room(image) for image in images if image.kind == "background"]
    sampler = CropSampler(values, notes, rooms, aspect)
    rng = np.random.default_rng([seed, part])
    made = [sampler.sample(rng) for _ in range(count)]
    return CropSet(np.stack([one.crop for one in made]), np.array([one.output for one in made], np.int64))


def _trained(
    bundle: Bundle, images: Sequence[LabelledImage], progress: Progress, crops: int, epochs: int, seed: int
) -> tuple[bytes, dict[str, Any]]:
    outputs, train = len(outputs_of(bundle.values)), of_split(images, "train")
    rooms = [image for image in train if image.kind == "background"]
    kept = [image for image in train if image.kind != "background"] + rooms[:: len(rooms) // _MAX_ROOMS + 1]
    count = -(-crops // _PARTS)
    currency = bundle.currency.lower()
    made = make_crops(
        partial(make_part, kept, currency, bundle.values, bundle.note_aspect, seed, count), _PARTS, progress
    )
    network = fit_numerals(made, outputs, epochs, seed, progress)
    with quietly():
        model = numerals_to_tflite(network, CROPS)
    width, height = note_size(bundle.note_aspect)
    return model, {
        "values": list(bundle.values),
        "priors": list(made.shares(outputs)),
        "margin": NOTE_MARGIN,
        "width": width,
        "height": height,
        "crop_width": CROP[0],
        "crop_height": CROP[1],
        "training": {"crops": len(made.crops), "epochs": epochs, "seed": seed},
    }


def _taken_from(other: Bundle, bundle: Bundle) -> tuple[bytes, dict[str, Any]]:
    """Return another bundle's network for numerals, and what is said of it."""
    rule = other.numerals
    if rule is None:
        raise DataError(f"{other.folder} has no network for numerals: train one, without --from.")
    if rule.values != bundle.values:
        raise DataError(
            f"{other.folder} reads numerals of other values than {bundle.folder}: train a network for them."
        )
    return rule.model.read_bytes(), dict(other.raw["numerals"])


def _right_and_sure(bundle: Bundle, images: Sequence[LabelledImage], progress: Progress) -> list[_Reading]:
    """Return the readings of `val` that are right and sure without the check, by which it is chosen.

    Raises DataError if there are none: any threshold would be made up then.
    """
    currency = bundle.currency.lower()
    recognizer = Recognizer(bundle, others=False, search=False, check_numerals=False)
    readings = []
    for image in progress(measurable(images, ["val"])):
        seen = recognizer.observe_still(read_image(image.path))
        value = parse_label(image.class_name, currency).value
        right = value is not None and seen.value == value and bundle.is_sure(value, seen.confidence)
        if right and value is not None and seen.corners is not None:
            readings.append(_Reading(image.path, seen.corners, value))
    if not readings:
        raise DataError(
            f"The bundle of {bundle.currency} reads no note of val right and sure, so nothing tells how far its "
            "numerals may be trusted: add photographs to val, train it longer, or do without numerals "
            "(numeral_crops = 0 in a recipe)."
        )
    return readings


def _choose(bundle: Bundle, readings: Sequence[_Reading], progress: Progress) -> NumeralsFitted:
    """Choose how much support a value needs, by readings that are right and sure without the check."""
    rule = bundle.numerals
    assert rule is not None, "it was just added"
    check = NumeralCheck(rule, LiteRTNumerals(rule))
    support = []
    for reading in progress(readings):
        found = check.support(read_image(reading.path), reading.corners, reading.value)
        support.append(1.0 if found is None else found)
    limit = _UNREADABLE_SHARE / (len(rule.values) + 1)
    may_be_refused = int(_MAX_REFUSED * len(support))
    # As many lie below the next one in order as may be refused.
    chosen = min(sorted(support)[may_be_refused], limit)
    chosen = math.floor(chosen * 1000) / 1000
    return NumeralsFitted(chosen, len(support), sum(found < chosen for found in support))


def _room(image: LabelledImage) -> Image:
    grey = np.asarray(cv2.cvtColor(read_image(image.path), cv2.COLOR_BGR2GRAY), np.uint8)
    share = _ROOM_SIDE / max(grey.shape)
    return (
        grey
        if share >= 1
        else np.asarray(cv2.resize(grey, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)
    )
