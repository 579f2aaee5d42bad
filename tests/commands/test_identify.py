"""`currency-app identify`: an answer for each image, in the order in which they are named."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.support.app_command import Command, dusk, note
from tests.support.painted import write_picture

pytestmark = pytest.mark.usefixtures("later_start")


def test_identify_answers_in_the_order_given(command: Command) -> None:
    write_picture(Path("b.png"), note(20))
    write_picture(Path("notes/sub/z.png"), note(5, "back"))
    write_picture(Path("notes/a.png"), dusk())
    command.on_bundle("identify", "b.png", "notes", "./notes/../b.png")
    assert (command.code, command.err) == (0, [])
    assert [line.split(" (")[0] for line in command.out] == [
        "b.png: 20 dollars, front",
        "notes/a.png: no note",
        "notes/sub/z.png: 5 dollars, back",
        "notes/../b.png: 20 dollars, front",
    ]


def test_identify_json(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One object a line; paths are joined to what was given, and links are not followed in them."""
    write_picture(Path("real/a.png"), note(20))
    Path("link").symlink_to("real")
    command.on_bundle("identify", "--json", "link", "real/a.png")
    assert (command.code, command.err) == (0, [])
    assert [entry["path"] for entry in command.json()] == [str(Path("link/a.png")), str(Path("real/a.png"))]
    for entry in command.json():
        assert list(entry) == [
            "path",
            "currency",
            "value",
            "side",
            "confidence",
            "spoken",
            "corners",
            "hint",
            "unknown",
        ]
        assert (entry["currency"], entry["value"], entry["side"], entry["spoken"]) == ("USD", 20, "front", True)


def bad_files() -> list[str]:
    whole = write_picture(Path("good.png"), note(20)).read_bytes()
    Path("text.jpg").write_text("This is a text file.\n" * 20)
    Path("cut.png").write_bytes(whole[: len(whole) // 2])
    Path("empty.png").touch()
    Path("hollow").mkdir()
    return ["text.jpg", "cut.png", "empty.png", "hollow", "nowhere.png"]


@pytest.mark.parametrize("index", range(5))
def test_a_bad_file_is_one_line(command: Command, index: int) -> None:
    name = bad_files()[index]
    assert name in command.on_bundle("identify", name).refused()


def test_good_files_are_answered_among_bad_ones(command: Command) -> None:
    names = bad_files()
    command.on_bundle("identify", "--json", *names[:3], "good.png", *names[3:], "good.png")
    assert command.code == 2
    assert [entry["value"] for entry in command.json()] == [20, 20]
    assert len(command.err) == len(names)
    assert all(name in line for name, line in zip(names, command.err, strict=True))


def test_what_a_folder_holds_besides_is_told(command: Command) -> None:
    """By its name: pictures that cannot be read are an error, other files are not."""
    write_picture(Path("photos/a.png"), note(20))
    Path("photos/a.png").rename("photos/a.jfif")
    Path("photos/phone.HEIC").touch()
    Path("photos/notes.txt").touch()
    command.on_bundle("identify", "photos")
    assert command.code == 2
    assert len(command.out) == 1
    assert len(command.err) == 2
    assert "phone.HEIC" in command.err[0]
    assert "notes.txt" in command.err[1]
    Path("photos/phone.HEIC").unlink()
    assert command.on_bundle("identify", "photos").code == 0


def test_wildcards_that_the_shell_left(command: Command) -> None:
    for name in ("a.png", "b.png", "c.txt"):
        write_picture(Path(name).with_suffix(".png"), note(20))
    command.on_bundle("identify", "'*.png'", "a.*")
    assert command.code == 0
    assert [line.split(":")[0] for line in command.out] == ["a.png", "b.png", "c.png", "a.png"]
    assert "none*.png" in command.on_bundle("identify", "none*.png").refused()


def test_a_wildcard_for_any_folders_answers_for_each_image_once(command: Command) -> None:
    """It finds folders and what they hold, and a folder is searched whole."""
    for name in ("in/a.png", "in/sub/b.png", "in/sub/deep/c.png"):
        write_picture(Path(name), note(20))
    for pattern in ("in/**", "in/**/*", "i*/**/"):
        command.on_bundle("identify", pattern)
        assert (command.code, command.err) == (0, [])
        assert [line.split(":")[0] for line in command.out] == ["in/a.png", "in/sub/b.png", "in/sub/deep/c.png"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_names_that_are_no_utf_8(command: Command) -> None:
    """They are answered like any other, in words and in JSON, and refused in one line."""
    name = os.fsdecode(b"caf\xe9")
    write_picture(Path("in/a.png"), note(20)).rename(f"in/{name}.png")
    Path(f"in/{name}.jpg").touch()
    command.on_bundle("identify", f"in/{name}.png", f"in/{name}.jpg", "in")
    assert (command.code, len(command.out), len(command.err)) == (2, 2, 2)
    assert command.out[0].startswith("in/caf\ufffd.png: 20 dollars")
    assert "in/caf\ufffd.jpg is empty" in command.err[0]
    assert command.on_bundle("identify", "--json", f"in/{name}.png").json()[0]["path"] == "in/caf\ufffd.png"
