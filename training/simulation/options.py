"""`currency-train simulate`: its options, and what it does."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any

from currency_app.command_line import whole_number
from training.progress import progress


def add_options(simulate: argparse.ArgumentParser) -> None:
    """The options of `simulate`, but --data, which other commands have too."""
    simulate.add_argument("--out", required=True, metavar="DIR", help="a new folder for the clips")
    simulate.add_argument("--count", type=whole_number(1, 9999), default=10, metavar="N", help="how many (10)")
    simulate.add_argument(
        "--seed", type=whole_number(0, 9999), default=0, metavar="S", help="other clips for each; the same are the same"
    )
    simulate.add_argument("--fps", type=whole_number(1, 60), default=15, metavar="N", help="frames a second (15)")
    simulate.add_argument(
        "--kind", choices=("presentation", "empty"), default="presentation", help="a note shown, or minutes without one"
    )
    simulate.add_argument("--currency", metavar="CODE", help="such as eur (default: what most images show, else usd)")
    simulate.add_argument(
        "--drawn-only", action="store_true", help="drawn notes in drawn rooms: needs no images, may be published"
    )


def simulate(given: argparse.Namespace) -> int:
    """Write clips of presentations, and the truth of each frame."""
    from training.simulation.clips import clips, write_clips
    from training.writable import check_clips_folder

    folder = Path(given.out)
    check_clips_folder(folder, real=not given.drawn_only)
    made = clips(given.kind, given.count, _material(given), given.seed, float(given.fps))
    write_clips(folder, made, float(given.fps), partial(progress, unit="clip"))
    warning = "" if given.drawn_only else ": real notes can be seen, do not publish"
    written = "1 clip" if given.count == 1 else f"{given.count} clips"
    print(f"Wrote {written} to {folder}{warning}.", file=sys.stderr)
    return 0


def _material(given: argparse.Namespace) -> Any:
    from training.dataset.check.inspection import most_frequent_currency
    from training.dataset.currency import seen_by
    from training.dataset.manifest import find_data, read_data
    from training.simulation.scene.material import drawn_material, read_material, usual_splits

    if given.drawn_only:
        return drawn_material(given.currency or "usd")
    images = read_data(find_data(given.data))
    images = seen_by(images, given.currency or most_frequent_currency(images))
    return read_material(images, *usual_splits(images, given.currency))
