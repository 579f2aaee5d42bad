"""Read recipes from their TOML files, which may build on one another."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from currency_app.errors import DataError
from currency_app.paths import is_path
from training.network.backbone import BACKBONES
from training.recipe import Recipe, Stage, setting_key
from training.synthesis.sampler import Mix

RECIPES = Path(__file__).resolve().parent / "recipes"
"""Folder of the recipes that come with the package."""
BASE = "base"
"""Key of a recipe file that names the recipe it builds on."""


def read_recipe(name: str) -> Recipe:
    """Read a recipe by its name, which is that of a file in training/recipes, or by its path.

    Raises DataError if there is none or it is wrong.
    """
    path = _recipe_path(name)
    if not path.is_file():
        raise DataError(f"There is no recipe {name}: give the path of a .toml file, or one of {_known_recipes()}.")
    return _read(path, ())


def _recipe_path(name: str, folder: Path = Path()) -> Path:
    return folder / name if name.endswith(".toml") or is_path(name) else RECIPES / f"{name}.toml"


def _known_recipes() -> str:
    return ", ".join(sorted(file.stem for file in RECIPES.glob("*.toml")))


def _read(path: Path, above: tuple[Path, ...]) -> Recipe:
    """Read a recipe file. above: the files that build on this one, the first that was asked for first."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is not a TOML file: {error}.") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: let this account read it, or copy it again.") from error
    base = _read_base(settings.pop(BASE), path, (*above, path)) if BASE in settings else None
    stages = settings.pop("stages", [] if base is None else None)
    if stages is not None and (not isinstance(stages, list) or not stages):
        raise DataError(f"{path} has no [[stages]]: a recipe needs at least one.")
    if stages is not None:
        settings["stages"] = tuple(_build(Stage, stage, path) for stage in stages)
    settings["mix"] = _build(Mix, settings.pop("mix", {}), path, None if base is None else base.mix)
    recipe: Recipe = _build(Recipe, {"name": path.stem, **settings}, path, base)
    _check(recipe, path)
    return recipe


def _read_base(name: Any, path: Path, above: tuple[Path, ...]) -> Recipe:
    """Read the recipe that a file builds on. A relative path of it starts at the file's folder.

    name: what the file says as its base. path: of the file. above: see `_read`, with the file itself.
    """
    if not isinstance(name, str):
        raise DataError(f"{path}: {BASE} cannot be {name!r}.")
    found = _recipe_path(name, path.parent)
    if not found.is_file():
        raise DataError(
            f"{path}: there is no recipe {name} to build on: give the path of a .toml file, or one of "
            f"{_known_recipes()}."
        )
    if any(found.samefile(file) for file in above):
        raise DataError(f"{path}: by {BASE} = {name!r} the recipe builds on itself: name another, or leave it out.")
    return _read(found, above)


def _check(recipe: Recipe, path: Path) -> None:
    """Raise DataError if settings are out of range or do not fit each other."""
    if recipe.size % 32 or recipe.size < 96:
        raise DataError(f"{path}: size must be a multiple of 32 and at least 96, not {recipe.size}.")
    if recipe.backbone not in BACKBONES:
        raise DataError(f"{path}: backbone must be one of {', '.join(BACKBONES)}, not {recipe.backbone!r}.")
    if not 0.2 <= recipe.note_aspect <= 5:
        raise DataError(f"{path}: note_aspect must be from 0.2 to 5, not {recipe.note_aspect}.")
    if not (0 <= recipe.closer_share < 1 and 0 < recipe.fold_share <= 1):
        raise DataError(f"{path}: looks must be from 0 to less than 1, and fold_share over 0 and at most 1.")
    if recipe.numeral_crops < 0:
        raise DataError(f"{path}: numeral_crops must be 0 or more, not {recipe.numeral_crops}.")
    if recipe.closer_size and not (
        len(recipe.closer_size) == 2 and all(_is_closer_side(n) for n in recipe.closer_size)
    ):
        raise DataError(
            f"{path}: closer_size must be a width and a height, multiples of 16 from 64 on, such as [256, 112], not "
            f"{list(recipe.closer_size)}."
        )
    if recipe.closer_size and not recipe.closer_share:
        raise DataError(f"{path}: closer_size needs looks over 0, or nothing is looked at closer.")
    if recipe.closer_size == (recipe.size, recipe.size):
        raise DataError(f"{path}: closer_size is that of the whole picture: leave it out.")
    if recipe.patience and (len(recipe.stages) > 1 or recipe.averaging):
        raise DataError(
            f"{path}: patience needs a single stage and averaging = 0, for it keeps the best epoch's weights."
        )


def _is_closer_side(pixels: Any) -> bool:
    return _is_a(int, pixels) and pixels % 16 == 0 and pixels >= 64


def _build(kind: type[Any], settings: Any, path: Path, base: Any = None) -> Any:
    """Make a dataclass of a table of settings, over those of a base if there is one.

    Raises DataError if a setting is unknown, of a wrong type, or missing.
    """
    if not isinstance(settings, dict):
        raise DataError(f"{path}: {kind.__name__.lower()} must be a table of settings, not {settings!r}.")
    types = get_type_hints(kind)
    field_of = {setting_key(name): name for name in types}
    unknown = sorted(set(settings) - set(field_of))
    if unknown:
        known = sorted({*field_of, BASE} if kind is Recipe else field_of)
        raise DataError(f"{path}: unknown setting {unknown[0]!r}; known are {', '.join(known)}.")
    for key, value in settings.items():
        if not _is_a(types[field_of[key]], value):
            raise DataError(f"{path}: {key} cannot be {value!r}.")
    fields = {field_of[key]: tuple(value) if isinstance(value, list) else value for key, value in settings.items()}
    try:
        return kind(**fields) if base is None else replace(base, **fields)
    except TypeError as error:
        raise DataError(f"{path}: a setting is missing: {error}.") from error


def _is_a(kind: Any, value: Any) -> bool:
    if kind is float:
        kind = int | float
    elif get_origin(kind) in (dict, tuple):
        kind = get_origin(kind)
    if kind is tuple:
        kind = tuple | list  # TOML has lists only
    return isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
