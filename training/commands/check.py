"""`currency-train check`: report what to fix in a data folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.commands.options import add_data_option, currency_code, print_result
from training.progress import progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `check`."""
    parser.add_argument("--out", metavar="FILE.html", help="also write one page with small pictures of what was found")
    parser.add_argument(
        "--currency", type=currency_code, metavar="CODE", help="such as usd (default: what most images show)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    add_data_option(parser)
    parser.set_defaults(command=_check)


def _check(args: argparse.Namespace) -> int:
    from training.dataset.check.check import check
    from training.dataset.check.inspection import inspect
    from training.dataset.check.page import write_page
    from training.dataset.manifest import find_data
    from training.writable import check_page

    page = Path(args.out) if args.out else None
    if page:
        check_page(page)
    report = check(inspect(find_data(args.data), args.currency, progress))
    if page:
        write_page(page, report)
    print_result(report, args.json)
    for finding in report.findings:
        if finding.kind == "ignored":  # nobody asked for these files, so that nobody would miss them
            print(f"currency-train: {finding.text}", file=sys.stderr)
    return 0 if report.usable else 1
