"""What each `currency-train` command does: one short function each, heavy imports inside it."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from currency_app.errors import CurrencyAppError, DataError, SourceError
from training.progress import progress


def _images(given: argparse.Namespace, currency: str | None = None) -> tuple[Path, list[Any]]:
    """The data folder, and its rows as a model of a currency takes them; as they are without one."""
    from training.dataset.currency import seen_by
    from training.dataset.manifest import find_data, read_data

    folder = find_data(given.data)
    rows = read_data(folder, Path(given.manifest) if given.manifest else None)
    return folder, seen_by(rows, currency) if currency else rows


def _currency_of(bundle: Path) -> str:
    from currency_app.bundle import load_bundle

    return load_bundle(bundle).currency.lower()


def check(given: argparse.Namespace) -> int:
    """Report what to mend in a data folder."""
    from training.dataset.check import check as check_data
    from training.dataset.check_page import ready_to_write, write_page
    from training.dataset.inspection import inspect
    from training.dataset.manifest import find_data

    page = Path(given.out) if given.out else None
    if page:
        ready_to_write(page)
    report = check_data(inspect(find_data(given.data), given.currency, progress))
    if page:
        write_page(page, report)
    print(json.dumps(report.as_json()) if given.json else report.as_text())
    return 0 if report.usable else 1


def capture(given: argparse.Namespace) -> int:
    """Take training pictures with a webcam."""
    from datetime import datetime

    from currency_app.camera import open_source
    from currency_app.voices import open_voice
    from training.dataset.capture import Capture
    from training.dataset.prompts import read_plan
    from training.dataset.takes import TakeFolder

    target = TakeFolder(Path(given.out), given.class_name, datetime.now())
    plan = read_plan(given.class_name)
    source = open_source(given.source, realtime=False)
    try:
        voice = open_voice(given.voice, plan.fixed_texts(), None, "en", sys.stderr, transcribed=True)
        capture = Capture(source, voice, plan, target, given.count, mirrored=given.mirrored)
        capture.run()
    finally:
        source.close()
    if not capture.taken:
        raise SourceError(f"No picture was taken from {source.name}. {capture.refused or 'It ended too soon'}.")
    print(target.summary(capture.taken))
    return 0


def locate(given: argparse.Namespace) -> int:
    """Find the notes in photographs by scans of them, and write a manifest that tells where they are."""
    from training.dataset.locate import locate as locate_notes
    from training.dataset.manifest import write_manifest

    target = Path(given.out)
    if not target.parent.is_dir():
        raise DataError(f"There is no folder {target.parent} to write to: make it first.")
    folder, images = _images(given, given.currency)
    found = locate_notes(images, given.currency, progress)
    write_manifest(target, folder, found)
    photos = [image for image in found if image.kind == "photo"]
    known = sum(image.polygon is not None for image in photos)
    print(f"Corners are known in {known} of {len(photos)} photographs. Wrote {target}: give it with --manifest.")
    return 0


def synthesize(given: argparse.Namespace) -> int:
    """Write a sheet of made-up training pictures."""
    from training.recipe import read_recipe
    from training.synthesis.preview import ready_to_write, write_preview

    ready_to_write(Path(given.preview))
    recipe = read_recipe(given.recipe)
    _, images = _images(given, recipe.currency)
    write_preview(Path(given.preview), recipe, images, given.count, progress)
    print(f"Wrote {given.preview}", file=sys.stderr)
    return 0


def fit(given: argparse.Namespace) -> int:
    """Train by a recipe and write the bundle."""
    recipe, run, out = _run_folders(given)
    _, images = _images(given, recipe.currency)
    _need_training_packages()
    if given.weights != "imagenet" and not Path(given.weights).exists():
        raise DataError(f"There is no weights file {given.weights}: check the path, or leave --weights out.")
    from training.dataset.currency import tells_where
    from training.fit import fit as train
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
    from training.export.command import bundle_of, export_formats, other_formats

    formats = other_formats(given)
    if formats:
        bundle = bundle_of(given)
        _, images = _images(given, bundle.currency.lower())
        _need_training_packages()
        return export_formats(given, formats, bundle, images)
    recipe, run, out = _run_folders(given)
    _, images = _images(given, recipe.currency)
    _need_training_packages()
    from training.fit import finished
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

    _, images = _images(given, _currency_of(Path(given.bundle)))
    folds = finished_folds(read_recipe(given.recipe), images, Path(given.run), progress) if given.run else []
    weights, sure, maybe = calibrate_bundle(Path(given.bundle), images, progress, folds)
    print(
        f"temperature {1 / weights.alone:.3f}, weights of the looks {weights.first} and {weights.second}, "
        f"sure from {sure}, maybe from {maybe}"
    )
    return 0


def evaluate(given: argparse.Namespace) -> int:
    """Measure a bundle on real images."""
    if given.run or "," in given.bundle:
        return _evaluate_folds(given) if given.run else _evaluate_together(given)
    from currency_app.bundle import find_bundle, load_bundle, sha256_of
    from training.export.bundle import describe
    from training.pipeline import measure, measure_in_keras

    bundle = find_bundle(given.bundle)
    data, images = _images(given, _currency_of(bundle))
    splits = _splits(given, images)
    if given.presentations:
        return _evaluate_presentations(given, bundle, data, splits)
    measured = measure(bundle, data, images, splits, progress)
    if given.record:
        describe(bundle, measured={"model": sha256_of(load_bundle(bundle).model), **measured.as_json()})
    print(json.dumps(measured.as_json()) if given.json else measured.as_text())
    if given.keras:
        _need_training_packages()
        print("\nthe same network in Keras", file=sys.stderr if given.json else sys.stdout)
        in_keras = measure_in_keras(bundle, data, images, splits, progress)
        print(json.dumps(in_keras.as_json()) if given.json else in_keras.as_text())
    return 0


def _evaluate_folds(given: argparse.Namespace) -> int:
    from currency_app.bundle import find_bundle
    from training.pipeline import finished_folds, measure_folds
    from training.recipe import read_recipe

    recipe, bundle = read_recipe(given.recipe), find_bundle(given.bundle)
    data, images = _images(given, recipe.currency)
    folds = finished_folds(recipe, images, Path(given.run), progress)
    measured = measure_folds(bundle, data, images, folds, progress)
    print(json.dumps(measured.as_json()) if given.json else measured.as_text())
    return 0


def _evaluate_together(given: argparse.Namespace) -> int:
    from currency_app.bundle import load_bundles
    from training.together import measure_together

    data, images = _images(given)
    measured = measure_together(load_bundles(given.bundle), data, images, _splits(given, images), progress)
    print(json.dumps(measured.as_json()) if given.json else measured.as_text())
    return 0


def _evaluate_presentations(given: argparse.Namespace, bundle: Path, data: Path, splits: Sequence[str]) -> int:
    from dataclasses import replace

    from training.presentations.measure import measure_presentations
    from training.presentations.plot import ready_to_plot, write_plot
    from training.presentations.recorder import Studio
    from training.presentations.tasks import QUICK, Plan

    target = Path(given.plot) if given.plot else None
    if target:
        ready_to_plot(target)
    plan = replace(QUICK if given.quick else Plan(), splits=tuple(splits))
    figures = measure_presentations(Studio(bundle, data, plan, Path(given.kept)), progress)
    if target:
        write_plot(target, figures.trade)
    print(json.dumps(figures.as_json()) if given.json else figures.as_text())
    return 0


def report(given: argparse.Namespace) -> int:
    """Write one page of evidence about a bundle."""
    from currency_app.bundle import find_bundle
    from training.report.write import write_report

    target = Path(given.out)
    bundle = find_bundle(given.bundle)
    data, images = _images(given, _currency_of(bundle))
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


def _need_training_packages() -> None:
    from importlib.util import find_spec

    # Read when TensorFlow loads: its own news about processors is none to the user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

    if find_spec("tensorflow") is None or find_spec("keras") is None:
        raise CurrencyAppError("Training needs more packages: pip install 'currency-app[train]', then try again.")
