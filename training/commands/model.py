"""The commands that make and write a model: one short function each, heavy imports inside it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from currency_app.errors import DataError
from training.commands.inputs import currency_of, images_of, need_training_packages
from training.progress import progress


def fit(given: argparse.Namespace) -> int:
    """Train by a recipe and write the bundle."""
    recipe, run, out = _run_folders(given)
    _, images = images_of(given, recipe.currency)
    need_training_packages()
    if given.weights != "imagenet" and not Path(given.weights).exists():
        raise DataError(f"There is no weights file {given.weights}: check the path, or leave --weights out.")
    from training.dataset.currency import tells_where
    from training.fitting.fit import fit as train
    from training.pipeline import images_to_calibrate_on, train_folds

    images_to_calibrate_on(images)  # to fail before an hour of training, not after it
    if not tells_where(images, recipe.currency):
        print(
            f"No image tells where a note of {recipe.currency} lies, so the model will tell values only, and give no "
            "hint where to move it: add a flat picture of each face, and see docs/new-currency.md.",
            file=sys.stderr,
        )
    model = train(recipe, images, given.weights, run)
    return _write(given, model, recipe, images, out, train_folds(recipe, images, given.weights, run, progress))


def export(given: argparse.Namespace) -> int:
    """Write the bundle of a finished run, or a bundle's network in other formats."""
    from training.export.options import bundle_of, export_formats, other_formats

    formats = other_formats(given)
    if formats:
        bundle = bundle_of(given)
        _, images = images_of(given, bundle.currency.lower())
        need_training_packages("train,export")
        return export_formats(given, formats, bundle, images)
    recipe, run, out = _run_folders(given)
    _, images = images_of(given, recipe.currency)
    need_training_packages()
    from training.fitting.fit import finished
    from training.pipeline import finished_folds

    model = finished(recipe, images, run)
    return _write(given, model, recipe, images, out, finished_folds(recipe, images, run, progress))


def _run_folders(given: argparse.Namespace) -> tuple[Any, Path, Path]:
    from training.recipe import read_recipe

    recipe = read_recipe(given.recipe)
    run = Path(given.run or f"runs/{recipe.name}")
    return recipe, run, Path(given.out) if given.out else run / "bundle"


def _write(
    given: argparse.Namespace, model: Any, recipe: Any, images: Sequence[Any], out: Path, folds: Sequence[Any]
) -> int:
    from training.pipeline import export as export_bundle

    precision = export_bundle(model, recipe, images, out, given.precision, progress, folds)
    print(f"Wrote the {precision} bundle to {out}. Measure it: currency-train evaluate --bundle {out}", file=sys.stderr)
    return 0


def calibrate(given: argparse.Namespace) -> int:
    """Fit a bundle's probabilities and thresholds again."""
    from training.pipeline import calibrate as calibrate_bundle
    from training.pipeline import finished_folds
    from training.recipe import read_recipe

    _, images = images_of(given, currency_of(Path(given.bundle)))
    folds = finished_folds(read_recipe(given.recipe), images, Path(given.run), progress) if given.run else []
    weights, sure, maybe = calibrate_bundle(Path(given.bundle), images, progress, folds)
    print(
        f"temperature {1 / weights.alone:.3f}, weights of the looks {weights.first} and {weights.second}, "
        f"sure from {sure}, maybe from {maybe}"
    )
    return 0
