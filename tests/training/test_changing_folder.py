"""A folder that is changed as a whole, or not at all."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from currency_app.errors import DataError
from training.writable import changing_folder, put_in_place

MOVED = ["beside", "in place"]
"""A folder that can be moved, and one that cannot, as a mounted one."""


def content(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file.read_text() for file in folder.rglob("*") if file.is_file()}


OLD = {"model": "old", "card": "mine", "package/weights": "w"}
NEW = OLD | {"model": "new", "more": "new"}


@pytest.fixture(params=MOVED)
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "usd"
    for name, text in OLD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    if request.param == "in place":
        monkeypatch.setattr(Path, "is_mount", lambda path: path == folder)
    return folder


def change(folder: Path) -> None:
    with changing_folder(folder) as fresh:
        (fresh / "model").write_text("new")
        (fresh / "more").write_text("new")
        assert (folder / "model").read_text() == "old"


def test_what_is_changed_comes_into_place_and_the_rest_stays(folder: Path) -> None:
    change(folder)
    assert content(folder) == NEW
    assert [path.name for path in folder.parent.iterdir()] == ["usd"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no"), DataError("no")])
def test_a_block_that_ends_early_changes_nothing(folder: Path, error: BaseException) -> None:
    with pytest.raises(type(error)), changing_folder(folder) as fresh:
        (fresh / "model").write_text("new")
        (fresh / "card").unlink()
        raise error
    assert content(folder) == OLD
    assert [path.name for path in folder.parent.iterdir()] == ["usd"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks no folders")
def test_a_second_program_is_refused_and_spoils_nothing_of_the_first(folder: Path) -> None:
    refused = pytest.raises(DataError, match=r"Another program is changing .*usd: wait for its end")
    with changing_folder(folder) as fresh:
        (fresh / "model").write_text("new")
        with refused, changing_folder(folder):
            pass
        (fresh / "more").write_text("new")
    assert content(folder) == NEW
    with changing_folder(folder) as fresh:  # free again
        (fresh / "card").write_text("new")
    assert content(folder) == NEW | {"card": "new"}


@pytest.mark.parametrize("moves", range(5))
@pytest.mark.parametrize("error", [KeyboardInterrupt, PermissionError])
def test_interrupted_at_any_move_the_folder_is_the_old_one_or_the_new(
    folder: Path, monkeypatch: pytest.MonkeyPatch, moves: int, error: type[BaseException]
) -> None:
    done: list[Path] = []
    original = Path.replace

    def dying(path: Path, target: Any) -> Path:
        done.append(path)
        if len(done) == moves + 1:
            raise error
        return original(path, target)

    monkeypatch.setattr(Path, "replace", dying)
    try:
        change(folder)
    except (KeyboardInterrupt, PermissionError, DataError):
        assert content(folder) == OLD
    else:
        assert content(folder) == NEW
    assert [path.name for path in folder.parent.iterdir()] == ["usd"]


def test_what_a_killed_process_left_is_put_back_first(tmp_path: Path) -> None:
    """Killed between the two moves, the old folder is whole under another name."""
    (tmp_path / ".old-usd").mkdir()
    (tmp_path / ".old-usd" / "model").write_text("old")
    (tmp_path / ".fresh-usd").mkdir()
    (tmp_path / ".fresh-usd" / "half").touch()
    with changing_folder(tmp_path / "usd") as fresh:
        assert content(fresh) == {"model": "old"}
    assert content(tmp_path) == {"usd/model": "old"}


def test_old_copies_are_in_nobodys_way(tmp_path: Path) -> None:
    made, target = tmp_path / "made", tmp_path / "out" / "usd.mlpackage"
    for folder, text in ((made, "new"), (target, "old"), (target.with_name(".old-usd.mlpackage"), "older")):
        folder.mkdir(parents=True)
        (folder / "Manifest.json").write_text(text)
    put_in_place(made, target)
    assert content(target.parent) == {"usd.mlpackage/Manifest.json": "new"}


def test_an_interrupted_copy_leaves_nothing_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made").mkdir()

    def killed(source: Path, target: Path) -> None:
        target.mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "copytree", killed)
    with pytest.raises(KeyboardInterrupt):
        put_in_place(tmp_path / "made", tmp_path / "out" / "package")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_current_folder_and_one_behind_a_link_are_changed_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "usd").mkdir()
    (tmp_path / "usd" / "model").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "usd")
    for folder in (Path(), Path("../link")):
        monkeypatch.chdir(tmp_path / "usd")
        with changing_folder(folder) as fresh:
            (fresh / "model").write_text("new")
        assert content(Path()) == {"model": "new"}
    monkeypatch.chdir(tmp_path)
    with changing_folder(tmp_path / "link") as fresh:
        (fresh / "model").write_text("newer")
    assert (tmp_path / "link").is_symlink()
    assert content(tmp_path / "usd") == {"model": "newer"}


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="usd cannot be written: free space"), changing_folder(tmp_path / "usd"):
        raise OSError(28, "No space left on device")
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written"), changing_folder(tmp_path / "file" / "usd"):
        pass
    with pytest.raises(FileNotFoundError), changing_folder(tmp_path / "usd"):
        (tmp_path / "elsewhere").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
