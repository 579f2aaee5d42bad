"""The `currency-train` command: each sub-command is one short function."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from currency_app import __version__
from currency_app.command_line import Parser, run_cli, whole_number
from currency_app.errors import CurrencyAppError, DataError, SourceError

_LATER = ("simulate", "report")


def main(arguments: Sequence[str] | None = None) -> int:
    """The `currency-train` command. Returns its exit code."""
    return run_cli(_parser(), arguments)


def _parser() -> Parser:
    parser = Parser(prog="currency-train", description="Makes, measures and exports the model of a currency.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    check = commands.add_parser("check", help="report what to mend in a data folder")
    check.add_argument("--out", metavar="FILE.html", help="also write one page with small pictures of what was found")
    check.add_argument("--currency", metavar="CODE", help="such as usd (default: what most images show)")
    check.add_argument("--json", action="store_true", help="one JSON object on standard output")
    _data_option(check)
    check.set_defaults(command=_check)

    capture = commands.add_parser("capture", help="take training pictures with a webcam, by spoken prompts")
    capture.add_argument("--out", required=True, metavar="DIR", help="the data folder; pictures land in DIR/CLASS")
    capture.add_argument(
        "--class", required=True, dest="class_name", metavar="CLASS", help="such as usd_20_front, or background"
    )
    capture.add_argument("--source", default="0", metavar="SRC", help="as for `currency-app run` (default: camera 0)")
    capture.add_argument(
        "--count", type=whole_number(1, 9999), default=250, metavar="N", help="how many pictures (default: 250)"
    )
    capture.add_argument(
        "--voice", choices=("auto", "screen-reader", "system", "text", "off"), default="auto", help="who speaks"
    )
    capture.add_argument("--mirrored", action="store_true", help="the camera's driver gives mirror images")
    capture.set_defaults(command=_capture)

    synthesize = commands.add_parser("synthesize", help="look at made-up training pictures")
    synthesize.add_argument("--preview", required=True, metavar="FILE.png", help="where to write a sheet of them")
    synthesize.add_argument("--count", type=whole_number(1, 400), default=48, metavar="N", help="how many (48)")
    _training_options(synthesize)
    synthesize.set_defaults(command=_synthesize)

    fit = commands.add_parser("fit", help="train by a recipe, and write the bundle")
    _training_options(fit)
    fit.add_argument(
        "--weights", default="imagenet", metavar="PATH", help="ImageNet weights file; downloaded unless given"
    )
    _export_options(fit)
    fit.set_defaults(command=_fit)

    export = commands.add_parser("export", help="write the bundle of a finished run")
    _training_options(export)
    _export_options(export)
    export.set_defaults(command=_export)

    calibrate = commands.add_parser("calibrate", help="fit a bundle's temperature and thresholds on `val`")
    calibrate.add_argument("--bundle", required=True, metavar="DIR", help="the bundle's folder, which is changed")
    _data_option(calibrate)
    calibrate.set_defaults(command=_calibrate)

    evaluate = commands.add_parser("evaluate", help="measure a bundle on real images, each source by itself")
    evaluate.add_argument("--bundle", default="usd", metavar="NAME", help="an installed currency, or a bundle's folder")
    evaluate.add_argument(
        "--split", action="append", metavar="SPLIT", help="default: test and test_web; may be repeated"
    )
    evaluate.add_argument("--record", action="store_true", help="also write the figures into the bundle's description")
    evaluate.add_argument("--json", action="store_true", help="one JSON object on standard output")
    _data_option(evaluate)
    evaluate.set_defaults(command=_evaluate)

    for name in _LATER:
        commands.add_parser(name).set_defaults(command=_later, name=name)
    return parser


def _data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", metavar="DIR", help="images: default $CURRENCY_DATA, else ../shared/data beside the checkout"
    )


def _training_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recipe", default="usd", metavar="NAME", help="a recipe's name, or a .toml file (default: usd)"
    )
    _data_option(parser)


def _export_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", metavar="DIR", help="where the run is kept and resumed (default: runs/RECIPE)")
    parser.add_argument("--out", metavar="DIR", help="the bundle's folder (default: the run's folder, bundle)")
    parser.add_argument(
        "--precision", choices=("auto", "fp32", "int8"), default="auto", help="auto: int8 if as right as fp32 on `val`"
    )


def _images(given: argparse.Namespace) -> tuple[Path, list[Any]]:
    from training.dataset.manifest import find_data, read_data

    folder = find_data(given.data)
    return folder, read_data(folder)


def _check(given: argparse.Namespace) -> int:
    from training.dataset.check import check
    from training.dataset.check_page import ready_to_write, write_page
    from training.dataset.inspection import inspect
    from training.dataset.manifest import find_data

    page = Path(given.out) if given.out else None
    if page:
        ready_to_write(page)
    report = check(inspect(find_data(given.data), given.currency, _progress))
    if page:
        write_page(page, report)
    print(json.dumps(report.as_json()) if given.json else report.as_text())
    return 0 if report.usable else 1


def _capture(given: argparse.Namespace) -> int:
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


def _synthesize(given: argparse.Namespace) -> int:
    from training.recipe import read_recipe
    from training.synthesis.preview import ready_to_write, write_preview

    ready_to_write(Path(given.preview))
    recipe = read_recipe(given.recipe)
    _, images = _images(given)
    write_preview(Path(given.preview), recipe, images, given.count, _progress)
    print(f"Wrote {given.preview}", file=sys.stderr)
    return 0


def _fit(given: argparse.Namespace) -> int:
    recipe, run, out = _run_folders(given)
    _, images = _images(given)
    _need_training_packages()
    if given.weights != "imagenet" and not Path(given.weights).is_file():
        raise DataError(f"There is no weights file {given.weights}: check the path, or leave --weights out.")
    from training.fit import fit
    from training.pipeline import images_to_calibrate_on, train_folds

    images_to_calibrate_on(images)  # to fail before an hour of training, not after it
    model = fit(recipe, images, given.weights, run)
    return _write(given, model, recipe, images, out, train_folds(recipe, images, given.weights, run, _progress))


def _export(given: argparse.Namespace) -> int:
    recipe, run, out = _run_folders(given)
    _, images = _images(given)
    _need_training_packages()
    from training.fit import finished
    from training.pipeline import finished_folds

    model = finished(recipe, images, run)
    return _write(given, model, recipe, images, out, finished_folds(recipe, images, run, _progress))


def _run_folders(given: argparse.Namespace) -> tuple[Any, Path, Path]:
    from training.recipe import read_recipe

    recipe = read_recipe(given.recipe)
    run = Path(given.run or f"runs/{recipe.name}")
    return recipe, run, Path(given.out) if given.out else run / "bundle"


def _write(
    given: argparse.Namespace, model: Any, recipe: Any, images: Sequence[Any], out: Path, folds: Sequence[Any]
) -> int:
    from training.pipeline import export

    precision = export(model, recipe, images, out, given.precision, _progress, folds)
    print(f"Wrote the {precision} bundle to {out}. Measure it: currency-train evaluate --bundle {out}", file=sys.stderr)
    return 0


def _calibrate(given: argparse.Namespace) -> int:
    from training.pipeline import calibrate

    _, images = _images(given)
    temperature, sure, maybe = calibrate(Path(given.bundle), images, _progress)
    print(f"temperature {temperature}, sure from {sure}, maybe from {maybe}")
    return 0


def _evaluate(given: argparse.Namespace) -> int:
    from currency_app.bundle import find_bundle
    from training.export.bundle import describe
    from training.pipeline import measure

    data, images = _images(given)
    splits = given.split or ["test", "test_web"]
    known = sorted({image.split for image in images})
    for split in splits:
        if split not in known:
            raise DataError(f"No image is of split {split}: this data folder has {', '.join(known)}.")
    bundle = find_bundle(given.bundle)
    measured = measure(bundle, data, images, splits, _progress)
    if given.record:
        describe(bundle, measured=measured.as_json())
    print(json.dumps(measured.as_json()) if given.json else measured.as_text())
    return 0


def _later(given: argparse.Namespace) -> int:
    raise CurrencyAppError(f"`currency-train {given.name}` is not built yet.")


def _progress(items: Iterable[Any]) -> Iterable[Any]:
    """A progress bar on standard error, where the package for it is installed."""
    try:
        from tqdm import tqdm
    except ImportError:
        return items
    bar: Iterable[Any] = tqdm(items, unit="image", leave=False, disable=not sys.stderr.isatty())
    return bar


def _need_training_packages() -> None:
    from importlib.util import find_spec

    # Read when TensorFlow loads: its own news about processors is none to the user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

    if find_spec("tensorflow") is None or find_spec("keras") is None:
        raise CurrencyAppError("Training needs more packages: pip install 'currency-app[train]', then try again.")
