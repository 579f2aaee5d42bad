"""The `currency-train` command: each of its sub-commands is a module beside this one."""

from __future__ import annotations

from collections.abc import Sequence

from currency_app import __version__
from currency_app.command_line import Parser, run_cli
from training.commands import (
    calibrate,
    capture,
    check,
    evaluate,
    export,
    fit,
    locate,
    numerals,
    report,
    simulate,
    synthesize,
)

_COMMANDS = (
    ("check", check, "report what to mend in a data folder"),
    ("capture", capture, "take training pictures with a webcam, by spoken prompts"),
    ("locate", locate, "find the notes in photographs by scans of the same notes"),
    ("synthesize", synthesize, "look at made-up training pictures"),
    ("simulate", simulate, "clips of notes shown to a camera, with the truth of each frame"),
    ("fit", fit, "train by a recipe, and write the bundle"),
    ("export", export, "write the bundle of a finished run, or a bundle in other formats"),
    ("numerals", numerals, "give a bundle a network that reads the numerals in a note's corners"),
    ("calibrate", calibrate, "fit a bundle's probabilities and thresholds again"),
    ("evaluate", evaluate, "measure a bundle on real images, each source by itself"),
    ("report", report, "one page of evidence about a bundle, with plots and mistakes"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the `currency-train` command and return its exit code."""
    return run_cli(_parser(), arguments)


def _parser() -> Parser:
    parser = Parser(prog="currency-train", description="Makes, measures and exports the model of a currency.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subcommands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, module, purpose in _COMMANDS:
        module.add_options(subcommands.add_parser(name, help=purpose))
    return parser
