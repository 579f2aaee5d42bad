"""The menu entry: what is written, where, and that a desktop would start it."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from currency_app.commands.cli import main
from currency_app.errors import CurrencyAppError
from currency_app.window import install_entry, remove_entry
from currency_app.window.desktop_entry import entry_text

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="menu entries are written on Linux only")


def parsed(text: str) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    return parser["Desktop Entry"]


def test_entry_and_icon_are_written_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert main(["install-desktop"]) == 0
    entry = tmp_path / "applications/currency-app.desktop"
    icon = tmp_path / "icons/hicolor/scalable/apps/currency-app.svg"
    assert capsys.readouterr().out.splitlines() == [f"Written: {icon}", f"Written: {entry}"]
    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == sorted([entry, icon])
    fields = parsed(entry.read_text(encoding="utf-8"))
    program, *arguments = fields["Exec"].split()
    assert Path(program).is_file()
    assert arguments[-3:] == ["run", "--window", "--show-errors"]
    assert (fields["Icon"], fields["Terminal"], fields["Name"]) == ("currency-app", "false", "Banknote reader")
    assert fields["Name[de]"] == "Geldscheinleser"
    assert ElementTree.fromstring(icon.read_text(encoding="utf-8")).tag.endswith("svg")
    assert main(["install-desktop"]) == 0, "again, in place of the old one"
    assert main(["install-desktop", "--remove"]) == 0
    assert not entry.exists() and not icon.exists()
    capsys.readouterr()
    assert main(["install-desktop", "--remove"]) == 0
    assert capsys.readouterr().out == "There was no menu entry.\n"


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="needs desktop-file-utils")
def test_desktops_accept_the_entry(tmp_path: Path) -> None:
    file = tmp_path / "currency-app.desktop"
    file.write_text(entry_text(["/opt/a b/currency-app", "run"]), encoding="utf-8")
    done = subprocess.run(["desktop-file-validate", str(file)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("word", "written"),
    [
        ("/usr/bin/currency-app", "/usr/bin/currency-app"),
        ("/home/a b/run", '"/home/a b/run"'),
        ("/home/50%/run", "/home/50%%/run"),
        ("/home/a$b/run", '"/home/a\\\\$b/run"'),
    ],
)
def test_a_path_is_quoted_as_desktops_read_it(word: str, written: str) -> None:
    assert parsed(entry_text([word]))["Exec"] == written


def test_a_relative_data_folder_is_ignored(tmp_path: Path) -> None:
    files = install_entry({"XDG_DATA_HOME": "data", "HOME": str(tmp_path)})
    assert all(file.is_relative_to(tmp_path / ".local/share") for file in files)
    assert remove_entry({"HOME": str(tmp_path)}) == files[::-1]


def test_what_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "icons").write_text("a file in place of the folder")
    with pytest.raises(CurrencyAppError, match=r"cannot be written: .*Let this account write there\.$"):
        install_entry({"XDG_DATA_HOME": str(tmp_path)})


@pytest.mark.parametrize("folder", ["jos\udce9", "two\nlines"])
def test_a_path_that_no_entry_can_have_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    """Bytes that are no UTF-8, as in a home folder of long ago. Nothing is written, the icon neither."""
    monkeypatch.setattr(sys, "executable", f"/home/{folder}/bin/python")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(
        CurrencyAppError, match=r"cannot stand in a menu entry: .* Install the app in another folder\.$"
    ):
        install_entry({"XDG_DATA_HOME": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_are_told_what_to_do(platform: str) -> None:
    with pytest.raises(CurrencyAppError, match="make a shortcut"):
        install_entry({}, platform)
