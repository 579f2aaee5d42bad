"""Data folders: what is read of a manifest and of class folders, and the sentence for each mistake."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from currency_app.errors import DataError
from tests.support.drawn_data import COLUMNS, room, save, write_class_folders, write_data, write_manifest
from training.commands.cli import main
from training.dataset.manifest import LabelledImage, find_data, of_split, one_row_per_image, read_data
from training.dataset.manifest import write_manifest as write_rows


def refused(folder: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_data(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("what", ["a folder", "a link to nothing", "a pipe"])
@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there, and there are no pipes")
def test_a_manifest_that_is_no_file_is_not_passed_over(tmp_path: Path, what: str) -> None:
    write_class_folders(tmp_path)
    manifest = tmp_path / "manifest.csv"
    if what == "a folder":
        manifest.mkdir()
    elif what == "a pipe":
        os.mkfifo(manifest)
    else:
        manifest.symlink_to("nowhere.csv")
    assert refused(tmp_path) == f"{manifest} is no file that can be read: replace or remove it."


ROW = {"path": "a.png", "kind": "photo", "source": "me", "class": "usd_5_front", "split": "train"}


def test_a_row_is_read_as_it_stands(tmp_path: Path) -> None:
    polygon = "10,20 110.5,22 108,-60 9,61"
    write_manifest(tmp_path, [{**ROW, "polygon": polygon, "notes_in_image": "single"}, {**ROW, "class": "chair"}])
    first, second = read_data(tmp_path)
    assert first.path == tmp_path / "a.png"
    assert (first.kind, first.source, first.class_name, first.split) == ("photo", "me", "usd_5_front", "train")
    assert first.notes_in_image == "single"
    assert first.polygon is not None
    assert first.polygon.tolist() == [[10, 20], [110.5, 22], [108, -60], [9, 61]]
    assert (second.polygon, second.notes_in_image, second.class_name) == (None, "", "chair")


def test_a_design_is_read_where_the_manifest_tells_it(tmp_path: Path) -> None:
    manifest = write_manifest(tmp_path, [{**ROW, "series": "big head"}, ROW]) / "manifest.csv"
    assert [image.series for image in read_data(tmp_path)] == ["big head", ""]
    manifest.write_text("path,kind,source,class,split,polygon,notes_in_image\na.png,photo,me,usd_5_front,train,,\n")
    assert [image.series for image in read_data(tmp_path)] == [""]


def test_a_manifest_is_read_once_as_long_as_it_does_not_change(tmp_path: Path) -> None:
    write_manifest(tmp_path, [ROW])
    (first,) = rows = read_data(tmp_path)
    rows.clear()
    (again,) = read_data(tmp_path)
    assert again is first
    write_manifest(tmp_path, [ROW, ROW])
    assert len(read_data(tmp_path)) == 2
    (again,) = read_data(tmp_path, write_manifest(tmp_path / "other", [ROW]) / "manifest.csv")
    assert again.path == first.path


@pytest.mark.parametrize("column", ["path", "kind", "source", "class", "split", "polygon", "notes_in_image"])
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    kept = [name for name in COLUMNS if name != column]
    (tmp_path / "manifest.csv").write_text(",".join(kept) + "\n" + ",".join("x" for _ in kept) + "\n")
    assert f"no column {column!r}" in refused(tmp_path)


@pytest.mark.parametrize("polygon", ["1,2", "1,2 3,4 5,6", "1,2 3,4 5,6 7", "a,b c,d e,f g,h", "1 2 3 4", "x"])
def test_a_polygon_that_is_not_four_corners_is_told_with_its_line(tmp_path: Path, polygon: str) -> None:
    write_manifest(tmp_path, [ROW, ROW, {**ROW, "polygon": polygon}])
    message = refused(tmp_path)
    assert "line 4" in message
    assert repr(polygon) in message


def test_corners_that_are_no_numbers_are_told(tmp_path: Path) -> None:
    write_manifest(tmp_path, [{**ROW, "polygon": "nan,1 2,3 4,5 6,inf"}])
    assert "line 2" in refused(tmp_path)
    write_manifest(tmp_path, [{**ROW, "polygon": "0,0 1e30,0 1e30,1e30 0,1e30"}])
    assert "not four corners" in refused(tmp_path), "no picture is so large"


@pytest.mark.parametrize("column", ["path", "kind", "source", "class", "split"])
def test_an_empty_field_is_told_with_its_line(tmp_path: Path, column: str) -> None:
    write_manifest(tmp_path, [ROW, {**ROW, column: ""}])
    assert f"line 3: there is no {column}" in refused(tmp_path)


def test_a_row_that_is_cut_off_is_told_with_its_line(tmp_path: Path) -> None:
    write_manifest(tmp_path, [ROW])
    with (tmp_path / "manifest.csv").open("a") as stream:
        stream.write("b.png,photo\n")
    assert "line 3" in refused(tmp_path)


@pytest.mark.parametrize("content", [b"\xff\xfep\x00a", b"path,kind\n\xe9\xe8,photo\n"])
def test_a_manifest_of_another_encoding_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.csv").write_bytes(content)
    assert "UTF-8" in refused(tmp_path)


@pytest.mark.parametrize("manifest", [None, "", ",".join(COLUMNS) + "\n"])
def test_a_folder_without_images_is_told(tmp_path: Path, manifest: str | None) -> None:
    if manifest is not None:
        (tmp_path / "manifest.csv").write_text(manifest)
    refused(tmp_path)


def test_class_folders_are_labelled_by_their_names(tmp_path: Path) -> None:
    images = read_data(write_class_folders(tmp_path / "mine"))
    assert Counter(image.class_name for image in images) == {"usd_5_front": 10, "usd_20_front": 10, "background": 10}
    by_class = {image.class_name: image for image in images}
    assert (by_class["background"].kind, by_class["background"].notes_in_image) == ("background", "")
    assert (by_class["usd_5_front"].kind, by_class["usd_5_front"].notes_in_image) == ("photo", "single")
    assert {image.source for image in images} == {"mine"}
    assert all(image.path.is_file() for image in images)


@pytest.mark.parametrize("separator", ["-", "_"])
@pytest.mark.parametrize("takes", [1, 4, 5, 9, 10, 23])
def test_takes_never_straddle_training_and_validation(tmp_path: Path, takes: int, separator: str) -> None:
    """Frames of one take look alike: on both sides they would make the figures too good."""
    for take in range(takes):
        for frame in range(3):
            save(tmp_path / "usd_5_front" / f"kitchen-{take}{separator}{frame:03}.png", room(take, 16, 12))
    splits: dict[str, set[str]] = defaultdict(set)
    for image in read_data(tmp_path):
        splits[image.path.stem.rpartition(separator)[0]].add(image.split)
    assert len(splits) == takes
    assert all(len(found) == 1 for found in splits.values())
    assert sum(found == {"val"} for found in splits.values()) == takes // 5
    assert {split for found in splits.values() for split in found} <= {"train", "val"}


def test_pictures_with_names_of_their_own_are_takes_of_their_own(tmp_path: Path) -> None:
    for name in "abcdefghij":
        save(tmp_path / "usd_5_front" / f"{name}.png", room(1, 16, 12))
    assert Counter(image.split for image in read_data(tmp_path)) == {"train": 8, "val": 2}


def test_files_beside_the_class_folders_are_passed_over(tmp_path: Path) -> None:
    write_class_folders(tmp_path)
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "usd_5_front" / "notes.txt").write_text("hello")
    assert len(read_data(tmp_path)) == 30


def test_splits_and_images_are_picked_in_order(tmp_path: Path) -> None:
    images = read_data(write_data(tmp_path))
    assert {image.split for image in of_split(images, "val", "test")} == {"val", "test"}
    assert len(of_split(images, "train", "val", "test")) == len(images)
    assert of_split(images, "test_web") == []
    once = one_row_per_image(images)
    assert len(once) == len(images) - 1
    assert [image.path for image in once] == list(dict.fromkeys(image.path for image in images))
    assert next(image for image in once if image.path.name == "two.png").class_name == "usd_5_front"


def test_the_folder_is_the_one_given_or_named_or_beside_the_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "given").mkdir()
    (tmp_path / "named").mkdir()
    monkeypatch.setenv("CURRENCY_DATA", str(tmp_path / "named"))
    assert find_data(str(tmp_path / "given")) == tmp_path / "given"
    assert find_data(None) == tmp_path / "named"
    with pytest.raises(DataError, match=r"no data folder .*none: check the path\.$"):
        find_data(str(tmp_path / "none"))
    monkeypatch.setenv("CURRENCY_DATA", str(tmp_path / "none"))
    with pytest.raises(DataError, match="check the path"):
        find_data(None)


# The real images, where they are.


@pytest.fixture(scope="module")
def real(data_dir: Path) -> list[LabelledImage]:
    return read_data(data_dir)


def test_the_real_images_are_those_of_their_readme(data_dir: Path, real: list[LabelledImage]) -> None:
    splits = ("train", "val", "test", "test_web")
    counted = Counter((image.class_name, image.split) for image in real if image.kind == "photo")
    rows = re.findall(
        r"^\| (\d+) front / back \|(.*?)\|(.*?)\|(.*?)\|(.*?)\|", (data_dir / "README.md").read_text(), re.M
    )
    assert len(rows) == 7
    for value, *cells in rows:
        for split, cell in zip(splits, cells, strict=True):
            for side, told in zip(("front", "back"), cell.split("/"), strict=True):
                assert counted[f"usd_{value}_{side}", split] == pytest.approx(int(told), rel=0.2, abs=3)


def test_no_real_image_is_in_two_splits(real: list[LabelledImage]) -> None:
    splits: dict[Path, set[str]] = defaultdict(set)
    for image in real:
        splits[image.path].add(image.split)
    assert all(len(found) == 1 for found in splits.values())
    assert all(path.is_file() for path in splits)


def test_an_image_outside_its_folder_is_written_by_its_whole_path(tmp_path: Path) -> None:
    """As `locate` writes rows that name one."""
    row = LabelledImage(tmp_path / "else" / "a.png", "photo", "me", "usd_5_front", "train", None, "single")
    (tmp_path / "data").mkdir()
    write_rows(tmp_path / "data" / "mine.csv", tmp_path / "data", [row])
    (read,) = read_data(tmp_path / "data", tmp_path / "data" / "mine.csv")
    assert read.path == row.path


def test_another_manifest_without_rows_is_told(tmp_path: Path) -> None:
    write_manifest(tmp_path, [ROW])
    (tmp_path / "mine.csv").write_text(",".join(COLUMNS) + "\n")
    with pytest.raises(DataError, match=r"mine\.csv holds no labelled image"):
        read_data(tmp_path, tmp_path / "mine.csv")


def test_a_data_folder_of_no_name_is_not_another_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a shell gives a variable that is not set."""
    monkeypatch.setenv("CURRENCY_DATA", str(tmp_path))
    with pytest.raises(DataError, match="--data is empty"):
        find_data("")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are Unicode")
def test_a_name_that_no_table_can_hold_is_told_before_the_work(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "usd_5_front" / "scan.png", room(1))
    save(tmp_path / "usd_5_front" / "a.png", room(2)).rename(tmp_path / "usd_5_front" / "caf\udce9-1.png")
    table = tmp_path / "table.csv"
    assert main(["locate", "--data", str(tmp_path), "--currency", "usd", "--out", str(table)]) == 2
    assert "No table can hold the name usd_5_front/caf\ufffd-1.png" in capfd.readouterr().err
    assert not table.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are Unicode")
def test_names_above_the_data_folder_are_in_no_table(tmp_path: Path) -> None:
    folder = tmp_path / "caf\udce9" / "mine"
    folder.mkdir(parents=True)
    save(tmp_path / "usd_5_front" / "scan.png", room(1))
    (tmp_path / "usd_5_front").rename(folder / "usd_5_front")  # OpenCV writes into no such folder
    write_rows(tmp_path / "table.csv", folder, read_data(folder))
    assert read_data(folder, tmp_path / "table.csv")[0].path == folder / "usd_5_front" / "scan.png"
