"""Which images the words of a command line name, and what of a folder is not read."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from currency_app.errors import ImageError
from currency_app.images import find_images, named_paths, search_images


def test_find_images_walks_folders_in_order(tmp_path: Path) -> None:
    for name in ("b.JPG", "a.png", "sub/deep/c.webp", "sub/._c.jpg", ".hidden/d.jpg", "notes.txt", "z.jpg"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = find_images([tmp_path / "z.jpg", tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "z.jpg",
        "a.png",
        "b.JPG",
        "sub/deep/c.webp",
        "z.jpg",
    ]


def test_find_images_keeps_paths_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").touch()
    (tmp_path / "link").symlink_to("photos")
    (tmp_path / "odd.data").touch()
    monkeypatch.chdir(tmp_path)
    found = find_images(["photos", "photos/../photos", "link", "odd.data"])
    assert [path.as_posix() for path in found] == [
        "photos/a.jpg",
        "photos/../photos/a.jpg",
        "link/a.jpg",
        "odd.data",
    ]


def test_find_images_of_an_empty_folder_and_a_missing_path(tmp_path: Path) -> None:
    assert find_images([tmp_path]) == []
    with pytest.raises(ImageError, match=r"none\.jpg was found"):
        find_images([tmp_path / "none.jpg"])


def names(paths: object, root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]  # type: ignore[attr-defined]


def test_rarer_endings_of_known_kinds_are_found(tmp_path: Path) -> None:
    for name in ("a.jfif", "b.JPE", "c.Jfif", "d.pgm", "e.j2k"):
        (tmp_path / name).touch()
    assert names(find_images([tmp_path]), tmp_path) == ["a.jfif", "b.JPE", "c.Jfif", "d.pgm", "e.j2k"]


def test_nothing_in_a_folder_is_passed_over_in_silence(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.HEIC", "sub/c.dng", "d.pdf", "notes.txt", ".hidden.heic", "Thumbs.db", "e"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = search_images([tmp_path])
    assert names(found.images, tmp_path) == ["a.jpg"]
    unread, others = found.sentences(tmp_path)
    assert unread.endswith("holds 3 files that cannot be read: b.HEIC, d.pdf, sub/c.dng. Save them as JPEG first.")
    assert "2 files that are no pictures: e, notes.txt" in others


def test_an_image_in_a_folder_is_known_by_its_bytes_too(tmp_path: Path) -> None:
    """Downloads have no ending, and some telephones call a JPEG .HEIC."""
    for name in ("download", "IMG_1.HEIC"):
        Image.new("RGB", (4, 4)).save(tmp_path / name, format="JPEG")
    assert names(find_images([tmp_path]), tmp_path) == ["IMG_1.HEIC", "download"]


def test_folders_are_followed_through_links_but_not_in_rings(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.jpg").touch()
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "photos" / "ring").symlink_to(tmp_path / "photos")
    assert names(find_images([tmp_path / "photos"]), tmp_path) == ["photos/link/a.jpg"]


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that may not be opened, not even by root, who may open every other."""
    folder, scandir, stat = tmp_path / "closed", os.scandir, os.stat
    folder.mkdir()

    def refuse(path: Any) -> Any:
        if Path(path) == folder:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return scandir(path)

    def look(path: Any, **how: Any) -> Any:
        if not isinstance(path, int) and folder in Path(path).parents:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return stat(path, **how)

    monkeypatch.setattr(os, "scandir", refuse)
    monkeypatch.setattr(os, "stat", look)
    return folder


def test_a_folder_that_may_not_be_opened_is_named_with_what_to_do(closed: Path) -> None:
    """No picture of it can be saved as JPEG."""
    root = closed.parent
    (root / "a.heic").touch()
    (sentence,) = search_images([root]).sentences(root)
    assert "holds 1 file that cannot be read: a.heic. Save it as JPEG first." in sentence
    assert sentence.endswith("holds 1 folder that cannot be opened: closed. Check your rights to it.")
    assert search_images([closed]).sentences(closed) == [
        f"The folder {closed} cannot be opened. Check your rights to it."
    ]


def test_an_image_in_a_folder_that_may_not_be_opened_is_not_called_missing(closed: Path) -> None:
    with pytest.raises(ImageError, match=r"a\.jpg may not be read by this account"):
        search_images([closed / "a.jpg"])


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("*.jpg", ["a.jpg", "b.jpg"]),
        ("'*.jpg'", ["a.jpg", "b.jpg"]),
        ("'a.jpg'", ["a.jpg"]),
        ("?.j*", ["a.jpg", "b.jpg"]),
        ("**/*.png", ["sub[1]/c.png"]),
        ("sub[1]/*.png", ["sub[1]/c.png"]),
        ('sub[1]"', ["sub[1]"]),
        ("[x].jpg", ["[x].jpg"]),
        ("none*.jpg", ["none*.jpg"]),
        ("a\0*", ["a\0*"]),
        ("", [""]),
    ],
)
def test_wildcards_stand_for_files(
    tmp_path: Path, word: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("sub[1]").mkdir()
    for name in ("a.jpg", "b.jpg", "sub[1]/c.png", "[x].jpg"):
        Path(name).touch()
    expected = sorted([*found, "[x].jpg"]) if word in ("*.jpg", "'*.jpg'") else found
    assert [Path(path).as_posix() if path else path for path in named_paths(word)] == [
        Path(path).as_posix() if path else path for path in expected
    ]


def test_a_name_with_wildcards_in_it_stands_for_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("*.jpg", "a.jpg"):
        Path(name).touch()
    assert named_paths("*.jpg") == ["*.jpg"]
