"""Options that several sub-commands have, and what their values stand for."""

from __future__ import annotations

import argparse
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from currency_app.errors import CurrencyAppError, DataError

DEFAULT_RECIPE = "usd"
"""The recipe of a command that is not told another."""


class Printable(Protocol):
    """A result that can be printed for people and for programs."""

    def as_json(self) -> dict[str, Any]:
        """Return it for a program."""
        ...

    def as_text(self) -> str:
        """Return it for a person."""
        ...


def add_data_option(parser: argparse.ArgumentParser) -> None:
    """Add where the images are."""
    parser.add_argument(
        "--data", metavar="DIR", help="images: default $CURRENCY_DATA, else ../shared/data beside the checkout"
    )


def add_rows_options(parser: argparse.ArgumentParser) -> None:
    """Add where the images and their labels are."""
    add_data_option(parser)
    parser.add_argument(
        "--manifest", metavar="FILE.csv", help="labels of these images, in place of the folder's own manifest.csv"
    )


def currency_code(text: str) -> str:
    """Return a currency's ISO code in lower case, for argparse."""
    if not re.fullmatch("[a-z]{3}", text.lower()):
        raise argparse.ArgumentTypeError(f"{text!r} is not a currency's code of three letters, such as usd")
    return text.lower()


def refuse_idle(args: argparse.Namespace, needs: Mapping[str, Sequence[str]]) -> None:
    """Raise CurrencyAppError for an option that does nothing in what was asked.

    needs: by option, such as "plot", those of which one must be there for it to do anything.
    """
    for option, others in needs.items():
        if getattr(args, option) and not any(getattr(args, other) for other in others):
            needed = " or ".join(_as_typed(other) for other in others)
            raise CurrencyAppError(f"{_as_typed(option)} does nothing without {needed}: add that, or leave it out.")


def refuse_beside(args: argparse.Namespace, option: str, others: Sequence[str], because: str) -> None:
    """Raise CurrencyAppError for options that do nothing beside another one. because: what that does, as a clause."""
    idle = [_as_typed(other) for other in others if getattr(args, other)]
    if getattr(args, option) and idle:
        raise CurrencyAppError(f"{_as_typed(option)} {because}: leave out {', '.join(idle)}.")


def _as_typed(option: str) -> str:
    return f"--{option.replace('_', '-')}"


def add_recipe_options(parser: argparse.ArgumentParser) -> None:
    """Add the recipe, and the images that it is carried out on."""
    parser.add_argument("--recipe", metavar="NAME", help="a recipe's name, or a .toml file (default: usd)")
    add_rows_options(parser)


def add_bundle_options(parser: argparse.ArgumentParser, more_precisions: Sequence[str] = ()) -> None:
    """Add where a run is kept, and how and where its bundle is written."""
    parser.add_argument("--run", metavar="DIR", help="where the run is kept and resumed (default: runs/RECIPE)")
    parser.add_argument("--out", metavar="DIR", help="the bundle's folder (default: the run's folder, bundle)")
    parser.add_argument(
        "--precision",
        choices=("auto", "fp32", "int8", *more_precisions),
        default="auto",
        help="auto: int8, unless it reads over one in a hundred images of `val` fewer right",
    )


def add_split_option(parser: argparse.ArgumentParser) -> None:
    """Add which parts of the images are measured."""
    parser.add_argument("--split", action="append", metavar="SPLIT", help="default: test and test_web; may be repeated")


def images_of(args: argparse.Namespace, currency: str | None = None) -> tuple[Path, list[Any]]:
    """Return the data folder and its rows as a model of a currency takes them; as they are without one.

    Designs are then named as the currency's list has them.
    """
    from training.dataset.currency import relabel_for
    from training.dataset.designs import name_designs, read_design_list
    from training.dataset.manifest import find_data, read_data

    folder = find_data(args.data)
    rows = read_data(folder, Path(args.manifest) if args.manifest else None)
    if currency is None:
        return folder, rows
    return folder, name_designs(relabel_for(rows, currency), currency, read_design_list(folder, currency))


def checked_weights(weights: str) -> str:
    """Return what a network is to start from. Raises DataError if that is not there."""
    if weights != "imagenet" and not Path(weights).exists():
        raise DataError(f"There is no weights file {weights}: check the path, or leave --weights out.")
    return weights


def splits_of(args: argparse.Namespace, images: Sequence[Any]) -> list[str]:
    """Return the splits to measure. Raises DataError for one of which there is no image."""
    splits = args.split or ["test", "test_web"]
    known = sorted({image.split for image in images})
    for split in splits:
        if split not in known:
            raise DataError(
                f"No image is of split {split}: this data folder has {', '.join(known)}. Name one with --split."
            )
    return list(splits)


def run_folders(args: argparse.Namespace) -> tuple[Any, Path, Path]:
    """Return the recipe, the folder of its run, and the folder for the bundle."""
    from training.recipe_files import read_recipe

    recipe = read_recipe(args.recipe or DEFAULT_RECIPE)
    run = Path(args.run or f"runs/{recipe.name}")
    return recipe, run, Path(args.out) if args.out else run / "bundle"


def currency_of(bundle: Path) -> str:
    """Return the ISO code, in lower case, of a bundle's folder."""
    from currency_app.recognition.bundle import load_bundle

    return load_bundle(bundle).currency.lower()


def check_changeable(bundle: Path) -> None:
    """Raise DataError if a bundle's folder could not be changed, before the work for it begins."""
    if not os.access(bundle, os.W_OK):
        raise DataError(f"{bundle} cannot be changed: let this account write there, or copy it and name the copy.")


def need_training_packages(extras: str = "train") -> None:
    """Raise CurrencyAppError if they are not installed. extras: what to install then."""
    from importlib.util import find_spec

    # Read when TensorFlow loads: its own news about processors is none to the user.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Off by itself on processors without VNNI, BF16 or AMX, where a training step takes twice as long without it.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")

    if find_spec("tensorflow") is None or find_spec("keras") is None:
        raise CurrencyAppError(f"This needs more packages: in the clone, pip install '.[{extras}]', then try again.")
    from training.export.quiet import load_tensorflow

    load_tensorflow()


def print_result(result: Printable, as_json: bool) -> None:
    """Print a result on standard output, as one JSON object or as text."""
    print(json.dumps(result.as_json()) if as_json else result.as_text())
