"""The `currency-train` command: its options; what each does is in the modules of commands beside it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from currency_app import __version__
from currency_app.command_line import Parser, run_cli, whole_number
from training.commands import data as data_commands
from training.commands import measure as measuring_commands
from training.commands import model as model_commands
from training.export import options as exports
from training.simulation import options as simulation


def main(arguments: Sequence[str] | None = None) -> int:
    """The `currency-train` command. Returns its exit code."""
    return run_cli(_parser(), arguments)


def _parser() -> Parser:
    parser = Parser(prog="currency-train", description="Makes, measures and exports the model of a currency.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subcommands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_data_commands(subcommands)
    _add_training_commands(subcommands)
    _add_measuring_commands(subcommands)
    return parser


def _add_data_commands(subcommands: Any) -> None:
    check = subcommands.add_parser("check", help="report what to mend in a data folder")
    check.add_argument("--out", metavar="FILE.html", help="also write one page with small pictures of what was found")
    check.add_argument("--currency", metavar="CODE", help="such as usd (default: what most images show)")
    check.add_argument("--json", action="store_true", help="one JSON object on standard output")
    _data_option(check)
    check.set_defaults(command=data_commands.check)

    capture = subcommands.add_parser("capture", help="take training pictures with a webcam, by spoken prompts")
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
    capture.set_defaults(command=data_commands.capture)

    locate = subcommands.add_parser("locate", help="find the notes in photographs by scans of the same notes")
    locate.add_argument("--out", required=True, metavar="FILE.csv", help="where to write the labels with corners")
    locate.add_argument("--currency", required=True, metavar="CODE", help="such as eur")
    _rows_options(locate)
    locate.set_defaults(command=data_commands.locate)

    synthesize = subcommands.add_parser("synthesize", help="look at made-up training pictures")
    synthesize.add_argument("--preview", required=True, metavar="FILE.png", help="where to write a sheet of them")
    synthesize.add_argument("--count", type=whole_number(1, 400), default=48, metavar="N", help="how many (48)")
    _training_options(synthesize)
    synthesize.set_defaults(command=data_commands.synthesize)

    simulate = subcommands.add_parser("simulate", help="clips of notes shown to a camera, with the truth of each frame")
    simulation.add_options(simulate)
    _data_option(simulate)
    simulate.set_defaults(command=simulation.simulate)


def _add_training_commands(subcommands: Any) -> None:
    fit = subcommands.add_parser("fit", help="train by a recipe, and write the bundle")
    _training_options(fit)
    fit.add_argument(
        "--weights",
        default="imagenet",
        metavar="PATH",
        help="an ImageNet weights file, or the folder of a bundle with its network.npz, to start from; "
        "ImageNet weights are downloaded unless given",
    )
    _export_options(fit)
    fit.set_defaults(command=model_commands.fit)

    export = subcommands.add_parser("export", help="write the bundle of a finished run, or a bundle in other formats")
    _training_options(export)
    exports.add_options(export)
    _export_options(export, exports.OF_OTHERS)
    export.set_defaults(command=model_commands.export)

    calibrate = subcommands.add_parser("calibrate", help="fit a bundle's probabilities and thresholds again")
    calibrate.add_argument("--bundle", required=True, metavar="DIR", help="the bundle's folder, which is changed")
    calibrate.add_argument(
        "--run", metavar="DIR", help="also on the folds of this run, besides `val`; --recipe is the run's"
    )
    calibrate.add_argument("--recipe", default="usd", metavar="NAME", help="of the run (default: usd)")
    _rows_options(calibrate)
    calibrate.set_defaults(command=model_commands.calibrate)


def _add_measuring_commands(subcommands: Any) -> None:
    evaluate = subcommands.add_parser("evaluate", help="measure a bundle on real images, each source by itself")
    evaluate.add_argument(
        "--bundle",
        default="usd",
        metavar="NAME",
        help="an installed currency, or a bundle's folder; several with commas between them are measured together",
    )
    evaluate.add_argument(
        "--run", metavar="DIR", help="the networks of this run's folds instead, on the images that each has not seen"
    )
    evaluate.add_argument("--recipe", default="usd", metavar="NAME", help="of the run (default: usd)")
    evaluate.add_argument(
        "--split", action="append", metavar="SPLIT", help="default: test and test_web; may be repeated"
    )
    evaluate.add_argument("--record", action="store_true", help="also write the figures into the bundle's description")
    evaluate.add_argument("--json", action="store_true", help="one JSON object on standard output")
    evaluate.add_argument("--keras", action="store_true", help="also measure the network in Keras, and compare")
    evaluate.add_argument(
        "--presentations", action="store_true", help="measure what the whole app says of clips and simulated notes"
    )
    evaluate.add_argument(
        "--quick", action="store_true", help="with --presentations: minutes instead of most of an hour"
    )
    evaluate.add_argument("--plot", metavar="FILE.svg", help="with --presentations: errors against delay")
    evaluate.add_argument(
        "--kept", default="runs/presentations", metavar="DIR",
        help="with --presentations: where to keep what was seen (default: runs/presentations)",
    )  # fmt: skip
    _rows_options(evaluate)
    evaluate.set_defaults(command=measuring_commands.evaluate)

    report = subcommands.add_parser("report", help="one page of evidence about a bundle, with plots and mistakes")
    report.add_argument("--out", required=True, metavar="FILE.html", help="where to write it, outside the repository")
    report.add_argument("--bundle", default="usd", metavar="NAME", help="an installed currency, or a bundle's folder")
    report.add_argument(
        "--compare", action="append", default=[], metavar="NAME", help="another bundle beside it; may be repeated"
    )
    report.add_argument("--split", action="append", metavar="SPLIT", help="default: test and test_web; may be repeated")
    _rows_options(report)
    report.set_defaults(command=measuring_commands.report)


def _data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data", metavar="DIR", help="images: default $CURRENCY_DATA, else ../shared/data beside the checkout"
    )


def _rows_options(parser: argparse.ArgumentParser) -> None:
    _data_option(parser)
    parser.add_argument(
        "--manifest", metavar="FILE.csv", help="labels of these images, in place of the folder's own manifest.csv"
    )


def _training_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--recipe", default="usd", metavar="NAME", help="a recipe's name, or a .toml file (default: usd)"
    )
    _rows_options(parser)


def _export_options(parser: argparse.ArgumentParser, more_precisions: Sequence[str] = ()) -> None:
    parser.add_argument("--run", metavar="DIR", help="where the run is kept and resumed (default: runs/RECIPE)")
    parser.add_argument("--out", metavar="DIR", help="the bundle's folder (default: the run's folder, bundle)")
    parser.add_argument(
        "--precision",
        choices=("auto", "fp32", "int8", *more_precisions),
        default="auto",
        help="auto: int8, unless it reads over one in a hundred images of `val` fewer right",
    )
