"""`currency-train locate`: find the notes in photographs by scans of the same notes."""

from __future__ import annotations

import argparse
from pathlib import Path

from currency_app.errors import DataError
from training.commands.options import add_rows_options, currency_code, images_of
from training.progress import progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `locate`."""
    parser.add_argument("--out", required=True, metavar="FILE.csv", help="where to write the labels with corners")
    parser.add_argument("--currency", type=currency_code, required=True, metavar="CODE", help="such as eur")
    add_rows_options(parser)
    parser.set_defaults(command=_locate)


def _locate(args: argparse.Namespace) -> int:
    from training.dataset.locate import locate
    from training.dataset.manifest import MANIFEST, check_names, write_manifest
    from training.writable import check_file

    target = Path(args.out)
    check_file(target, "table", (".csv",))
    folder, images = images_of(args, args.currency)
    tables = [folder / MANIFEST, *([Path(args.manifest)] if args.manifest else [])]
    if target.exists() and any(table.exists() and target.samefile(table) for table in tables):
        raise DataError(f"{target} is a table that is read, whose other columns would be lost: name another file.")
    check_names(folder, images)
    found = locate(images, args.currency, progress)
    write_manifest(target, folder, found)
    photos = [image for image in found if image.kind == "photo"]
    known = sum(image.polygon is not None for image in photos)
    print(f"Corners are known in {known} of {len(photos)} photographs. Wrote {target}: give it with --manifest.")
    return 0
