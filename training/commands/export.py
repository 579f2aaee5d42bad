"""`currency-train export`: write the bundle of a finished run, or a bundle's network in other formats."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from currency_app.errors import CurrencyAppError, DataError
from training.commands.fit import print_bundle_written
from training.commands.options import (
    add_bundle_options,
    add_recipe_options,
    images_of,
    need_training_packages,
    run_folders,
)
from training.progress import progress

_BUNDLE = "bundle"
_CHOICES = (_BUNDLE, "coreml", "onnx", "tflite")
"""The first is that of a finished run; the others are made from a bundle that is there."""
_OTHER_PRECISIONS = ("fp16",)
"""Precisions in which the other formats come besides those of a bundle."""
_FOLDER = "runs/exports"


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `export`."""
    add_recipe_options(parser)
    parser.epilog = (
        "Other formats than the bundle's are made in all precisions unless --precision names one, compared with the "
        "network in Keras on real photographs, and written to --out (default: runs/exports) where they pass; of coreml "
        "only the smallest that passes."
    )
    parser.add_argument(
        "--format", action="append", choices=_CHOICES, dest="formats",
        help="bundle: of a finished run (default); the others, of which several may be named, of --bundle",
    )  # fmt: skip
    parser.add_argument(
        "--bundle", metavar="NAME", help="for other formats: an installed currency, or a bundle's folder (usd)"
    )
    add_bundle_options(parser, _OTHER_PRECISIONS)
    parser.set_defaults(command=_export)


def _export(args: argparse.Namespace) -> int:
    formats = _other_formats(args)
    return _export_formats(args, formats) if formats else _export_run(args)


def _export_run(args: argparse.Namespace) -> int:
    recipe, run, out = run_folders(args)
    _, images = images_of(args, recipe.currency)
    need_training_packages()
    from training.fitting.fit import finished
    from training.numerals import fit_numerals_by_recipe
    from training.pipeline import export_bundle, finished_folds
    from training.writable import check_exports_folder

    check_exports_folder(out)
    model = finished(recipe, images, run)
    folds = finished_folds(recipe, images, run, progress)
    numerals = partial(fit_numerals_by_recipe, recipe=recipe, images=images, progress=progress)
    precision = export_bundle(model, recipe, images, out, args.precision, progress, folds, finish=numerals)
    print_bundle_written(precision, out)
    return 0


def _export_formats(args: argparse.Namespace, formats: Sequence[str]) -> int:
    """Write a bundle's network in other formats, if each passes its comparison, and print what was compared."""
    from currency_app.recognition.bundle import load_bundle
    from training.network import trained_bundle

    bundle = load_bundle(trained_bundle(args.bundle or "usd"))
    _, images = images_of(args, bundle.currency.lower())
    need_training_packages("train,export")
    from training.export.exports import export_formats, refused
    from training.export.formats import PRECISIONS, need_packages
    from training.export.quiet import quietly
    from training.export.table import comparison_table
    from training.network.keras_network import load_network
    from training.writable import check_exports_folder

    need_packages(formats)
    precisions = PRECISIONS if args.precision == "auto" else (args.precision,)
    folder = Path(args.out or _FOLDER)
    check_exports_folder(folder)
    with quietly():
        model = load_network(bundle)
    exports = export_formats(model, bundle, formats, precisions, images, folder, progress)
    print(comparison_table(exports))
    if refused(exports):
        raise DataError(" ".join(refused(exports)))
    return 0


def _other_formats(args: argparse.Namespace) -> list[str]:
    """Return the formats asked for besides that of a bundle.

    Raises CurrencyAppError if the options do not go together.
    """
    asked = list(dict.fromkeys(args.formats or [_BUNDLE]))
    if _BUNDLE not in asked:
        if args.run:
            raise CurrencyAppError(f"A run is exported by its bundle: give --bundle {args.run}/bundle, not --run.")
        if args.recipe:
            raise CurrencyAppError("Other formats are made of a bundle: give --bundle, and leave out --recipe.")
        return asked
    if args.bundle and not args.formats:
        raise CurrencyAppError("A bundle is exported to other formats: add --format coreml, onnx or tflite.")
    if len(asked) > 1 or args.bundle:
        raise CurrencyAppError("Other formats are made of a bundle: write that first, then give --bundle and --format.")
    if args.precision in _OTHER_PRECISIONS:
        raise CurrencyAppError("A bundle is fp32 or int8: choose one, or another --format.")
    return []
