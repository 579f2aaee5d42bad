"""The sheet of samples to look at before training on them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.errors import DataError
from tests.support.drawn_data import write_data
from training.dataset.manifest import LabelledImage, read_data
from training.fitting.preview import write_preview
from training.recipe import Recipe, Stage
from training.synthesis.sampler import Mix

RED, GREEN = (0, 0, 255), (0, 255, 0)
RECIPE = Recipe(
    name="tiny",
    currency="usd",
    stages=(Stage(1, 1e-3),),
    size=64,
    detail=96,
    mix=Mix(composites=1.0, photos=0, negative_photos=0, folded=0),
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    return read_data(write_data(tmp_path_factory.mktemp("data")))


@pytest.mark.parametrize(("count", "rows", "columns"), [(1, 1, 1), (5, 1, 5), (8, 1, 8), (9, 2, 8), (17, 3, 8)])
def test_a_sheet_has_a_tile_for_each_sample(
    tmp_path: Path, images: list[LabelledImage], count: int, rows: int, columns: int
) -> None:
    write_preview(tmp_path / "sheet.png", RECIPE, images, count)
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None
    assert sheet.shape == (rows * 96, columns * 96, 3)
    tiles = sheet.reshape(rows, 96, columns, 96, 3).swapaxes(1, 2).reshape(-1, 96, 96, 3)
    shown = [tile.max() > 0 for tile in tiles]
    assert shown == [True] * count + [False] * (rows * columns - count)


def test_corners_are_drawn_in(tmp_path: Path, images: list[LabelledImage]) -> None:
    write_preview(tmp_path / "sheet.png", RECIPE, images, 8)
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None
    far_from = {
        name: np.abs(sheet.astype(int) - colour).max(axis=2) for name, colour in (("red", RED), ("green", GREEN))
    }
    tiles = range(0, sheet.shape[1], 96)
    assert sum(far_from["green"][:, x : x + 96].min() < 20 for x in tiles) >= 7, "the outline"
    assert sum(far_from["red"][:, x : x + 96].min() == 0 for x in tiles) >= 3, "the first corner, where in view"


def test_closer_looks_keep_their_shape(tmp_path: Path, images: list[LabelledImage]) -> None:
    recipe = replace(RECIPE, closer_size=(128, 64), closer_share=0.5)
    write_preview(tmp_path / "sheet.png", recipe, images, 4)
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None
    text_from = 96 - 18  # where the class is written
    assert sheet[48:text_from, :192].any(), "whole pictures"
    assert sheet[:48, 192:].any()
    assert not sheet[48:text_from, 192:].any()


def test_the_same_recipe_gives_the_same_sheet(tmp_path: Path, images: list[LabelledImage]) -> None:
    for name in ("a.png", "b.png"):
        write_preview(tmp_path / name, RECIPE, images, 3)
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, images: list[LabelledImage]) -> None:
    for target in (tmp_path / "none" / "sheet.png", tmp_path):
        with pytest.raises(DataError, match=r"cannot be written: choose another place\.$"):
            write_preview(target, RECIPE, images, 1)
