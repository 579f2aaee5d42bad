"""Which images a network is trained without: all of a source, or near copies together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.images import read_image
from tests.support.drawn_data import photo, room, save
from training.dataset.manifest import LabelledImage
from training.fitting import folds as folds_module
from training.fitting.folds import held_out, measurable_of


def image(path: str, name: str, source: str, kind: str = "photo", split: str = "train") -> LabelledImage:
    return LabelledImage(Path(path), kind, source, name, split, None, "single" if kind == "photo" else "")


SOURCES = [
    image(f"{source}/{name}{number}", name, source)
    for source, count in (("a", 6), ("b", 4), ("c", 4), ("d", 2), ("e", 2))
    for name in ("usd_5_front", "usd_20_front")
    for number in range(count // 2)
]
"""Five sources, none with more than half of a class. Their files are not there."""
OTHERS = [image(f"{split}/x", "usd_5_front", "a", split=split) for split in ("val", "test", "test_web")]
ROOMS = [image(f"{source}/{n}", "background", source, "background") for source in ("r", "s", "t") for n in range(3)]


def paths_of(images: Sequence[LabelledImage], source: str) -> set[Path]:
    return {item.path for item in images if item.source == source and item.split == "train"}


def check_parts(parts: Sequence[frozenset[Path]], images: Sequence[LabelledImage]) -> None:
    """Every training image is in one part, and nothing else in any."""
    assert sorted(path for part in parts for path in part) == sorted({i.path for i in images if i.split == "train"})


@pytest.mark.parametrize("count", [2, 3])
def test_sources_are_left_out_whole(count: int) -> None:
    images = SOURCES + OTHERS + ROOMS
    parts = held_out(images, count)
    assert len(parts) == count
    check_parts(parts, images)
    for source in "abcdrst":
        assert [paths_of(images, source) <= part for part in parts].count(True) == 1
    sizes = [len(part) for part in parts]
    assert max(sizes) - min(sizes) <= 3, "parts are about as large as each other"
    assert held_out(images, count) == parts


def test_an_image_of_several_notes_is_in_one_part() -> None:
    two = [image("a/two", name, "a") for name in ("usd_5_front", "usd_20_front")]
    check_parts(held_out(SOURCES + two, 2), SOURCES + two)


@pytest.fixture(scope="module")
def fifties(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    """One source has all there is of a value: six pictures, and a copy of one of them, a little brighter."""
    folder = tmp_path_factory.mktemp("fifties")
    made = []
    for seed in range(6):
        path = save(folder / f"{seed}.png", photo(50, "front", seed)[0])
        made.append(image(str(path), "usd_50_front", "only"))
    copy = np.clip(cv2.resize(photo(50, "front", 2)[0], (120, 90)).astype(int) + 2, 0, 255).astype(np.uint8)
    return [*made, image(str(save(folder / "copy.png", copy)), "usd_50_front", "only")]


def test_an_indispensable_source_is_divided_with_near_copies_together(fifties: list[LabelledImage]) -> None:
    images = [*SOURCES, *fifties]
    parts = held_out(images, 2)
    check_parts(parts, images)
    here = [part & paths_of(images, "only") for part in parts]
    assert sorted(len(part) for part in here) == [3, 4], "each network has about half of them to learn from"
    (with_copy,) = [part for part in here if fifties[6].path in part]
    assert fifties[2].path in with_copy
    for source in "abcde":
        assert [paths_of(images, source) <= part for part in parts].count(True) == 1, "others stay whole"


def test_without_any_part_there_is_still_every_class(fifties: list[LabelledImage]) -> None:
    images = [*SOURCES, *fifties, *ROOMS]
    for part in held_out(images, 3):
        left = [item.class_name for item in images if item.path not in part]
        assert set(left) == {"usd_5_front", "usd_20_front", "usd_50_front", "background"}


def test_the_only_source_of_rooms_is_divided(tmp_path: Path) -> None:
    """Without rooms nothing can be learnt."""
    rooms = [
        image(str(save(tmp_path / f"{seed}.png", room(seed))), "background", "r", "background") for seed in range(4)
    ]
    parts = held_out(SOURCES + rooms, 2)
    check_parts(parts, SOURCES + rooms)
    assert [len(part & paths_of(rooms, "r")) for part in parts] == [2, 2]


def test_scans_without_which_a_value_could_not_be_learnt_are_left_out_of_none() -> None:
    """Nothing is measured on them. Those of a source that can be done without are left out with it, as ever."""
    needed = [image(f"s/{side}", f"usd_50_{side}", "s", "scan") for side in ("front", "back")]
    spare = [image("z/5", "usd_5_front", "z", "scan")]
    parts = held_out([*SOURCES, *needed, *spare], 2)
    check_parts(parts, [*SOURCES, *spare])


def test_only_divided_sources_are_read(fifties: list[LabelledImage], monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []

    def spy(path: Path) -> np.ndarray:
        read.append(path)
        return read_image(path)

    monkeypatch.setattr(folds_module, "read_image", spy)
    held_out([*SOURCES, *fifties], 2)
    assert sorted(read) == sorted(item.path for item in fifties)


def test_photographs_of_one_note_or_none_are_calibrated_on() -> None:
    """As a camera gives them: a flat scan is none."""
    images = [
        image("photo", "usd_5_front", "a"),
        image("scan", "usd_5_front", "a", "scan"),
        image("room", "background", "a", "background"),
        image("abroad", "xyz_5_front", "a", "other_currency"),
        LabelledImage(Path("several"), "photo", "a", "usd_5_front", "train", None, "multi"),
        image("elsewhere", "usd_5_front", "b"),
    ]
    part = frozenset(item.path for item in images if item.source == "a")
    assert [item.path.name for item in measurable_of(images, part)] == ["photo", "room", "abroad"]
