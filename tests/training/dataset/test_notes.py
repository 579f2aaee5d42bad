"""Notes cut flat out of pictures: straight, whole, and only where there is enough of them."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from currency_app.demo.notes import draw_note
from tests.support.drawn_data import likeness, photo, put_into, room, write_data
from training.dataset.manifest import read_data
from training.dataset.notes import NOTE_ASPECT, FlatNote, cut_note, cut_notes, flat_note

TWENTY = draw_note(20, "front", 400)


@pytest.mark.parametrize(
    "corners",
    [
        [[60, 60], [360, 60], [360, 187], [60, 187]],
        [[40, 90], [380, 40], [400, 210], [70, 200]],  # seen askew
        [[360, 187], [60, 187], [60, 60], [360, 60]],  # upside down
        [[300, 30], [300, 330], [173, 330], [173, 30]],  # upright on its side
        [[20, 40], [400, 60], [400, 140], [20, 160]],  # squeezed
    ],
)
def test_a_note_is_cut_out_straight(corners: list[list[float]]) -> None:
    polygon = np.array(corners, np.float32)
    cut = cut_note(put_into(room(1, 440, 360), TWENTY, polygon), polygon)
    assert cut is not None
    assert cut.shape[1] / cut.shape[0] == pytest.approx(NOTE_ASPECT, rel=0.02)
    assert cut[..., 3].min() == 255
    assert likeness(cut, TWENTY) > 0.85
    assert likeness(np.rot90(cut, 2), TWENTY) < 0.6
    assert likeness(cut, draw_note(5, "front", 400)) < likeness(cut, TWENTY) - 0.2


def test_what_the_photograph_does_not_show_is_transparent() -> None:
    polygon = np.array([[-90, 60], [270, 60], [270, 212], [-90, 212]], np.float32)
    cut = cut_note(put_into(room(1, 440, 360), TWENTY, polygon), polygon)
    assert cut is not None
    edge = cut.shape[1] // 4
    assert cut[:, : edge - 3, 3].max() == 0
    assert cut[:, edge + 3 :, 3].min() == 255


@pytest.mark.parametrize(
    "corners",
    [
        [[60, 60], [360, 187], [360, 60], [60, 187]],  # folded over
        [[60, 60], [360, 60], [100, 80], [60, 187]],  # one corner inside
        [[60, 60], [160, 60], [160, 100], [60, 100]],  # too small to be read
        [[-250, 60], [150, 60], [150, 229], [-250, 229]],  # more than half outside
        [[900, 900], [1300, 900], [1300, 1069], [900, 1069]],  # all outside
    ],
)
def test_what_is_no_readable_note_is_not_cut(corners: list[list[float]]) -> None:
    polygon = np.array(corners, np.float32)
    assert cut_note(room(1, 440, 360), polygon) is None


def test_a_flat_note_comes_in_halved_sizes() -> None:
    note = flat_note("usd_20_front", draw_note(20, "front", 1600))
    widths = [level.shape[1] for level in note.levels]
    assert widths[0] <= 900
    assert all(smaller == wider // 2 for wider, smaller in itertools.pairwise(widths))
    assert widths[-1] <= 96
    assert all(level.shape[2] == 4 and level[..., 3].min() == 255 for level in note.levels)
    assert all(likeness(level, note.levels[0]) > 0.8 for level in note.levels)


def test_a_small_scan_is_not_enlarged() -> None:
    assert flat_note("usd_20_front", TWENTY).levels[0].shape[1] == 400


@pytest.mark.parametrize(("wide", "expected"), [(1000, 400), (400, 400), (300, 400), (200, 200), (120, 200), (10, 50)])
def test_a_note_is_drawn_from_the_smallest_size_that_is_wide_enough(wide: float, expected: int) -> None:
    note = FlatNote("usd_20_front", flat_note("usd_20_front", TWENTY).levels)
    assert [level.shape[1] for level in note.levels] == [400, 200, 100, 50]
    assert note.level_for(wide).shape[1] == expected


def test_scans_and_photographs_with_corners_are_cut(tmp_path: Path) -> None:
    """Of four faces a scan and three photographs each; a photograph of two notes has no corners."""
    images = read_data(write_data(tmp_path))
    notes = cut_notes(images)
    assert sorted(note.class_name for note in notes) == sorted(
        f"usd_{value}_{side}" for value in (5, 20) for side in ("front", "back") for _ in range(4)
    )
    for note in notes:
        _, value, side = note.class_name.split("_")
        assert likeness(note.levels[0], draw_note(int(value), side, 300)) > 0.7


def test_a_photograph_and_its_corners_belong_together() -> None:
    picture, polygon = photo(20, "front", 3)
    cut = cut_note(picture, polygon)
    assert cut is not None
    assert likeness(cut, TWENTY) > 0.85
