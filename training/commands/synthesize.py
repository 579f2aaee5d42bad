"""`currency-train synthesize`: write a sheet of made-up training pictures."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from currency_app.command_line import whole_number
from training.commands.options import DEFAULT_RECIPE, add_recipe_options, images_of
from training.progress import progress


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `synthesize`."""
    parser.add_argument("--preview", required=True, metavar="FILE.png", help="where to write a sheet of them")
    parser.add_argument("--count", type=whole_number(1, 400), default=48, metavar="N", help="how many (48)")
    add_recipe_options(parser)
    parser.set_defaults(command=_synthesize)


def _synthesize(args: argparse.Namespace) -> int:
    from training.fitting.preview import write_preview
    from training.recipe_files import read_recipe
    from training.writable import check_file

    target = Path(args.preview)
    check_file(target, "sheet", (".png",), format_name="PNG file")
    recipe = read_recipe(args.recipe or DEFAULT_RECIPE)
    _, images = images_of(args, recipe.currency)
    write_preview(target, recipe, images, args.count, progress)
    print(f"Wrote {target}", file=sys.stderr)
    return 0
