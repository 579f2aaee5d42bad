"""Accuracy by design, and what a bundle says that it has learnt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from currency_app.identify import Identified
from tests.support.observations import BUNDLE, nothing, seen
from training.dataset.manifest import LabelledImage
from training.measuring.by_design import (
    AllDesignFigures,
    DesignFigures,
    LearntDesigns,
    figures_by_design,
    learnt_designs,
)
from training.measuring.identified import IdentifiedImage

DESIGNS = [
    {"value": 20, "side": "front", "design": "1996 big head", "images": 7, "sources": 2},
    {"value": 20, "side": "back", "design": "1996 big head", "images": 2, "sources": 1},
    {"value": 20, "side": "front", "design": None, "images": 5, "sources": 1},
    {"value": 5, "side": "front", "design": "2004-2013 colour", "images": 1, "sources": 1},
]
"""As bundle.json keeps them."""


def item(value: int | None, *, spoken: bool, series: str = "1996 big head", true: int = 20) -> IdentifiedImage:
    image = LabelledImage(Path("a.png"), "photo", "me", f"usd_{true}_front", "test", None, "single", series)
    observation = nothing(0) if value is None else seen(0, {value: 0.99})
    return IdentifiedImage(image, Identified(observation, spoken, None), (200, 100))


ITEMS = [
    item(20, spoken=True),
    item(20, spoken=False),
    item(5, spoken=True),
    item(None, spoken=False, series=""),
    item(20, spoken=True, series="pre-1996 small head"),
    item(5, spoken=True, true=5, series="2004-2013 colour"),
]


def test_a_bundle_says_what_it_has_learnt(tmp_path: Path) -> None:
    learnt = learnt_designs(replace(BUNDLE, raw={**BUNDLE.raw, "designs": DESIGNS}), tmp_path)
    assert learnt.images == {(20, "1996 big head"): 9, (20, ""): 5, (5, "2004-2013 colour"): 1}
    missing = {(value, design): images for value, design, images in learnt.missing}
    assert missing[20, "pre-1996 small head"] == 0
    assert missing[5, "2004-2013 colour"] == 1
    assert (20, "1996 big head") not in missing


def test_older_bundles_do_not_say_it(tmp_path: Path) -> None:
    raw = {key: value for key, value in BUNDLE.raw.items() if key != "designs"}
    learnt = learnt_designs(replace(BUNDLE, raw=raw), tmp_path)
    assert (learnt.images, learnt.missing) == ({}, ())
    assert not any("learnt" in line for line in figures_by_design(ITEMS, "usd", learnt).as_lines())


def test_notes_are_grouped_by_value_and_design(tmp_path: Path) -> None:
    """The oldest design first, and last what nobody has named."""
    learnt = learnt_designs(replace(BUNDLE, raw={**BUNDLE.raw, "designs": DESIGNS}), tmp_path)
    assert figures_by_design(ITEMS, "usd", learnt).measured == (
        DesignFigures(5, "2004-2013 colour", 1, 1, 1, 0),
        DesignFigures(20, "pre-1996 small head", 1, 1, 1, 0),
        DesignFigures(20, "1996 big head", 3, 2, 2, 1),
        DesignFigures(20, "", 1, 0, 0, 0),
    )


def test_programs_are_told_from_how_many_images_a_design_was_learnt() -> None:
    learnt = LearntDesigns(images={(20, "1996 big head"): 9}, missing=((5, "2004-2013 colour", 0),))
    found = figures_by_design(ITEMS, "usd", learnt).as_json()
    assert found["designs"][1] == {
        "value": 20, "design": "1996 big head", "n": 3, "right": 2, "given": 2, "wrong_given": 1, "learnt_from": 9,
    }  # fmt: skip
    assert found["designs"][-1]["design"] is None
    assert found["designs_not_learnt"] == [{"value": 5, "design": "2004-2013 colour", "learnt_from": 0}]


def test_people_get_a_line_a_design_and_what_was_not_learnt() -> None:
    learnt = LearntDesigns(images={(20, "1996 big head"): 1}, missing=((5, "2004-2013 colour", 0),))
    lines = list(figures_by_design(ITEMS, "usd", learnt).as_lines())
    (big,) = (line for line in lines if line.startswith("20 1996 big head"))
    assert big.split()[4:6] == ["3", "66.7%"]
    assert big.endswith("  1 image")
    assert lines[-1] == "designs that were not learnt: 5 2004-2013 colour (no image)"


def test_nothing_is_said_where_no_design_is_named() -> None:
    unnamed = figures_by_design([item(20, spoken=True, series="")], "usd")
    assert (list(unnamed.as_lines()), unnamed.as_json()) == ([], {})
    assert (list(AllDesignFigures().as_lines()), AllDesignFigures().as_json()) == ([], {})
