"""`currency-train numerals`: give a bundle a network that reads the numerals in a note's corners."""

from __future__ import annotations

import argparse
from pathlib import Path

from currency_app.command_line import whole_number
from currency_app.errors import CurrencyAppError
from training.commands.options import (
    add_rows_options,
    check_changeable,
    currency_of,
    images_of,
    need_training_packages,
    print_result,
)
from training.progress import progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `numerals`."""
    parser.add_argument("--bundle", required=True, metavar="DIR", help="the bundle's folder, which is changed")
    parser.add_argument(
        "--from", dest="other", metavar="NAME",
        help="take the network of this bundle, a currency's or a folder, and only choose how far it is trusted",
    )  # fmt: skip
    parser.add_argument("--crops", type=whole_number(1, 10_000_000), metavar="N", help="training pictures (150000)")
    parser.add_argument("--epochs", type=whole_number(1, 100), metavar="N", help="how often each is seen (2)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    add_rows_options(parser)
    parser.set_defaults(command=_numerals)


def _numerals(args: argparse.Namespace) -> int:
    if args.other is not None and (args.crops or args.epochs):
        raise CurrencyAppError("--from takes a network that is trained: leave out --crops and --epochs.")
    bundle = Path(args.bundle)
    currency = currency_of(bundle)
    check_changeable(bundle)
    _, images = images_of(args, currency)
    need_training_packages()
    from currency_app.recognition.bundle import find_bundle, load_bundle
    from training.numerals import EPOCHS, PICTURES, fit_bundle_numerals

    other = None if args.other is None else load_bundle(find_bundle(args.other))
    crops, epochs = args.crops or PICTURES, args.epochs or EPOCHS
    fitted = fit_bundle_numerals(bundle, images, progress, crops=crops, epochs=epochs, network_of=other)
    print_result(fitted, args.json)
    return 0
