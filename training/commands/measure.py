"""The commands that measure a model: one short function each, heavy imports inside it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from currency_app.errors import DataError
from training.commands.inputs import currency_of, images_of, need_training_packages
from training.progress import progress


def evaluate(given: argparse.Namespace) -> int:
    """Measure a bundle on real images."""
    if given.run or "," in given.bundle:
        return _evaluate_folds(given) if given.run else _evaluate_together(given)
    from currency_app.recognition.bundle import find_bundle, load_bundle, sha256_of
    from training.export.bundle import describe
    from training.pipeline import measure, measure_in_keras

    bundle = find_bundle(given.bundle)
    data, images = images_of(given, currency_of(bundle))
    splits = _splits(given, images)
    if given.presentations:
        return _evaluate_presentations(given, bundle, data, splits)
    measured = measure(bundle, data, images, splits, progress)
    if given.record:
        describe(bundle, measured={"model": sha256_of(load_bundle(bundle).model), **measured.as_json()})
    print(json.dumps(measured.as_json()) if given.json else measured.as_text())
    if given.keras:
        need_training_packages()
        print("\nthe same network in Keras", file=sys.stderr if given.json else sys.stdout)
        in_keras = measure_in_keras(bundle, data, images, splits, progress)
        print(json.dumps(in_keras.as_json()) if given.json else in_keras.as_text())
    return 0


def _evaluate_folds(given: argparse.Namespace) -> int:
    from currency_app.recognition.bundle import find_bundle
    from training.pipeline import finished_folds, measure_folds
    from training.recipe import read_recipe

    recipe, bundle = read_recipe(given.recipe), find_bundle(given.bundle)
    data, images = images_of(given, recipe.currency)
    folds = finished_folds(recipe, images, Path(given.run), progress)
    measured = measure_folds(bundle, data, images, folds, progress)
    print(json.dumps(measured.as_json()) if given.json else measured.as_text())
    return 0


def _evaluate_together(given: argparse.Namespace) -> int:
    from currency_app.recognition.bundle import load_bundles
    from training.measuring.multi_currency import measure_together

    data, images = images_of(given)
    measured = measure_together(load_bundles(given.bundle), data, images, _splits(given, images), progress)
    print(json.dumps(measured.as_json()) if given.json else measured.as_text())
    return 0


def _evaluate_presentations(given: argparse.Namespace, bundle: Path, data: Path, splits: Sequence[str]) -> int:
    from dataclasses import replace

    from training.measuring.presentations.measure import measure_presentations
    from training.measuring.presentations.plot import write_plot
    from training.measuring.presentations.recorder import Studio
    from training.measuring.presentations.tasks import QUICK, Plan
    from training.writable import check_file

    target = Path(given.plot) if given.plot else None
    if target:
        check_file(target, "plot", (".svg",))
    plan = replace(QUICK if given.quick else Plan(), splits=tuple(splits))
    figures = measure_presentations(Studio(bundle, data, plan, Path(given.kept)), progress)
    if target:
        write_plot(target, figures.trade)
    print(json.dumps(figures.as_json()) if given.json else figures.as_text())
    return 0


def report(given: argparse.Namespace) -> int:
    """Write one page of evidence about a bundle."""
    from currency_app.recognition.bundle import find_bundle
    from training.measuring.report.write import write_report

    target = Path(given.out)
    bundle = find_bundle(given.bundle)
    data, images = images_of(given, currency_of(bundle))
    splits = _splits(given, images)
    compared = [find_bundle(name) for name in given.compare]
    summary = write_report(target, bundle, data, images, splits, compared, progress)
    print(summary.as_text())
    return 0


def _splits(given: argparse.Namespace, images: Sequence[Any]) -> list[str]:
    splits = given.split or ["test", "test_web"]
    known = sorted({image.split for image in images})
    for split in splits:
        if split not in known:
            raise DataError(f"No image is of split {split}: this data folder has {', '.join(known)}.")
    return list(splits)
