"""Notes found in photographs by scans of them: side and corners, or nothing."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.arrays import Corners
from currency_app.demo.notes import draw_note
from currency_app.errors import DataError
from currency_app.recognition.corners import convex_iou
from tests.support.drawn_data import photo, put_into, room, save, write_data
from training.commands.cli import main
from training.dataset.locate import locate
from training.dataset.manifest import LabelledImage, read_data

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    """One flat picture of each face of two values."""
    folder = tmp_path_factory.mktemp("scans")
    return [
        LabelledImage(
            save(folder / f"{name}.png", draw_note(value, side, 400, 50)), "scan", "me", name, "train", None, ""
        )
        for value in (5, 20)
        for side in ("front", "back")
        for name in [f"usd_{value}_{side}"]
    ]


def shown(folder: Path, value: int, side: str, name: str, seed: int = 1) -> tuple[LabelledImage, Corners]:
    """A photograph of a drawn note under some class name, and where its corners are."""
    picture, corners = photo(value, side, seed)
    path = save(folder / f"{name}-{value}{side}{seed}.png", picture)
    return LabelledImage(path, "photo", "you", name, "train", None, "single"), corners


@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("value", [5, 20])
def test_side_and_corners_are_found(tmp_path: Path, scans: list[LabelledImage], value: int, side: str) -> None:
    for seed in (1, 2):
        image, corners = shown(tmp_path, value, side, f"usd_{value}", seed)
        *_, found = locate([*scans, image], "usd", iter)
        assert found.class_name == f"usd_{value}_{side}"
        assert found.polygon is not None
        assert convex_iou(found.polygon, corners) > 0.9
        assert np.abs(found.polygon - corners).max() < 12, "the note's own top-left is the first"


def test_a_note_upside_down_has_its_own_corners_in_order(tmp_path: Path, scans: list[LabelledImage]) -> None:
    picture, corners = photo(20, "front", 4)
    turned = save(tmp_path / "turned.png", np.asarray(cv2.rotate(picture, cv2.ROTATE_180), np.uint8))
    image = LabelledImage(turned, "photo", "you", "usd_20", "train", None, "single")
    *_, found = locate([*scans, image], "usd", iter)
    assert found.polygon is not None
    expected = np.array(picture.shape[1::-1]) - corners
    assert np.abs(found.polygon - expected).max() < 12


def test_a_side_that_is_told_is_kept(tmp_path: Path, scans: list[LabelledImage]) -> None:
    """Also where the photograph shows the other one: then the corners are not found."""
    right, corners = shown(tmp_path, 20, "back", "usd_20_back")
    wrong, _ = shown(tmp_path, 20, "back", "usd_20_front")
    *_, one, other = locate([*scans, right, wrong], "usd", iter)
    assert one.polygon is not None
    assert convex_iou(one.polygon, corners) > 0.9
    assert (other.class_name, other.polygon) == ("usd_20_front", None)


def test_what_cannot_be_found_stays_as_it_was(tmp_path: Path, scans: list[LabelledImage]) -> None:
    unknown_value, _ = shown(tmp_path, 20, "front", "usd_50")
    blank = LabelledImage(save(tmp_path / "b.png", np.full((90, 120, 3), 128, np.uint8)), "photo", "you", "usd_5",
                          "train", None, "single")  # fmt: skip
    empty = LabelledImage(save(tmp_path / "r.png", room(3)), "background", "you", "background", "train", None, "")
    several = replace(shown(tmp_path, 20, "front", "usd_20", 3)[0], notes_in_image="mixed")
    known = replace(shown(tmp_path, 20, "front", "usd_20", 4)[0], polygon=np.zeros((4, 2), np.float32))
    rows = [*scans, unknown_value, blank, empty, several, known]
    assert locate(rows, "usd", iter) == rows


def test_two_notes_of_other_values_do_not_confuse(tmp_path: Path, scans: list[LabelledImage]) -> None:
    left = np.array([[10, 20], [150, 20], [150, 80], [10, 80]], np.float32)
    picture = put_into(room(9, 320, 240), draw_note(5, "front", 300, 2), left)
    right = np.array([[120, 120], [310, 120], [310, 201], [120, 201]], np.float32)
    picture = put_into(picture, draw_note(20, "back", 300, 2), right)
    path = save(tmp_path / "two.png", picture)
    *_, found = locate([*scans, LabelledImage(path, "photo", "me", "usd_20", "train", None, "single")], "usd", iter)
    assert found.class_name == "usd_20_back"
    assert found.polygon is not None
    assert convex_iou(found.polygon, right) > 0.85


def test_without_a_scan_it_says_what_to_add(tmp_path: Path) -> None:
    image, _ = shown(tmp_path, 20, "front", "usd_20")
    with pytest.raises(DataError, match=r"no scan of usd whose side is told: add a flat picture of each face"):
        locate([image], "usd", iter)


def test_the_command_writes_labels_that_every_other_command_takes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Paths stay relative to the data folder, wherever the labels are."""
    folder = write_data(tmp_path / "data")
    lines = list(csv.DictReader((folder / "manifest.csv").read_text(encoding="utf-8").splitlines()))
    for line in lines:
        if line["kind"] == "photo" and line["notes_in_image"] == "single":
            line["polygon"], line["class"] = "", line["class"].rpartition("_")[0]
    (tmp_path / "labels").mkdir()
    bare = tmp_path / "labels" / "bare.csv"
    with bare.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, lines[0])
        writer.writeheader()
        writer.writerows(lines)
    target = tmp_path / "labels" / "found.csv"
    given = ["locate", "--data", str(folder), "--manifest", str(bare), "--currency", "usd", "--out", str(target)]
    assert main(given) == 0
    assert "Corners are known in 12 of 14 photographs." in capsys.readouterr().out
    truth, found = read_data(folder), read_data(folder, target)
    assert [image.path for image in found] == [image.path for image in truth]
    for one, other in zip(found, truth, strict=True):
        assert (one.class_name, one.split, one.source) == (other.class_name, other.split, other.source)
        if other.polygon is not None:
            assert one.polygon is not None
            assert convex_iou(one.polygon, other.polygon) > 0.9


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--out", "nowhere/found.csv"], "There is no folder nowhere for the table"),
        (["--out", "photo.png"], "is not the name of a table: give one that ends in .csv"),
        (["--out", "data/manifest.csv"], "is a table that is read, whose other columns would be lost"),
        (["--manifest", "nowhere.csv", "--out", "found.csv"], "no manifest nowhere.csv"),
    ],
)
def test_what_cannot_be_read_or_written_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    folder = write_data(tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    assert main(["locate", "--data", str(folder), "--currency", "usd", *arguments]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not (tmp_path / "found.csv").exists()


def test_real_notes_are_found_where_their_labels_say(data_dir: Path) -> None:
    """Webcam frames of dollars by one clean scan or two of each face: all are found, and lie as they were labelled."""
    rows = read_data(data_dir)
    scans = [row for row in rows if row.kind == "scan" and row.source in ("magickettle", "zaarafa", "sirapple")]
    known = [row for row in rows if row.source == "zelects" and row.polygon is not None][::3]
    assert known
    found = locate([*scans, *(replace(row, polygon=None) for row in known)], "usd", iter)[len(scans) :]
    overlaps = []
    for one, other in zip(found, known, strict=True):
        assert one.polygon is not None and other.polygon is not None, one.path.name
        overlaps.append(convex_iou(one.polygon, other.polygon))
    assert np.median(overlaps) > 0.95
    assert min(overlaps) > 0.7
