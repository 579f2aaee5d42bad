"""`currency-train report`: write one page of evidence about a bundle."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.commands.options import add_rows_options, add_split_option, currency_of, images_of, splits_of
from training.progress import progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `report`."""
    parser.add_argument("--out", required=True, metavar="FILE.html", help="where to write it, outside the repository")
    parser.add_argument("--bundle", default="usd", metavar="NAME", help="an installed currency, or a bundle's folder")
    parser.add_argument(
        "--compare", action="append", default=[], metavar="NAME", help="another bundle beside it; may be repeated"
    )
    add_split_option(parser)
    add_rows_options(parser)
    parser.set_defaults(command=_report)


def _report(args: argparse.Namespace) -> int:
    from currency_app.recognition.bundle import find_bundle
    from training.measuring.report.write import write_report

    bundle = find_bundle(args.bundle)
    data, images = images_of(args, currency_of(bundle))
    compared = [find_bundle(name) for name in args.compare]
    summary = write_report(Path(args.out), bundle, data, images, splits_of(args, images), compared, progress)
    print(summary.as_text())
    return 0
