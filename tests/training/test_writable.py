"""Where files and folders may be written, and that they are written whole or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from currency_app.errors import DataError
from training.writable import (
    check_clips_folder,
    check_exports_folder,
    check_file,
    check_page,
    check_private_page,
    could_be_committed,
    filling_folder,
    put_in_place,
    replacing,
    write_bytes,
    write_text,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


# Where something may be written


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nowhere/trade.svg", "no folder .*nowhere for the plot: make it first"),
        ("trade.png", "not the name of a plot: give one that ends in .svg"),
        ("trade", "ends in .svg"),
        ("folder.svg", "not the name of a plot"),
        (".", "not the name of a plot"),
    ],
)
def test_a_bad_place_for_a_file_is_refused(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder.svg").mkdir()
    with pytest.raises(DataError, match=said):
        check_file(tmp_path / name, "plot", (".svg",))


def test_a_file_is_named_by_its_format_and_may_be_there_already(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"not the name of a PNG file: give one that ends in \.png\.$"):
        check_file(tmp_path / "sheet.jpg", "sheet", (".png",), format_name="PNG file")
    (tmp_path / "sheet.PNG").touch()
    check_file(tmp_path / "sheet.PNG", "sheet", (".png",), format_name="PNG file")
    check_page(tmp_path / "page.htm")
    assert names(tmp_path) == ["sheet.PNG"]


def test_a_folder_that_may_not_be_written_to_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: not (Path(path) == tmp_path and mode == os.W_OK))
    with pytest.raises(DataError, match=r"Nothing can be written into .*: choose another place for the plot"):
        check_file(tmp_path / "trade.svg", "plot", (".svg",))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("page.pdf", "ends in .html"),
        ("page.htm", "ends in .html"),
        ("folder.html", "ends in .html"),
        ("none/page.html", "no folder"),
    ],
)
def test_a_target_that_is_no_page_is_refused(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(DataError, match=said):
        check_private_page(tmp_path / name)


def test_pictures_never_land_in_a_repository(tmp_path: Path) -> None:
    check_private_page(tmp_path / "page.html")
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".gitignore").write_text("runs/\n")
    for folder in ("runs/usd", "docs"):
        (tmp_path / folder).mkdir(parents=True)
    check_private_page(tmp_path / "runs/page.html")
    check_private_page(tmp_path / "runs/usd/page.html")
    for place in ("page.html", "docs/page.html", "runs/../docs/page.html"):
        with pytest.raises(DataError, match="git checkout"):
            check_private_page(tmp_path / place)
    (tmp_path / "outside").symlink_to(tmp_path / "docs")
    with pytest.raises(DataError, match="git checkout"):
        check_private_page(tmp_path / "outside/page.html")


def test_a_file_in_folders_that_are_not_there_yet_could_be_committed_too(tmp_path: Path) -> None:
    assert not could_be_committed(tmp_path / "new/below/truth.jsonl")
    git(tmp_path, "init", "--quiet")
    assert could_be_committed(tmp_path / "new/below/truth.jsonl")


def test_without_git_no_checkout_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DataError, match="git checkout"):
        check_private_page(tmp_path / "page.html")


def test_clips_go_into_a_new_folder_and_real_ones_into_no_repository(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="is a file: name a folder"):
        check_clips_folder(tmp_path / "file", real=False)
    with pytest.raises(DataError, match="is not empty"):
        check_clips_folder(tmp_path, real=False)
    with pytest.raises(DataError, match=r"no folder .*none for the clips"):
        check_clips_folder(tmp_path / "none" / "clips", real=False)
    check_clips_folder(tmp_path / "clips", real=True)
    git(tmp_path, "init", "--quiet")
    check_clips_folder(tmp_path / "clips", real=False)
    with pytest.raises(DataError, match="git checkout"):
        check_clips_folder(tmp_path / "clips", real=True)
    assert not (tmp_path / "clips").exists()


def test_a_place_for_exports_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(DataError, match="choose another folder with --out"):
            check_exports_folder(folder)
    check_exports_folder(tmp_path / "new" / "below")
    assert not (tmp_path / "new").exists()


# Files


def test_a_file_is_replaced_by_what_was_written_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "model.tflite"
    target.write_text("old")
    with replacing(target) as fresh:
        assert fresh.parent == target.parent
        assert fresh.name.endswith("model.tflite"), "some writers go by a name's ending"
        fresh.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"
    assert names(tmp_path) == ["model.tflite"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), ValueError("no"), KeyboardInterrupt()])
def test_a_file_that_is_not_written_to_its_end_leaves_the_old_one_and_nothing_else(
    tmp_path: Path, error: BaseException
) -> None:
    target = tmp_path / "model.tflite"
    target.write_text("old")
    with pytest.raises(type(error)), replacing(target) as fresh:
        fresh.write_text("half of a new o")
        raise error
    assert target.read_text() == "old"
    assert names(tmp_path) == ["model.tflite"]


def test_nothing_is_left_of_a_file_whose_place_cannot_be_taken(tmp_path: Path) -> None:
    (tmp_path / "model.tflite").mkdir()
    with pytest.raises(OSError, match=r"model\.tflite"), replacing(tmp_path / "model.tflite") as fresh:
        fresh.write_text("new")
    assert names(tmp_path) == ["model.tflite"]


def test_text_and_bytes_are_written_whole_or_refused_in_a_sentence(tmp_path: Path) -> None:
    write_text(tmp_path / "page.html", "20 €\n")
    write_bytes(tmp_path / "sheet.png", b"\x89PNG")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "20 €\n"
    assert (tmp_path / "sheet.png").read_bytes() == b"\x89PNG"
    (tmp_path / "folder").mkdir()
    for target in (tmp_path / "none" / "file", tmp_path / "folder"):
        with pytest.raises(DataError, match="cannot be written: choose another place"):
            write_text(target, "text")
        with pytest.raises(DataError, match="cannot be written: choose another place"):
            write_bytes(target, b"bytes")
    assert names(tmp_path) == ["folder", "page.html", "sheet.png"]


# Copies


@pytest.mark.parametrize("step", ["copytree", "first move", "second move"])
def test_an_interrupted_copy_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    old, made = tmp_path / "out" / "usd.mlpackage", tmp_path / "made" / "coreml-fp16.mlpackage"
    for folder, content in ((old, "old"), (made, "new")):
        folder.mkdir(parents=True)
        (folder / "Manifest.json").write_text(content)
    move = Path.replace
    moves: list[Path] = []

    def full_disk(*args: Any) -> Any:
        raise OSError("No space left on device")

    def some_moves(source: Path, target: Path) -> Path:
        moves.append(source)
        if len(moves) == {"first move": 1, "second move": 2}[step]:
            full_disk()
        return move(source, target)

    if step == "copytree":
        monkeypatch.setattr(shutil, "copytree", full_disk)
    else:
        monkeypatch.setattr(Path, "replace", some_moves)
    with pytest.raises(OSError, match="No space"):
        put_in_place(made, old)
    assert (old / "Manifest.json").read_text() == "old"
    assert names(old.parent) == [old.name]


def test_a_copied_folder_takes_the_place_of_the_old_one_whole(tmp_path: Path) -> None:
    made, target = tmp_path / "made", tmp_path / "out" / "usd.mlpackage"
    made.mkdir()
    (made / "new").touch()
    put_in_place(made, target)
    (target / "left over").touch()
    put_in_place(made, target)
    assert names(target) == ["new"]
    assert names(target.parent) == [target.name]


def test_a_copy_that_was_cut_short_is_in_nobodys_way(tmp_path: Path) -> None:
    made, target = tmp_path / "made.onnx", tmp_path / "out" / "usd-fp32.onnx"
    made.write_text("new")
    target.parent.mkdir()
    (target.parent / ".fresh-usd-fp32.onnx").write_text("half of an older o")
    put_in_place(made, target)
    assert target.read_text() == "new"
    assert names(target.parent) == [target.name]


# New folders


@pytest.mark.parametrize("there", [False, True])
def test_a_filled_folder_takes_its_place_at_the_end(tmp_path: Path, there: bool) -> None:
    folder = tmp_path / "clips"
    if there:
        folder.mkdir()
    with filling_folder(folder, "simulation") as part:
        (part / "truth.jsonl").touch()
        assert part.parent == tmp_path
        assert names(folder) == [] if there else not folder.exists()
    assert names(folder) == ["truth.jsonl"]
    assert names(tmp_path) == ["clips"]


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_nothing_is_left_of_a_folder_that_is_not_filled_to_the_end(tmp_path: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), filling_folder(tmp_path / "clips", "simulation") as part:
        (part / "0001.mp4").touch()
        raise error
    assert names(tmp_path) == []


def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    with (
        pytest.raises(DataError, match="clips cannot be written: choose another place"),
        filling_folder(tmp_path / "clips", "simulation") as part,
    ):
        (part / "0001.mp4").touch()
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == []


def test_two_do_not_fill_one_folder(tmp_path: Path) -> None:
    with (
        filling_folder(tmp_path / "clips", "simulation"),
        pytest.raises(DataError, match=r"\.clips\.part is in the way: another simulation writes there"),
        filling_folder(tmp_path / "clips", "simulation"),
    ):
        pass
    assert names(tmp_path) == ["clips"]


def test_what_came_into_a_folder_meanwhile_stays(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    with (
        pytest.raises(DataError, match="clips cannot be written"),
        filling_folder(folder, "simulation") as part,
    ):
        (part / "0001.mp4").touch()
        folder.mkdir()
        (folder / "mine").touch()
    assert names(folder) == ["mine"]
    assert names(tmp_path) == ["clips"]


def test_a_folder_whose_parent_is_missing_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(DataError, match="clips cannot be written: choose another place"),
        filling_folder(tmp_path / "none" / "clips", "simulation"),
    ):
        pass
    assert names(tmp_path) == []
