"""What the settings of a recipe may be: told before the work begins, not by a traceback an hour later."""

from __future__ import annotations

import re
from typing import Any

from currency_app.paths import is_path
from training.network.backbone import BACKBONES
from training.recipe import Recipe

_COUNTS = {
    "epochs": (1, 100_000),
    "detail": (32, 4096),
    "closer_looks": (0, 20),
    "images_per_epoch": (1, 100_000_000),
    "batch_size": (1, 4096),
    "folds": (0, 20),
    "numeral_crops": (0, 10_000_000),
    "patience": (0, 100_000),
    "seed": (0, 2**32 - 1),
}
"""Lowest and highest of the whole numbers, by key; the seed as NumPy takes it, the rest what any machine can use."""
_MEASURES = {
    "learning_rate": (1e-9, 10.0),
    "note_aspect": (0.2, 5.0),
    "alpha": (0.1, 4.0),
    "margin": (0.0, 1.0),
    "averaging": (0.0, 0.99999),
    "weight_decay": (0.0, 1.0),
    "label_smoothing": (0.0, 0.9),
    "corners_weight": (0.0, 1000.0),
    "votes_weight": (0.0, 1000.0),
}
"""Lowest and highest of the other numbers, by key; chosen by hand, so wide that they only keep slips out."""
_SHARES_OF_ALL = ("composites", "photos", "negative_photos", "disagreeing", "made_up")
"""Shares of the mix that are of all pictures; the rest are scenes without a note."""
_SHARES_OF_COMPOSITES = ("agreeing", "restyled", "other_portrait")
"""Shares of the mix that are of the composites, and exclude each other."""
_SHARES = (*_SHARES_OF_ALL, *_SHARES_OF_COMPOSITES, "drawn", "folded")
_RANGES = {**_COUNTS, **_MEASURES, **dict.fromkeys(_SHARES, (0.0, 1.0))}
_ROUNDING = 1e-6
"""By how much shares that add up to 1 on paper may exceed it."""
_SIDES = (96, 2048)
"""Smallest and largest input side, pixels."""


def range_problem(key: str, value: Any) -> str | None:
    """Return what is wrong with one setting, as a clause; None if nothing is.

    key: as the recipe file has it. value: of the right type.
    """
    if key == "name" and not (value.strip() == value and value.isprintable() and value and not is_path(value)):
        return f"name must be a name for a folder, not {value!r}"
    if key == "currency" and not re.fullmatch("[a-z]{3}", value):
        return f"currency must be a code of three lower-case letters such as usd, not {value!r}"
    if key == "names" and not all(_are_words(forms) for forms in value.values()):
        return (
            "names must be texts by language and form, none of them empty and one of them `other`, "
            'such as en = { one = "dollar", other = "dollars" }'
        )
    low, high = _RANGES.get(key, (None, None))
    if low is not None and high is not None and not low <= value <= high:
        return f"{key} must be from {low:g} to {high:.10g}, not {value!r}"
    return None


def recipe_problem(recipe: Recipe) -> str | None:
    """Return what is wrong with how settings go together, as a clause; None if nothing is."""
    return _network_problem(recipe) or _looks_problem(recipe) or _training_problem(recipe)


def _network_problem(recipe: Recipe) -> str | None:
    low, high = _SIDES
    if recipe.size % 32 or not low <= recipe.size <= high:
        return f"size must be a multiple of 32, at least {low} and at most {high}, not {recipe.size}"
    if recipe.backbone not in BACKBONES:
        return f"backbone must be one of {', '.join(BACKBONES)}, not {recipe.backbone!r}"
    return None


def _looks_problem(recipe: Recipe) -> str | None:
    if not 0 <= recipe.closer_share < 1:
        return "looks must be from 0 to less than 1"
    if not recipe.closer_size:
        return None
    if len(recipe.closer_size) != 2 or not all(_is_closer_side(pixels) for pixels in recipe.closer_size):
        return (
            "closer_size must be a width and a height, multiples of 16 from 64 on, such as [256, 112], not "
            f"{list(recipe.closer_size)}"
        )
    if not recipe.closer_share:
        return "closer_size needs looks over 0, or nothing is looked at closer"
    if recipe.closer_size == (recipe.size, recipe.size):
        return "closer_size is that of the whole picture: leave it out"
    closer = round(recipe.closer_share * recipe.batch_size)
    if not 0 < closer < recipe.batch_size:
        return f"closer_size needs both kinds of pictures in a batch, and looks makes {closer} of {recipe.batch_size}"
    return None


def _training_problem(recipe: Recipe) -> str | None:
    if not 0 < recipe.fold_share <= 1:
        return "fold_share must be over 0 and at most 1"
    if recipe.folds == 1:
        return "folds must be 0, or 2 and more: a single part would be nearly all images"
    if recipe.patience and (len(recipe.stages) > 1 or recipe.averaging):
        return "patience needs a single stage and averaging = 0, for it keeps the best epoch's weights"
    for names, of_what in ((_SHARES_OF_ALL, "all pictures"), (_SHARES_OF_COMPOSITES, "composites")):
        if sum(getattr(recipe.mix, name) for name in names) > 1 + _ROUNDING:
            return f"the shares {', '.join(names)} must add up to at most 1, for they are of {of_what}"
    return None


def _is_closer_side(pixels: Any) -> bool:
    return isinstance(pixels, int) and not isinstance(pixels, bool) and pixels % 16 == 0 and 64 <= pixels <= _SIDES[1]


def _are_words(forms: Any) -> bool:
    """Whether a unit can be said in every number, for a form that is missing is said as `other`."""
    return (
        isinstance(forms, dict) and "other" in forms and all(isinstance(t, str) and t.strip() for t in forms.values())
    )
