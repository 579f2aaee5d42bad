"""`currency-train calibrate`: fit a bundle's probabilities and thresholds again."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.commands.options import (
    DEFAULT_RECIPE,
    add_rows_options,
    check_changeable,
    currency_of,
    images_of,
    refuse_idle,
)
from training.progress import progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `calibrate`."""
    parser.add_argument("--bundle", required=True, metavar="DIR", help="the bundle's folder, which is changed")
    parser.add_argument(
        "--run", metavar="DIR", help="also on the folds of this run, besides `val`; --recipe is the run's"
    )
    parser.add_argument("--recipe", metavar="NAME", help="of the run (default: usd)")
    add_rows_options(parser)
    parser.set_defaults(command=_calibrate)


def _calibrate(args: argparse.Namespace) -> int:
    from training.pipeline import calibrate_bundle, finished_folds
    from training.recipe_files import read_recipe

    refuse_idle(args, {"recipe": ("run",)})
    bundle = Path(args.bundle)
    currency = currency_of(bundle)
    check_changeable(bundle)
    _, images = images_of(args, currency)
    folds = (
        finished_folds(read_recipe(args.recipe or DEFAULT_RECIPE), images, Path(args.run), progress) if args.run else []
    )
    weights, sure, maybe = calibrate_bundle(bundle, images, progress, folds)
    print(
        f"temperature {1 / weights.alone:.3f}, weights of the looks {weights.first} and {weights.closer}, "
        f"sure from {sure}, maybe from {maybe}"
    )
    return 0
