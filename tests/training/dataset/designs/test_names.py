"""Names of designs: from a list of the currency's or of the data folder's, or as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.errors import DataError
from training.dataset.designs.names import LISTS, UNNAMED, DesignList, name_designs, read_design_list
from training.dataset.manifest import LabelledImage

ZED = """
not_known = ["old"]
[[designs]]
name = "birds"
values = [5, 20]
look = "a bird"
[[designs]]
name = "Fish of  2020"
"""


def note(series: str, name: str = "zed_5_front") -> LabelledImage:
    return LabelledImage(Path("a.png"), "photo", "me", name, "train", None, "single", series)


@pytest.fixture
def zed(tmp_path: Path) -> DesignList:
    (tmp_path / "designs_zed.toml").write_text(ZED)
    return read_design_list(tmp_path, "zed")


@pytest.mark.parametrize(
    ("series", "design"),
    [
        ("birds", "birds"),
        (" Birds ", "birds"),
        ("fish of 2020", "Fish of 2020"),
        ("", UNNAMED),
        ("Unknown", UNNAMED),
        ("OLD", UNNAMED),
        ("brids", UNNAMED),
    ],
)
def test_a_name_is_that_of_the_list(zed: DesignList, series: str, design: str) -> None:
    (named,) = name_designs([note(series)], "zed", zed)
    assert named.series == design


def test_a_slip_of_the_pen_is_not_in_the_list(zed: DesignList) -> None:
    assert not zed.is_listed("brids")
    assert all(map(zed.is_listed, ("birds", "", "old", "unknown", "FISH of 2020")))


def test_a_list_may_begin_with_a_byte_order_mark(zed: DesignList, tmp_path: Path) -> None:
    (tmp_path / "designs_zed.toml").write_text(ZED, encoding="utf-8-sig")
    assert read_design_list(tmp_path, "zed") == zed


def test_notes_of_other_currencies_keep_their_words(zed: DesignList) -> None:
    (named,) = name_designs([note("brids", "usd_5_front")], "zed", zed)
    assert named.series == "brids"


def test_without_a_list_every_name_counts(tmp_path: Path) -> None:
    free = read_design_list(tmp_path, "zed")
    assert [image.series for image in name_designs([note("the  new one"), note("unknown")], "zed", free)] == [
        "the new one",
        UNNAMED,
    ]
    assert free.is_listed("anything")


def test_the_oldest_comes_first_and_what_nobody_named_last(zed: DesignList) -> None:
    assert zed.ordered(["", "other", "Fish of 2020", "birds", "birds"]) == ["birds", "Fish of 2020", "other", ""]


def test_a_data_folder_has_its_own_word(tmp_path: Path) -> None:
    """Its list is taken in place of the package's."""
    assert read_design_list(tmp_path, "usd").designs[0].name == "pre-1996 small head"
    (tmp_path / "designs_usd.toml").write_text('[[designs]]\nname = "mine"\n')
    assert [design.name for design in read_design_list(tmp_path, "usd").designs] == ["mine"]


@pytest.mark.parametrize("path", sorted(LISTS.glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_lists_say_everything(path: Path, tmp_path: Path) -> None:
    listed = read_design_list(tmp_path, path.stem)
    assert listed.path == path
    assert all(design.values and design.look for design in listed.designs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[designs", "is not a TOML file"),
        pytest.param("designs = " + "[" * 10_000, "is not a TOML file", id="brackets"),
        ("", "must hold"),
        ('designs = "a"', "must hold"),
        ('unkown = ["a"]\n[[designs]]\nname = "a"', "must hold"),
        ("not_known = [1]\n[[designs]]\nname = 'a'", "must hold"),
        ("[[designs]]\nvalues = [1]", "needs a name"),
        ("[[designs]]\nname = ' '", "needs a name"),
        ("[[designs]]\nname = 'a'\nvalue = [1]", "needs a name"),
        ("[[designs]]\nname = 'a'\nvalues = ['1']", "whole numbers"),
        ("[[designs]]\nname = 5", "are texts"),
        ("[[designs]]\nname = 'a'\n[[designs]]\nname = ' A'", "the name 'a' twice"),
    ],
)
def test_a_wrong_list_is_told_in_one_sentence(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "designs_zed.toml").write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        read_design_list(tmp_path, "zed")
    assert "designs_zed.toml" in str(caught.value)
    assert "\n" not in str(caught.value)
