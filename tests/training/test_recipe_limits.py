"""Settings that no training could use are told in a sentence, before the work begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.errors import DataError
from training.recipe import Recipe
from training.recipe_files import read_recipe
from training.recipe_limits import range_problem
from training.synthesis.sampler import Mix

GOOD = """
currency = "xyz"
SETTING

[[stages]]
epochs = 1
learning_rate = 1e-3
STAGE

[mix]
SHARE
"""


def read(tmp_path: Path, place: str, setting: str, encoding: str = "utf-8") -> Recipe:
    text = GOOD.replace(place, setting)
    for other in ("SETTING", "STAGE", "SHARE"):
        text = text.replace(other, "")
    (tmp_path / "mine.toml").write_text(text, encoding=encoding)
    return read_recipe(str(tmp_path / "mine.toml"))


def refused(tmp_path: Path, place: str, setting: str) -> str:
    with pytest.raises(DataError) as caught:
        read(tmp_path, place, setting)
    message = str(caught.value)
    assert "mine.toml: " in message
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    "setting",
    [
        *(f"{key} = {value}" for key in ("images_per_epoch", "batch_size", "detail") for value in (0, -1)),
        *(f"{key} = -1" for key in ("folds", "patience", "seed", "closer_looks")),
        *("seed = 4294967296", "folds = 1", f"size = {32 * 10**9}", "folds = 99999"),
        *(f"{key} = {value}" for key in ("alpha", "margin", "averaging", "weight_decay") for value in ("nan", "-0.5")),
        *(f"{key} = {value}" for key in ("looks", "fold_share", "note_aspect") for value in ("nan", "inf", "-1")),
        *(
            f"{key} = {value}"
            for key in ("label_smoothing", "corners_weight", "votes_weight")
            for value in ("nan", "-1")
        ),
        *("alpha = 0.0", "averaging = 1.0", "label_smoothing = 1.0", f"corners_weight = 1{'0' * 400}"),
    ],
)
def test_a_number_out_of_its_range_is_refused(tmp_path: Path, setting: str) -> None:
    assert setting.split(maxsplit=1)[0] in refused(tmp_path, "SETTING", setting)


@pytest.mark.parametrize("change", ["epochs = 0", "epochs = -3", "learning_rate = nan", "learning_rate = 0.0"])
def test_a_stage_that_could_not_learn_is_refused(tmp_path: Path, change: str) -> None:
    key = change.split(maxsplit=1)[0]
    stage = {"epochs": "epochs = 1", "learning_rate": "learning_rate = 1e-3"}[key]
    assert f"{key} must be from" in refused(tmp_path, stage, change)


@pytest.mark.parametrize(
    "shares",
    [
        "composites = -0.1",
        "folded = nan",
        "drawn = 1.5",
        "composites = 0.9",  # beside the usual 0.2 photos
        "agreeing = 0.4\nrestyled = 0.4\nother_portrait = 0.4",
    ],
)
def test_shares_that_are_none_are_refused(tmp_path: Path, shares: str) -> None:
    assert shares.split(maxsplit=1)[0] in refused(tmp_path, "SHARE", shares)


def test_shares_may_add_up_to_all(tmp_path: Path) -> None:
    mix = "composites = 0.7\nphotos = 0.1\nnegative_photos = 0.1\ndisagreeing = 0.06\nmade_up = 0.04"
    assert read(tmp_path, "SHARE", mix).mix == Mix(0.7, 0.1, 0.1, disagreeing=0.06, made_up=0.04)


@pytest.mark.parametrize("setting", ["looks = 0.01", "batch_size = 1", "looks = 0.99"])
def test_both_kinds_of_pictures_must_be_in_a_batch(tmp_path: Path, setting: str) -> None:
    assert "both kinds" in refused(tmp_path, "SETTING", f"closer_size = [256, 112]\n{setting}")


@pytest.mark.parametrize("name", ["", "../usd", "..", "a/b", " usd", "a\\nb"])
def test_a_name_that_would_lead_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    """A run is kept in a folder of the recipe's name."""
    assert "name must be a name for a folder" in refused(tmp_path, "SETTING", f'name = "{name}"')


@pytest.mark.parametrize("currency", ["", "US", "USD", "usdx", "../"])
def test_a_currency_is_a_code(tmp_path: Path, currency: str) -> None:
    assert "lower-case letters" in refused(tmp_path, 'currency = "xyz"', f'currency = "{currency}"')


@pytest.mark.parametrize(
    "names",
    ['en = "zed"', "en = { one = 1, other = 2 }", "en = {}", 'en = { one = "zed" }', 'en = { one = "", other = " " }'],
)
def test_names_are_words_to_say(tmp_path: Path, names: str) -> None:
    """Else the bundle could not be written, after all the training, or would say "20" or "20 XYZ" for "20 zeds"."""
    assert "names must be texts by language and form, none of them empty" in refused(
        tmp_path, "SETTING", f"names.{names}"
    )


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    assert read(tmp_path, "SETTING", "seed = 7", encoding="utf-8-sig").seed == 7


def test_every_number_of_a_recipe_has_a_range() -> None:
    given_by_rules = {"size", "looks", "fold_share"}
    recipe = Recipe("tiny", "usd", ())
    numbers = {**recipe.as_dict(), **recipe.as_dict()["mix"], **vars(recipe.mix)}
    numbers["numeral_crops"] = 0
    for key, value in numbers.items():
        if isinstance(value, int | float) and not isinstance(value, bool) and key not in given_by_rules:
            assert range_problem(key, float("nan")) is not None, key
