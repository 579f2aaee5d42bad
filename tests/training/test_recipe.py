"""Recipes: those that come with the package are good, and each mistake in one has its sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from currency_app.errors import DataError
from training.network.backbone import build_backbone
from training.recipe import RECIPES, fold_recipe, read_recipe

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
unfreeze_from = "block_6_expand"

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
    if len(recipe.stages) > 1:
        assert recipe.stages[0].unfreeze_from is None, "new heads learn alone at first"
    assert recipe.images_per_epoch >= recipe.batch_size
    mix = recipe.mix
    shares = (mix.composites, mix.photos, mix.negative_photos)
    assert min(shares) >= 0
    if mix.classic:
        assert sum(shares) == pytest.approx(1), "nothing is made up"
    else:
        assert sum(shares) < 1, "some scenes are without a note"
    assert 0 <= recipe.looks < 1, "some whole frames are seen"
    assert recipe.detail >= recipe.size


def test_layers_that_recipes_name_are_there() -> None:
    pytest.importorskip("keras")
    recipes = [read_recipe(path.stem) for path in RECIPES.glob("*.toml")]
    backbones = {recipe.backbone for recipe in recipes}
    layers = {name: {layer.name for layer in build_backbone(name, 96, 0.35, None).layers} for name in backbones}
    for recipe in recipes:
        named = {stage.unfreeze_from for stage in recipe.stages} - {None}
        assert named <= layers[recipe.backbone], recipe.name


def test_the_networks_of_the_folds_are_made_alike_but_shorter(tmp_path: Path) -> None:
    good = GOOD.replace("epochs = 2", "epochs = 12")
    recipe = read_recipe(write(tmp_path, good.replace("seed = 3", "folds = 3\nfold_share = 0.3")))
    shorter = fold_recipe(recipe)
    assert [stage.epochs for stage in shorter.stages] == [1, 4], "rounded up"
    assert replace(shorter, stages=recipe.stages, folds=3) == recipe, "all else is the same"
    assert shorter.folds == 0


def test_there_is_a_recipe_for_the_shipped_model() -> None:
    assert {"usd", "quick"} <= {path.stem for path in RECIPES.glob("*.toml")}


def test_a_recipe_of_ones_own(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, GOOD))
    assert (recipe.name, recipe.currency, recipe.size, recipe.alpha) == ("mine", "xyz", 96, 0.35)
    assert [(stage.epochs, stage.unfreeze_from) for stage in recipe.stages] == [(1, None), (2, "block_6_expand")]
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
        (("unfreeze_from", "unfreeze"), "unknown setting 'unfreeze'"),
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
        (('unfreeze_from = "block_6_expand"', "unfreeze_from = 54"), "unfreeze_from cannot be 54"),
        (("epochs = 1", "epochs = 1\nconstant = 1"), "constant cannot be 1"),
        (("seed = 3", 'backbone = "resnet"'), "backbone must be one of mobilenet_v2, mobilenet, mobilenet_v3_small"),
        (("seed = 3", "patience = 2.5"), "patience cannot be 2.5"),
        (("seed = 3", "patience = 2\naveraging = 0.0"), "patience needs a single stage"),
        (("seed = 3", "looks = 1.0"), "looks must be from 0 to less than 1"),
        (("seed = 3", "fold_share = 0.0"), "fold_share over 0"),
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
