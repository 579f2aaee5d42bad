"""How many images show each design, and which are too few to be learnt."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from currency_app.errors import BundleError
from training.dataset.designs.counts import (
    MIN_KNOWN,
    DesignCount,
    count_designs,
    counts_from_json,
    images_by_design,
    missing_designs,
    missing_in_words,
)
from training.dataset.designs.names import Design, DesignList
from training.dataset.manifest import LabelledImage

LISTED = DesignList(Path("usd.toml"), (Design("old", (5, 20)), Design("new", (5,)), Design("somewhere")))


def images(
    name: str, design: str, count: int, split: str = "train", source: str = "me", notes: str = "single"
) -> list[LabelledImage]:
    paths = [Path(f"{name} {design} {split} {source} {number}.png") for number in range(count)]
    return [LabelledImage(path, "photo", source, name, split, None, notes, design) for path in paths]


def test_images_are_counted_by_face_and_design() -> None:
    rows = [
        *images("usd_20_front", "old", 2),
        *images("usd_5_back", "old", 2),
        *images("usd_5_front", "new", 3),
        *images("usd_5_front", "new", 4, source="you"),
        *images("usd_5_front", "", 1),
        *images("usd_5", "new", 1),
        *images("usd_5_front", "new", 9, split="val"),
        *images("background", "", 5),
        *images("eur_5_front", "old", 5),
    ]
    assert count_designs(rows, "usd") == [
        DesignCount(5, "front", "", 1, 1),
        DesignCount(5, "front", "new", 7, 2),
        DesignCount(5, "back", "old", 2, 1),
        DesignCount(5, None, "new", 1, 1),
        DesignCount(20, "front", "old", 2, 1),
    ]


def test_an_image_of_three_notes_is_one() -> None:
    assert count_designs(images("usd_5_front", "new", 1, notes="multi") * 3, "usd") == [
        DesignCount(5, "front", "new", 1, 1)
    ]


def test_a_bundle_keeps_them() -> None:
    counts = count_designs([*images("usd_5_front", "new", 3), *images("usd_5", "", 1)], "usd")
    kept = json.loads(json.dumps([count.as_json() for count in counts]))
    assert kept[1] == {"value": 5, "side": None, "design": None, "images": 1, "sources": 1}
    assert counts_from_json(kept) == counts
    assert counts_from_json(None) == []


@pytest.mark.parametrize("garbled", [5, "designs", [5], [{"value": 5}], [{"value": "five", "design": None}]])
def test_a_garbled_entry_is_told_in_one_sentence(garbled: Any) -> None:
    with pytest.raises(BundleError, match="copy it again"):
        counts_from_json(garbled)


def test_both_sides_count_for_a_design() -> None:
    counts = count_designs([*images("usd_5_front", "new", 3), *images("usd_5_back", "new", 2)], "usd")
    assert images_by_design(counts) == {(5, "new"): 5}


def test_a_design_of_few_images_is_missing() -> None:
    counts = count_designs(
        [*images("usd_5_front", "new", MIN_KNOWN), *images("usd_5_front", "old", MIN_KNOWN - 1)], "usd"
    )
    assert missing_designs(counts, LISTED, (20, 5)) == [(5, "old", MIN_KNOWN - 1), (20, "old", 0)]


def test_missing_designs_in_words() -> None:
    missing = [(5, "old", 7), (20, "old", 1), (20, "new", 0)]
    assert missing_in_words(missing) == "5 old (7 images), 20 old (1 image), 20 new (no image)"


def test_nothing_is_missing_if_nobody_named_designs() -> None:
    assert missing_designs(count_designs(images("usd_5_front", "", 100), "usd"), LISTED, (5, 20)) == []


def test_values_that_are_not_learnt_are_not_missing() -> None:
    assert missing_designs(count_designs(images("usd_5_front", "new", 8), "usd"), LISTED, (20,)) == [(20, "old", 0)]
