"""`currency-train evaluate`: measure a bundle on real images, or what the whole app says of presentations."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout
from pathlib import Path

from currency_app.errors import CurrencyAppError
from training.commands.options import (
    DEFAULT_RECIPE,
    add_rows_options,
    add_split_option,
    check_changeable,
    checked_weights,
    currency_of,
    images_of,
    need_training_packages,
    print_result,
    refuse_beside,
    refuse_idle,
    splits_of,
)
from training.progress import progress

_KEPT = "runs/presentations"
"""Where what was seen of presentations is kept, unless told."""
_NEEDS = {
    "plot": ("presentations",),
    "kept": ("presentations",),
    "quick": ("presentations", "unseen_designs"),
    "recipe": ("run", "unseen_designs"),
    "weights": ("unseen_designs",),
}
"""Options that do nothing without another."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `evaluate`."""
    parser.add_argument(
        "--bundle",
        default="usd",
        metavar="NAME",
        help="an installed currency, or a bundle's folder; several with commas between them are measured together",
    )
    parser.add_argument(
        "--run", metavar="DIR", help="the networks of this run's folds instead, on the images that each has not seen"
    )
    parser.add_argument("--recipe", metavar="NAME", help="of the run (default: usd, or unseen-designs)")
    add_split_option(parser)
    parser.add_argument("--record", action="store_true", help="also write the figures into the bundle's description")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--keras", action="store_true", help="also measure the network in Keras, and compare")
    parser.add_argument(
        "--presentations", action="store_true", help="measure what the whole app says of clips and simulated notes"
    )
    parser.add_argument(
        "--unseen-designs", action="store_true",
        help="train networks that each lack some designs, and measure what they say of these, and of known ones in "
        "--split (val); kept in --run",
    )  # fmt: skip
    parser.add_argument(
        "--other-numerals", action="store_true",
        help="measure what is said of drawn notes that bear the numerals of another value; needs no images",
    )  # fmt: skip
    parser.add_argument(
        "--several-notes", action="store_true",
        help="measure what is said of pictures in which several notes of --split lie beside and on each other",
    )  # fmt: skip
    parser.add_argument("--weights", metavar="PATH", help="with --unseen-designs: as for `fit`, ImageNet's by default")
    parser.add_argument(
        "--quick", action="store_true", help="with --presentations or --unseen-designs: shorter, and less sure"
    )
    parser.add_argument("--plot", metavar="FILE.svg", help="with --presentations: errors against delay")
    parser.add_argument(
        "--kept", metavar="DIR",
        help="with --presentations: where to keep what was seen (default: runs/presentations)",
    )  # fmt: skip
    add_rows_options(parser)
    parser.set_defaults(command=_evaluate)


def _evaluate(args: argparse.Namespace) -> int:
    _check_options(args)
    for option, measure_otherwise in (
        ("unseen_designs", _evaluate_unseen_designs),
        ("other_numerals", _evaluate_other_numerals),
        ("several_notes", _evaluate_several_notes),
        ("run", _evaluate_folds),
    ):
        if getattr(args, option):
            return measure_otherwise(args)
    if "," in args.bundle:
        return _evaluate_several_currencies(args)
    from currency_app.recognition.bundle import find_bundle, load_bundle, sha256_of
    from training.export.bundle import describe
    from training.pipeline import measure, measure_in_keras

    bundle = find_bundle(args.bundle)
    currency = currency_of(bundle)
    if args.record:
        check_changeable(bundle)
    data, images = images_of(args, currency)
    splits = splits_of(args, images)
    if args.presentations:
        return _evaluate_presentations(args, bundle, data, splits)
    if args.keras:
        need_training_packages()
    measured = measure(bundle, data, images, splits, progress)
    if args.record:
        describe(bundle, measured={"model": sha256_of(load_bundle(bundle).model), **measured.as_json()})
    if not args.keras:
        print_result(measured, args.json)
        return 0
    from training.network import trained_bundle

    if not args.json:
        print_result(measured, as_json=False)
    in_keras = measure_in_keras(trained_bundle(args.bundle), data, images, splits, progress)
    if args.json:
        print(json.dumps({**measured.as_json(), "keras": in_keras.as_json()}))
    else:
        print("\nthe same network in Keras")
        print_result(in_keras, as_json=False)
    return 0


def _check_options(args: argparse.Namespace) -> None:
    """Raise CurrencyAppError for options that would do nothing, or do not go together."""
    refuse_idle(args, _NEEDS)
    others = ("presentations", "record", "keras", "several_notes")
    refuse_beside(args, "unseen_designs", (*others, "other_numerals"), "measures networks of its own")
    if args.unseen_designs and args.recipe and args.quick:
        raise CurrencyAppError("A recipe says itself how much is trained: leave out --quick, or --recipe.")
    refuse_beside(
        args, "other_numerals", (*others, "run", "split", "data", "manifest"), "measures one bundle on drawn notes"
    )
    if not args.unseen_designs:
        refuse_beside(args, "run", (*others, "split"), "measures the folds of a run on what each has not seen")
    refuse_beside(args, "several_notes", ("presentations", "record", "keras"), "measures one bundle on composites")
    refuse_beside(args, "presentations", ("record", "keras", "manifest"), "measures the app by the folder's own labels")
    if "," in args.bundle and not Path(args.bundle).is_dir():
        for option in ("other_numerals", "run", *others):
            if getattr(args, option):
                raise CurrencyAppError(
                    f"Several bundles are measured on photographs: leave out --{option.replace('_', '-')}."
                )


def _evaluate_folds(args: argparse.Namespace) -> int:
    from currency_app.recognition.bundle import find_bundle
    from training.pipeline import finished_folds, measure_folds
    from training.recipe_files import read_recipe

    recipe, bundle = read_recipe(args.recipe or DEFAULT_RECIPE), find_bundle(args.bundle)
    data, images = images_of(args, recipe.currency)
    folds = finished_folds(recipe, images, Path(args.run), progress)
    print_result(measure_folds(bundle, data, images, folds, progress), args.json)
    return 0


def _evaluate_unseen_designs(args: argparse.Namespace) -> int:
    from training.recipe_files import read_recipe

    recipe = read_recipe(args.recipe or ("unseen-designs-quick" if args.quick else "unseen-designs"))
    data, images = images_of(args, recipe.currency)
    splits = splits_of(args, images) if args.split else ["val"]
    weights = checked_weights(args.weights or "imagenet")
    need_training_packages()
    from training.run_lock import alone_in
    from training.unseen_designs import measure_unseen_designs

    run = Path(args.run or f"runs/{recipe.name}")
    with alone_in(run, "training"), redirect_stdout(sys.stderr):  # the course of a training, which --json must not hold
        figures = measure_unseen_designs(recipe, data, images, weights, run, splits, progress)
    print_result(figures, args.json)
    return 0


def _evaluate_other_numerals(args: argparse.Namespace) -> int:
    from currency_app.recognition.bundle import find_bundle, load_bundle
    from currency_app.recognition.recognizer import Recognizer
    from training.measuring.other_numerals import measure_other_numerals

    bundle = load_bundle(find_bundle(args.bundle))
    if bundle.currency.lower() != "usd":
        raise CurrencyAppError(f"There are no drawn notes of {bundle.currency}: give --other-numerals a bundle of USD.")
    print_result(measure_other_numerals(Recognizer(bundle), progress), args.json)
    return 0


def _evaluate_several_notes(args: argparse.Namespace) -> int:
    from currency_app.recognition.bundle import find_bundle, load_bundle
    from currency_app.recognition.recognizer import Recognizer
    from training.measuring.several_notes import measure_several_notes

    bundle = load_bundle(find_bundle(args.bundle))
    _, images = images_of(args, bundle.currency.lower())
    splits = splits_of(args, images)
    measured = [image for image in images if image.split in splits]
    print_result(measure_several_notes(Recognizer(bundle), measured, progress), args.json)
    return 0


def _evaluate_several_currencies(args: argparse.Namespace) -> int:
    from currency_app.recognition.bundle import load_bundles
    from training.measuring.multi_currency import measure_multi_currency

    data, images = images_of(args)
    measured = measure_multi_currency(load_bundles(args.bundle), data, images, splits_of(args, images), progress)
    print_result(measured, args.json)
    return 0


def _evaluate_presentations(args: argparse.Namespace, bundle: Path, data: Path, splits: Sequence[str]) -> int:
    from dataclasses import replace

    from training.measuring.presentations.measure import measure_presentations
    from training.measuring.presentations.plot import write_plot
    from training.measuring.presentations.recorder import RecorderSettings
    from training.measuring.presentations.tasks import QUICK, MeasurementPlan
    from training.writable import check_file

    target = Path(args.plot) if args.plot else None
    if target:
        check_file(target, "plot", (".svg",))
    plan = replace(QUICK if args.quick else MeasurementPlan(), splits=tuple(splits))
    figures = measure_presentations(RecorderSettings(bundle, data, plan, Path(args.kept or _KEPT)), progress)
    if target:
        write_plot(target, figures.trade)
    print_result(figures, args.json)
    return 0
