"""Training pictures of the network for numerals: what they are labelled with, and that each kind is made."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.demo.notes import draw_note
from training.dataset.manifest import LabelledImage
from training.synthesis.numerals import CROP, CropSampler, WindowedNote, outputs_of, windowed_notes
from training.synthesis.numerals.faces import faces, printed_number
from training.synthesis.numerals.windows import corner_window

VALUES = (5, 20)
ASPECT = 156 / 66


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> list[WindowedNote]:
    folder, rows = tmp_path_factory.mktemp("scans"), []
    for value in VALUES:
        path = folder / f"{value}.png"
        cv2.imwrite(str(path), draw_note(value, "front", seed=1))
        rows.append((LabelledImage(path, "scan", "made", f"usd_{value}_front", "train", None, ""), value))
    return windowed_notes(rows, ASPECT)


def test_every_kind_of_corner_is_made_and_has_an_output(notes: list[WindowedNote]) -> None:
    room = np.random.default_rng(0).integers(0, 255, (90, 120), np.uint8)
    sampler, rng = CropSampler(VALUES, notes, [room], ASPECT), np.random.default_rng(3)
    made = [sampler.sample(rng) for _ in range(200)]
    assert {one.crop.shape for one in made} == {CROP[::-1]}
    assert {one.kind for one in made} == {"real", "exchanged", "printed over", "drawn", "nothing"}
    assert {one.output for one in made} == set(range(len(outputs_of(VALUES))))
    nothing = len(VALUES) + 1
    assert all(one.output == nothing for one in made if one.kind == "nothing")


def test_the_same_seed_makes_the_same_corners(notes: list[WindowedNote]) -> None:
    sampler = CropSampler(VALUES, notes, [], ASPECT)
    first, second = ([sampler.sample(rng).crop for _ in range(5)] for rng in map(np.random.default_rng, (7, 7)))
    assert all((one == other).all() for one, other in zip(first, second, strict=True))


def test_a_photograph_that_shows_a_note_too_small_or_nowhere_gives_none(tmp_path: Path) -> None:
    path = tmp_path / "far.png"
    cv2.imwrite(str(path), np.zeros((60, 100, 3), np.uint8))
    small = np.array([[10, 10], [90, 10], [90, 44], [10, 44]], np.float32)
    rows = [
        (LabelledImage(path, "photo", "made", "usd_5_front", "train", corners, "single"), 5)
        for corners in (small, None)
    ]
    assert windowed_notes(rows, ASPECT) == []


def test_a_corner_is_cut_where_it_lies() -> None:
    height = round(400 / ASPECT)
    picture = np.zeros((round(height * 1.24), round(400 * 1.24)), np.uint8)
    picture[: picture.shape[0] // 2, picture.shape[1] // 2 :] = 200  # the top right quarter and what is around it
    note = WindowedNote(5, ("usd_5_front", ""), picture, np.full_like(picture, 255), (400.0, float(height)))
    levels = [corner_window(np.random.default_rng(1), note, place, ASPECT)[0].mean() for place in range(4)]
    assert levels == pytest.approx([0, 200, 0, 0])


def test_numerals_come_in_several_faces() -> None:
    assert len(faces()) >= 5
    mask = printed_number(np.random.default_rng(0), "20")
    assert mask.max() == 255
    assert mask.shape[1] > mask.shape[0] * 0.7
