"""`currency-train simulate`: write clips of notes shown to a camera, with the truth of each frame."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

from currency_app.command_line import whole_number
from training.commands.options import add_data_option, currency_code, refuse_beside
from training.progress import progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `simulate`."""
    parser.add_argument("--out", required=True, metavar="DIR", help="a new folder for the clips")
    parser.add_argument("--count", type=whole_number(1, 9999), default=10, metavar="N", help="how many (10)")
    parser.add_argument(
        "--seed", type=whole_number(0, 9999), default=0, metavar="S", help="other clips for each; the same are the same"
    )
    parser.add_argument("--fps", type=whole_number(1, 60), default=15, metavar="N", help="frames a second (15)")
    parser.add_argument(
        "--kind", choices=("presentation", "empty"), default="presentation", help="a note shown, or minutes without one"
    )
    parser.add_argument(
        "--currency", type=currency_code, metavar="CODE", help="such as eur (default: what most images show, else usd)"
    )
    parser.add_argument(
        "--drawn-only", action="store_true", help="drawn notes in drawn rooms: needs no images, may be published"
    )
    add_data_option(parser)
    parser.set_defaults(command=_simulate)


def _simulate(args: argparse.Namespace) -> int:
    from training.simulation.clips import clips, write_clips
    from training.writable import check_clips_folder

    refuse_beside(args, "drawn_only", ("data",), "needs no images")
    folder = Path(args.out)
    check_clips_folder(folder, real=not args.drawn_only)
    made = clips(args.kind, args.count, _material(args), args.seed, float(args.fps))
    write_clips(folder, made, float(args.fps), partial(progress, unit="clip"))
    warning = "" if args.drawn_only else ": real notes can be seen, do not publish"
    written = "1 clip" if args.count == 1 else f"{args.count} clips"
    print(f"Wrote {written} to {folder}{warning}.", file=sys.stderr)
    return 0


def _material(args: argparse.Namespace) -> Any:
    from training.dataset.check.inspection import main_currency
    from training.dataset.currency import relabel_for
    from training.dataset.manifest import find_data, read_data
    from training.simulation.scene.material import drawn_material, read_material, usual_splits

    if args.drawn_only:
        return drawn_material(args.currency or "usd")
    images = read_data(find_data(args.data))
    images = relabel_for(images, args.currency or main_currency(images))
    return read_material(images, *usual_splits(images, args.currency))
