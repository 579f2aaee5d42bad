"""Read recipes from their TOML files, which may build on one another."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, get_origin, get_type_hints

from currency_app.errors import DataError
from currency_app.paths import is_path
from training.recipe import Recipe, Stage, setting_key
from training.recipe_limits import range_problem, recipe_problem
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
    if not _is_file(path):
        raise DataError(f"There is no recipe {name}: give the path of a .toml file, or one of {_known_recipes()}.")
    return _read(path, ())


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long
        return False


def _recipe_path(name: str, folder: Path = Path()) -> Path:
    return folder / name if name.endswith(".toml") or is_path(name) else RECIPES / f"{name}.toml"


def _known_recipes() -> str:
    return ", ".join(sorted(file.stem for file in RECIPES.glob("*.toml")))


def _read(path: Path, above: tuple[Path, ...]) -> Recipe:
    """Read a recipe file. above: the files that build on this one, the first that was asked for first."""
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Windows' editors may begin it with a mark
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
    if not _is_file(found):
        raise DataError(
            f"{path}: there is no recipe {name} to build on: give the path of a .toml file, or one of "
            f"{_known_recipes()}."
        )
    if any(found.samefile(file) for file in above):
        raise DataError(f"{path}: by {BASE} = {name!r} the recipe builds on itself: name another, or leave it out.")
    return _read(found, above)


def _check(recipe: Recipe, path: Path) -> None:
    """Raise DataError if settings do not fit each other."""
    problem = recipe_problem(recipe)
    if problem is not None:
        raise DataError(f"{path}: {problem}.")


def _build(kind: type[Any], settings: Any, path: Path, base: Any = None) -> Any:
    """Make a dataclass of a table of settings, over those of a base if there is one.

    Raises DataError if a setting is unknown, of a wrong type, out of its range, or missing.
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
        if (problem := range_problem(key, value)) is not None:
            raise DataError(f"{path}: {problem}.")
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
