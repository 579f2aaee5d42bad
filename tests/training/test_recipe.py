"""Recipes: those that come with the package are good, and each mistake in one has its sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.errors import DataError
from training.recipe import RECIPES, read_recipe

GOOD = """
currency = "xyz"
names.en = { one = "zed", other = "zeds" }
size = 96
alpha = 0.35
images_per_epoch = 8
seed = 3

[[stages]]
epochs = 1
learning_rate = 1e-3

[[stages]]
epochs = 2
learning_rate = 4
unfreeze_from = 54

[mix]
composites = 0.5
"""


def write(tmp_path: Path, text: str) -> str:
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    return str(tmp_path / "mine.toml")


def refused(name: str) -> str:
    with pytest.raises(DataError) as caught:
        read_recipe(name)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", sorted(path.stem for path in RECIPES.glob("*.toml")))
def test_every_recipe_of_the_package_can_be_cooked(name: str) -> None:
    recipe = read_recipe(name)
    assert recipe.name == name
    assert len(recipe.currency) == 3
    assert recipe.names["en"]["other"]
    assert all(stage.epochs > 0 and 0 < stage.learning_rate < 0.1 for stage in recipe.stages)
    assert recipe.stages[0].unfreeze_from is None, "new heads learn alone at first"
    assert recipe.images_per_epoch >= recipe.batch_size
    mix = recipe.mix
    shares = (mix.composites, mix.photos, mix.negative_photos)
    assert min(shares) >= 0
    assert sum(shares) < 1, "some scenes are without a note"


def test_there_is_a_recipe_for_the_shipped_model() -> None:
    assert {"usd", "quick"} <= {path.stem for path in RECIPES.glob("*.toml")}


def test_a_recipe_of_ones_own(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, GOOD))
    assert (recipe.name, recipe.currency, recipe.size, recipe.alpha) == ("mine", "xyz", 96, 0.35)
    assert [(stage.epochs, stage.unfreeze_from) for stage in recipe.stages] == [(1, None), (2, 54)]
    assert recipe.mix.composites == 0.5
    assert recipe.names == {"en": {"one": "zed", "other": "zeds"}}


def test_the_same_text_is_the_same_recipe(tmp_path: Path) -> None:
    """A run is continued by the recipe that started it, told by its contents."""
    first = read_recipe(write(tmp_path, GOOD))
    assert read_recipe(write(tmp_path, GOOD.replace("seed = 3", "seed  =  3  # mine"))) == first
    assert read_recipe(write(tmp_path, GOOD.replace("seed = 3", "seed = 4"))) != first


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("seed = 3", "sead = 3"), "unknown setting 'sead'"),
        (("unfreeze_from = 54", "unfreeze = 54"), "unknown setting 'unfreeze'"),
        (("composites = 0.5", "composite = 0.5"), "unknown setting 'composite'"),
        (('currency = "xyz"\n', ""), "currency"),
        (("epochs = 1\n", ""), "epochs"),
        (("learning_rate = 1e-3\n", ""), "learning_rate"),
        (("size = 96", "size = 100"), "multiple of 32"),
        (("size = 96", "size = 64"), "at least 96"),
        (("size = 96", 'size = "96"'), "size cannot be '96'"),
        (("size = 96", "size = 96.0"), "size cannot be 96.0"),
        (("seed = 3", "seed = true"), "seed cannot be True"),
        (('currency = "xyz"', "currency = 3"), "currency cannot be 3"),
        (("epochs = 1", 'epochs = "one"'), "epochs cannot be 'one'"),
        (("unfreeze_from = 54", 'unfreeze_from = "top"'), "unfreeze_from cannot be 'top'"),
        (("composites = 0.5", 'composites = "half"'), "composites cannot be 'half'"),
        (('names.en = { one = "zed", other = "zeds" }', 'names = "zeds"'), "names cannot be 'zeds'"),
        (("seed = 3", "seed = "), "not a TOML file"),
    ],
)
def test_a_mistake_has_its_sentence(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    assert change[0] in GOOD
    message = refused(write(tmp_path, GOOD.replace(*change, 1)))
    assert said in message
    assert "mine.toml" in message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('currency = "xyz"', "no [[stages]]"),
        ('currency = "xyz"\nstages = 3', "no [[stages]]"),
        ('currency = "xyz"\nstages = [3]', "table of settings"),
        ('currency = "xyz"\nmix = 3\n[[stages]]\nepochs = 1\nlearning_rate = 0.1', "table of settings"),
        ("", "no [[stages]]"),
    ],
)
def test_a_recipe_of_another_shape_has_its_sentence(tmp_path: Path, text: str, said: str) -> None:
    assert said in refused(write(tmp_path, text))


def test_a_file_that_is_no_text_has_its_sentence(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\x00seed")
    assert "not a TOML file" in refused(str(tmp_path / "mine.toml"))


@pytest.mark.parametrize("name", ["nowhere", "nowhere.toml", ""])
def test_an_unknown_recipe_names_those_there_are(name: str) -> None:
    message = refused(name)
    assert "quick" in message
    assert "usd" in message
