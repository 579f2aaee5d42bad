"""Write a model bundle: all of it, or nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from currency_app.errors import BundleError
from currency_app.recognition.bundle import SCHEMA, load_bundle, sha256_of
from training.dataset.designs import count_designs
from training.dataset.labels import Label
from training.dataset.manifest import LabelledImage
from training.export.one_file import CLOSER_SIGNATURE, in_one_file
from training.recipe import Recipe
from training.writable import changing_folder, replacing

_MODEL = "model.tflite"
_OLD_CLOSER = "closer.tflite"
"""Second file of bundles of November 2026, before both shapes came into one."""
_NUMERALS = "numerals.tflite"
_DESCRIPTION = "bundle.json"
UNCALIBRATED = {"temperature": 1.0, "thresholds": {"sure": 0.95, "maybe": 0.6}}
"""Entries of a description until the bundle is calibrated."""
_MIN_NOTE_PROBABILITY = 0.05
"""The first look must give all values together at least this probability, 0..1, for closer ones. Chosen by hand."""


_NUMERALS_MEANING = (
    "before a value is announced, the note is straightened by its corners, with margin (a share of its sides) around, "
    "into width x height, made grey, and its four corners of crop_width x crop_height are read, as they are and then "
    "each turned by half a turn, in the order of the note so turned; the network gives each the probabilities of the "
    "values, of another number and of nothing readable; what they add up to by Bayes' rule, with priors, must give the "
    "value at least least_support"
)


def write_bundle(
    folder: Path,
    model: bytes,
    precision: str,
    recipe: Recipe,
    labels: Sequence[Label],
    images: Sequence[LabelledImage],
    *,
    locates: bool = True,
    closer: bytes | None = None,
) -> None:
    """Write a TFLite model and its description into a folder, in place of those that were there.

    The bundle is not calibrated yet: see `describe`. precision: of the models, fp32 or int8. images: the data folder's
    rows, of which the description says how many are learnt from. locates: whether the model has learnt where a note is;
    a bundle that has not looks once. closer: the TFLite model for closer looks of the recipe's `closer_size`, which
    comes into the same file; None if they have the whole picture's shape. A network for numerals that the old bundle
    has stays, if it reads the same values.
    Raises BundleError, and leaves the old ones, if the new bundle cannot be read.
    """
    if (closer is not None) != (bool(recipe.closer_size) and locates):
        raise ValueError("closer looks of another shape need a model, and others none")
    with tempfile.TemporaryDirectory() as temporary:
        fresh = Path(temporary)
        (fresh / _MODEL).write_bytes(model if closer is None else in_one_file(model, closer))
        description = dict(_description(fresh, precision, recipe, labels, images, locates))
        numerals = _kept_numerals(folder, labels)
        if numerals is not None:
            shutil.copyfile(folder / _NUMERALS, fresh / _NUMERALS)
            description["numerals"] = numerals
        (fresh / _DESCRIPTION).write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
        load_bundle(fresh)
        folder.mkdir(parents=True, exist_ok=True)
        for name in (_MODEL, _DESCRIPTION):
            shutil.copyfile(fresh / name, folder / f".{name}")
        for name in (_MODEL, _DESCRIPTION):
            (folder / f".{name}").replace(folder / name)
        (folder / _OLD_CLOSER).unlink(missing_ok=True)


def describe(folder: Path, **changes: Any) -> None:
    """Change entries of a bundle's description by their keys, such as temperature, thresholds, measured.

    Raises BundleError, and leaves the description as it was, if the bundle could not be read with them.
    """
    path = folder / _DESCRIPTION
    description = json.loads(path.read_text(encoding="utf-8")) | changes
    text = json.dumps(description, indent=1) + "\n"
    with tempfile.TemporaryDirectory() as temporary:
        tried = Path(temporary)
        (tried / _DESCRIPTION).write_text(text, encoding="utf-8")
        for model in folder.glob("*.tflite"):
            shutil.copyfile(model, tried / model.name)
        load_bundle(tried)
    with replacing(path) as fresh:
        fresh.write_text(text, encoding="utf-8")


def add_numerals(folder: Path, model: bytes, entry: Mapping[str, Any]) -> None:
    """Write the network for numerals into a bundle, in place of one that was there.

    model: a TFLite file. entry: what bundle.json says about it besides the file; see `NumeralRule`.
    Raises BundleError, and leaves the bundle as it was, if it could not be read so.
    """
    with changing_folder(folder) as fresh:
        (fresh / _NUMERALS).write_bytes(model)
        about = dict(entry) | {"meaning": _NUMERALS_MEANING, "model": _file(fresh / _NUMERALS, "fp16")}
        describe(fresh, numerals=about)


def _kept_numerals(folder: Path, labels: Sequence[Label]) -> dict[str, Any] | None:
    """Return what a folder's bundle says about numerals of these values; None if there is none to keep."""
    if not (folder / _NUMERALS).is_file():
        return None
    try:
        old = load_bundle(folder)
    except BundleError:  # a damaged bundle is what is replaced
        return None
    values = {label.value for label in labels if label.value is not None}
    return dict(old.raw["numerals"]) if old.numerals is not None and set(old.numerals.values) == values else None


def _description(
    folder: Path,
    precision: str,
    recipe: Recipe,
    labels: Sequence[Label],
    images: Sequence[LabelledImage],
    locates: bool,
) -> Mapping[str, Any]:
    trained_on = [image for image in images if image.split == "train"]
    return {
        "schema": SCHEMA,
        "currency": recipe.currency.upper(),
        "names": recipe.names,
        "note_aspect": round(recipe.note_aspect, 3),
        "labels": [{"name": label.name, "value": label.value, "side": label.side} for label in labels],
        "input": {
            "width": recipe.size,
            "height": recipe.size,
            "colour_order": "RGB",
            "dtype": "uint8",
            "fit": "stretch",
        },
        "outputs": {
            "probabilities": {"shape": [1, len(labels)], "meaning": "softmax over labels, before the temperature"},
            "corners": {
                "shape": [1, 9],
                "meaning": "x1 y1 x2 y2 x3 y3 x4 y4 of the note's own top-left, top-right, bottom-right, bottom-left, "
                "fractions of the picture given; then the share of the note in view, 0..1",
            },
        },
        **UNCALIBRATED,
        "locates": locates,
        "locates_unknown": locates,
        **(_second_look(recipe, folder, precision) if locates else {}),
        **_designs(images, recipe.currency),
        "model": _file(folder / _MODEL, precision),
        "training": {
            "recipe": recipe.as_dict(),
            "seed": recipe.seed,
            "date": datetime.now(UTC).date().isoformat(),
            "code_revision": _code_revision(),
            "data": {kind: len({i.path for i in trained_on if i.kind == kind}) for kind in _kinds(trained_on)},
        },
        "measured": {},
    }


def _file(model: Path, precision: str) -> dict[str, str]:
    return {"file": model.name, "sha256": sha256_of(model), "precision": precision}


def _second_look(recipe: Recipe, folder: Path, precision: str) -> dict[str, Any]:
    """Return the entry that says how a caller looks again, with the weights before any calibration."""
    if not recipe.closer_share:
        return {}
    rule: dict[str, Any] = {
        "margin": recipe.closer_margin,
        "least_note": _MIN_NOTE_PROBABILITY,
        "first": 0.5,
        "second": 0.5,
        "times": recipe.closer_repeats,
        "meaning": "where the first look gives all values together at least least_note and its corners can be those of "
        "a note, the note with a margin (a share of its sides) around it is warped by the corners to fill the input "
        "(of the model and signature named here, width x height, if there is one), and the network run again, times "
        "times, each with the corners of the time before, mapped back; the first look's log probabilities and the mean "
        "of the others' are added with the weights first and second and normalised again; the last look's corners, "
        "mapped back, are the answer's",
    }
    if recipe.closer_size:
        model = _file(folder / _MODEL, precision) | {"signature": CLOSER_SIGNATURE}
        rule = {"width": recipe.closer_width, "height": recipe.closer_height, "model": model} | rule
    return {"second_look": rule}


def _designs(images: Sequence[LabelledImage], currency: str) -> dict[str, Any]:
    """Return the entry that says which designs are learnt, from how many images and sources, by face."""
    counts = count_designs(images, currency)
    return {"designs": [count.as_json() for count in counts]} if counts else {}


def _kinds(images: Sequence[LabelledImage]) -> list[str]:
    return sorted({image.kind for image in images})


def _code_revision() -> str:
    """Return the commit of the training code, with a + if it was changed since; "unknown" outside a checkout."""
    here = Path(__file__).resolve().parent
    commands = (["git", "rev-parse", "--short", "HEAD"], ["git", "status", "--porcelain", "--untracked-files=no"])
    try:
        revision, changes = (
            subprocess.run(command, cwd=here, capture_output=True, text=True, check=True).stdout for command in commands
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return revision.strip() + ("+" if changes.strip() else "")
