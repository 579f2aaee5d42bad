"""A recipe: the few numbers that make a model, read from a short TOML file."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from currency_app.errors import DataError
from training.dataset.notes import NOTE_ASPECT
from training.network.backbone import BACKBONES
from training.synthesis.sampler import Mix

RECIPES = Path(__file__).resolve().parent / "recipes"


@dataclass(frozen=True)
class Stage:
    """A stretch of training.

    epochs: each of `images_per_epoch` images. unfreeze_from: name of the first layer of the
    backbone that learns, or None.
    learning_rate: at the stage's start; it falls to 1 % of that along a cosine, unless it is constant.
    """

    epochs: int
    learning_rate: float
    unfreeze_from: str | None = None
    constant: bool = False


@dataclass(frozen=True)
class Recipe:
    """How a model is made.

    currency: ISO code in lower case. names: the unit's name by language, as bundle.json keeps it.
    note_aspect: width over height of the currency's notes, of all its values together.
    size: input side in pixels. detail: side of the pictures that are made, of which frames are made smaller and
    closer looks cut. backbone: one of `training.network.backbone.BACKBONES`. alpha: its width.
    images_per_epoch, batch_size: images.
    looks: share of the images that are second looks, 0 for a bundle that looks once. margin: around the note in them.
    closer_looks: how often the bundle looks at a note again.
    folds: how many more networks are trained, each without a part of the images, to calibrate on their answers to it;
    fold_share: their length, as a share of each stage's.
    patience: stop a stage after so many epochs in which the loss on `val` did not fall, and keep the best; 0 = never.
    averaging: momentum of the moving average of the weights that is kept at the end, 0 = none.
    weight_decay: of AdamW; 0 makes it Adam. label_smoothing: 0..1.
    corners_weight, votes_weight: of the losses of the corners and of the cells' votes, against the classifier's.
    """

    name: str
    currency: str
    stages: tuple[Stage, ...]
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    note_aspect: float = NOTE_ASPECT
    size: int = 256
    detail: int = 320
    backbone: str = "mobilenet_v2"
    alpha: float = 1.0
    looks: float = 0.4
    margin: float = 0.1
    closer_looks: int = 2
    images_per_epoch: int = 4096
    batch_size: int = 32
    folds: int = 0
    fold_share: float = 0.12
    patience: int = 0
    averaging: float = 0.995
    weight_decay: float = 1e-4
    label_smoothing: float = 0.02
    corners_weight: float = 2.0
    votes_weight: float = 1.0
    seed: int = 1
    mix: Mix = field(default_factory=Mix)


def read_recipe(name: str) -> Recipe:
    """A recipe by its name (one of the files in training/recipes) or its path. Raises DataError where it is wrong."""
    path = Path(name) if name.endswith(".toml") else RECIPES / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in RECIPES.glob("*.toml")))
        raise DataError(f"There is no recipe {name}: give the path of a .toml file, or one of {known}.")
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is not a TOML file: {error}.") from error
    stages = given.pop("stages", [])
    if not isinstance(stages, list) or not stages:
        raise DataError(f"{path} has no [[stages]]: a recipe needs at least one.")
    stages = tuple(_made(Stage, stage, path) for stage in stages)
    mix = _made(Mix, given.pop("mix", {}), path)
    recipe: Recipe = _made(Recipe, {"name": path.stem, **given, "stages": stages, "mix": mix}, path)
    if recipe.size % 32 or recipe.size < 96:
        raise DataError(f"{path}: size must be a multiple of 32 and at least 96, not {recipe.size}.")
    if recipe.backbone not in BACKBONES:
        raise DataError(f"{path}: backbone must be one of {', '.join(BACKBONES)}, not {recipe.backbone!r}.")
    if not 0.2 <= recipe.note_aspect <= 5:
        raise DataError(f"{path}: note_aspect must be from 0.2 to 5, not {recipe.note_aspect}.")
    if not (0 <= recipe.looks < 1 and 0 < recipe.fold_share <= 1):
        raise DataError(f"{path}: looks must be from 0 to less than 1, and fold_share over 0 and at most 1.")
    if recipe.patience and (len(stages) > 1 or recipe.averaging):
        raise DataError(
            f"{path}: patience needs a single stage and averaging = 0, for it keeps the best epoch's weights."
        )
    return recipe


def fold_recipe(recipe: Recipe) -> Recipe:
    """How the networks of the folds are made: the same, but shorter."""
    stages = tuple(replace(stage, epochs=math.ceil(stage.epochs * recipe.fold_share)) for stage in recipe.stages)
    return replace(recipe, stages=stages, folds=0)


def _made(kind: type[Any], given: Any, path: Path) -> Any:
    if not isinstance(given, dict):
        raise DataError(f"{path}: {kind.__name__.lower()} must be a table of settings, not {given!r}.")
    known = get_type_hints(kind)
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise DataError(f"{path}: unknown setting {unknown[0]!r}; known are {', '.join(sorted(known))}.")
    for name, value in given.items():
        if not _is_a(known[name], value):
            raise DataError(f"{path}: {name} cannot be {value!r}.")
    try:
        return kind(**given)
    except TypeError as error:
        raise DataError(f"{path}: a setting is missing: {error}.") from error


def _is_a(kind: Any, value: Any) -> bool:
    if kind is float:
        kind = int | float
    elif get_origin(kind) in (dict, tuple):
        kind = get_origin(kind)
    return isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
