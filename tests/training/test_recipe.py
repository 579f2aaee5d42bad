"""Recipes: those that come with the package are good, and each mistake in one has its sentence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from currency_app.errors import DataError
from training.network.backbone import build_backbone
from training.recipe import Recipe, Stage, fold_recipe
from training.recipe_files import RECIPES, read_recipe
from training.synthesis.sampler import Mix

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
    shares = (mix.composites, mix.photos, mix.negative_photos, mix.disagreeing, mix.made_up)
    assert mix.agreeing + mix.restyled + mix.other_portrait < 0.5, "most composites are notes as they are"
    assert mix.disagreeing <= mix.composites * mix.agreeing * 2, (
        "that a note has been altered is no reason to refuse it"
    )
    assert min(shares) >= 0
    if mix.classic:
        assert sum(shares) == pytest.approx(1), "nothing is made up"
    else:
        assert sum(shares) < 1, "some scenes are without a note"
    assert 0 <= recipe.closer_share < 1, "some whole frames are seen"
    assert recipe.detail >= recipe.size


@pytest.mark.tensorflow
def test_layers_that_recipes_name_are_there() -> None:
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


def test_closer_looks_have_the_whole_pictures_shape_unless_the_recipe_says_another(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, GOOD))
    assert (recipe.closer_width, recipe.closer_height) == (96, 96)
    wide = read_recipe(write(tmp_path, GOOD.replace("seed = 3", "seed = 3\ncloser_size = [256, 112]")))
    assert (wide.closer_width, wide.closer_height) == (256, 112)
    assert wide == replace(recipe, closer_size=(256, 112))


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
        (("seed = 3", 'looks = "few"'), "looks cannot be 'few'"),
        (("seed = 3", "closer_size = 112"), "closer_size cannot be 112"),
        (("seed = 3", "closer_size = [256]"), "closer_size must be a width and a height"),
        (("seed = 3", "closer_size = [256, 110]"), "multiples of 16 from 64 on, such as [256, 112], not [256, 110]"),
        (("seed = 3", "closer_size = [256, 48]"), "from 64 on"),
        (("seed = 3", 'closer_size = ["256", "112"]'), "closer_size must be a width and a height"),
        (("seed = 3", "closer_size = [96, 96]"), "that of the whole picture: leave it out"),
        (("seed = 3", "closer_size = [256, 112]\nlooks = 0.0"), "closer_size needs looks over 0"),
        (("seed = 3", "fold_share = 0.0"), "fold_share must be over 0"),
        (("seed = 3", "numeral_crops = -1"), "numeral_crops must be from 0 to 10000000, not -1"),
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
        pytest.param("a = " + "[" * 10_000, "not a TOML file", id="brackets"),
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


SHORT_RUN = Recipe(
    name="",
    currency="usd",
    stages=(Stage(1, 1e-3), Stage(4, 4e-4, "block_6_expand")),
    names={"en": {"one": "dollar", "other": "dollars"}},
    note_aspect=2.3636363636363638,
    size=0,
    detail=320,
    backbone="mobilenet_v2",
    alpha=0.0,
    closer_share=0.4,
    closer_margin=0.1,
    closer_repeats=1,
    images_per_epoch=4096,
    batch_size=32,
    folds=0,
    fold_share=0.12,
    patience=0,
    averaging=0.995,
    weight_decay=1e-4,
    label_smoothing=0.0,
    corners_weight=2.0,
    votes_weight=1.0,
    seed=1,
    mix=Mix(composites=0.53, photos=0.18, negative_photos=0.13, drawn=0.08, folded=0.04, classic=False),
)


@pytest.mark.parametrize(
    ("name", "size", "alpha"),
    [
        ("backbone-0.35-160", 160, 0.35),
        ("backbone-0.35-256", 256, 0.35),
        ("backbone-1.0-160", 160, 1.0),
        ("backbone-1.0-256", 256, 1.0),
    ],
)
def test_the_backbone_recipes_differ_in_width_and_input_size_only(name: str, size: int, alpha: float) -> None:
    """A run that was begun before they had a base goes on by them."""
    assert read_recipe(name) == replace(SHORT_RUN, name=name, size=size, alpha=alpha)


def test_a_recipe_takes_from_its_base_what_it_does_not_say(tmp_path: Path) -> None:
    base = read_recipe(write(tmp_path, GOOD.replace("seed = 3", 'seed = 3\nname = "theirs"')))
    (tmp_path / "other").mkdir()
    text = 'base = "../mine.toml"\nsize = 128\nlooks = 0.0\n[mix]\nphotos = 0.0'
    other = read_recipe(write(tmp_path / "other", text))
    mix = replace(base.mix, photos=0.0)
    assert other == replace(base, name="mine", size=128, closer_share=0.0, mix=mix), "its path is from its own folder"


def test_names_and_stages_take_the_place_of_the_bases_as_a_whole(tmp_path: Path) -> None:
    text = 'base = "usd"\nnames.de.other = "Dollar"\n[[stages]]\nepochs = 1\nlearning_rate = 0.1'
    assert read_recipe(write(tmp_path, text)) == replace(
        read_recipe("usd"), name="mine", names={"de": {"other": "Dollar"}}, stages=(Stage(1, 0.1),)
    )


def test_a_base_may_have_a_base(tmp_path: Path) -> None:
    (tmp_path / "lower.toml").write_text('base = "backbone-0.35-160"\nseed = 7')
    assert read_recipe(write(tmp_path, 'base = "lower.toml"\nseed = 8')) == replace(
        read_recipe("backbone-1.0-256"), name="mine", size=160, alpha=0.35, seed=8
    )


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ('"nowhere"', "mine.toml: there is no recipe nowhere to build on: give the path of a .toml file, or one of ba"),
        (f'"{"x" * 300}"', "mine.toml: there is no recipe xxx"),
        ('"nowhere.toml"', "mine.toml: there is no recipe nowhere.toml to build on"),
        ("3", "mine.toml: base cannot be 3."),
        ('"mine.toml"', "mine.toml: by base = 'mine.toml' the recipe builds on itself"),
        ('"ring.toml"', "ring.toml: by base = 'mine.toml' the recipe builds on itself"),
        ('"wrong.toml"', "wrong.toml: unknown setting 'sead'"),
    ],
)
def test_a_wrong_base_has_its_sentence(tmp_path: Path, base: str, said: str) -> None:
    (tmp_path / "ring.toml").write_text('base = "mine.toml"')
    (tmp_path / "wrong.toml").write_text(GOOD.replace("seed = 3", "sead = 3"))
    assert said in refused(write(tmp_path, f"base = {base}"))


def test_settings_keep_their_keys_whatever_the_fields_are_called() -> None:
    """In recipe files as in `bundle.json` and in the state of runs, in the order that they always had."""
    assert list(read_recipe("usd").as_dict()) == [
        *("name", "currency", "stages", "names", "note_aspect", "size", "detail", "backbone", "alpha", "looks"),
        *("margin", "closer_looks", "closer_size", "images_per_epoch", "batch_size", "folds", "fold_share"),
        *("numeral_crops", "patience", "averaging", "weight_decay", "label_smoothing", "corners_weight"),
        *("votes_weight", "seed", "mix"),
    ]
    assert read_recipe("usd").as_dict()["closer_size"] == (256, 112)
    assert "closer_size" not in read_recipe("eur").as_dict()
    assert "numeral_crops" not in read_recipe("eur").as_dict()
    assert list(read_recipe("eur").as_dict()["mix"]) == [
        *("composites", "photos", "negative_photos", "drawn", "folded", "classic")
    ]
    assert list(read_recipe("usd").as_dict()["mix"]) == [
        *("composites", "photos", "negative_photos", "drawn", "folded", "disagreeing", "made_up", "agreeing"),
        *("restyled", "other_portrait", "classic"),
    ]
    assert list(read_recipe("usd").as_dict()["stages"][0]) == ["epochs", "learning_rate", "unfreeze_from", "constant"]


def test_an_unknown_setting_is_answered_with_the_keys_there_are(tmp_path: Path) -> None:
    known = refused(write(tmp_path, GOOD.replace("seed = 3", "closer_share = 0.3"))).split("known are ")[1]
    assert {"base", "looks", "margin", "closer_looks"} <= set(known.rstrip(".").split(", "))
    assert "closer_share" not in known


@pytest.mark.parametrize("name", ["./usd", "sub/usd"])
def test_what_has_a_separator_is_no_recipe_of_the_package(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match="There is no recipe"):
        read_recipe(name)
