"""`currency-train fit`: train by a recipe, and write the bundle."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from training.commands.options import (
    add_bundle_options,
    add_recipe_options,
    checked_weights,
    images_of,
    need_training_packages,
    run_folders,
)
from training.progress import progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `fit`."""
    add_recipe_options(parser)
    parser.add_argument(
        "--weights",
        default="imagenet",
        metavar="PATH",
        help="an ImageNet weights file, or the folder of a bundle with its network.npz, to start from; "
        "ImageNet weights are downloaded unless given",
    )
    add_bundle_options(parser)
    parser.set_defaults(command=_fit)


def _fit(args: argparse.Namespace) -> int:
    recipe, run, out = run_folders(args)
    _, images = images_of(args, recipe.currency)
    weights = checked_weights(args.weights)
    need_training_packages()
    from training.dataset import check_readable, has_locations, measurable
    from training.fitting.fit import fit
    from training.numerals import fit_numerals_by_recipe
    from training.pipeline import check_has_calibration_images, export_bundle, train_folds
    from training.run_lock import alone_in
    from training.writable import check_exports_folder

    check_exports_folder(out)
    check_has_calibration_images(images)  # to fail before an hour of training, not after it
    check_readable(measurable(images, ["val"]), progress)
    if not has_locations(images, recipe.currency):
        print(
            f"No image tells where a note of {recipe.currency} lies, so the model will tell values only, and give no "
            "hint where to move it: add a flat picture of each face, and see docs/new-currency.md.",
            file=sys.stderr,
        )
    with alone_in(run, "training"):
        model = fit(recipe, images, weights, run)
        folds = train_folds(recipe, images, weights, run, progress)
        numerals = partial(fit_numerals_by_recipe, recipe=recipe, images=images, progress=progress)
        precision = export_bundle(model, recipe, images, out, args.precision, progress, folds, finish=numerals)
    print_bundle_written(precision, out)
    return 0


def print_bundle_written(precision: str, out: Path) -> None:
    """Say on standard error where a run's bundle is, and what to do next."""
    print(f"Wrote the {precision} bundle to {out}. Measure it: currency-train evaluate --bundle {out}", file=sys.stderr)
