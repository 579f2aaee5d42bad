"""Writing one setting: nothing else in the file changes, and nothing is ever half written."""

from __future__ import annotations

import os
import stat
import threading
import tomllib
from pathlib import Path

import pytest

from currency_app.errors import CurrencyAppError
from currency_app.settings import keep, read_settings, write_setting


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_the_first_setting_makes_the_file_for_this_account_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "deeper" / "settings.toml"
    write_setting("rate", 200, file=file)
    assert file.read_text().splitlines()[1:] == ["version = 1", "rate = 200"]
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]


def test_comments_order_and_what_is_not_known_stay(file: Path) -> None:
    file.write_text('# mine\nrate = 200 # slow\n\nmood = "good"\n[later]\nhints = "off"\n')
    write_setting("rate", 210, file=file)
    write_setting("tones", True, file=file)
    assert "# mine\nrate = 210 # slow\n" in file.read_text()
    content = tomllib.loads(file.read_text())
    assert content == {"rate": 210, "tones": True, "mood": "good", "later": {"hints": "off"}}


def test_a_setting_is_taken_back_however_it_was_written(file: Path) -> None:
    file.write_text('camera_faces = "note"\nrate = 200\n')
    write_setting("camera-faces", "user", file=file)
    assert tomllib.loads(file.read_text()) == {"rate": 200, "camera-faces": "user"}
    write_setting("camera-faces", None, file=file)
    assert tomllib.loads(file.read_text()) == {"rate": 200}


@pytest.mark.parametrize(
    ("content", "left"),
    [
        ('# mine\nrate = fast\ncurrency = "eur"\nhints = "fe', {"tones": True, "currency": "eur"}),
        ("rate = 200\n\0\0", {"tones": True, "rate": 200}),
        ("rate = 9000", {"tones": True, "rate": 9000}),
        ('version = 7\nhints = "loud"\nmood = 1', {"tones": True, "version": 7, "hints": "loud", "mood": 1}),
    ],
)
def test_a_broken_file_is_kept_and_written_whole(file: Path, content: str, left: dict[str, object]) -> None:
    file.write_text(content)
    write_setting("tones", True, file=file)
    assert file.with_name("settings.toml.bak").read_text() == content
    assert tomllib.loads(file.read_text()) == left
    assert all(line.replace("\0", "?") in file.read_text() for line in content.splitlines())
    assert read_settings(file=file, environ={}).news == ()  # the copy remembers what was wrong


def test_a_file_that_is_read_only_stays_as_it_is(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("rate = 200\n")
    file.chmod(0o444)
    assert [keep("rate", rate, file=file) for rate in (210, 220)] == [False, False]
    assert file.read_text() == "rate = 200\n"
    assert capsys.readouterr().err == (
        f"currency-app: The setting rate cannot be kept in {file}: It is read-only. Let this account write there.\n"
    )


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    with pytest.raises(CurrencyAppError, match=r"cannot be kept in .*: Not a directory\. Let this account write there"):
        write_setting("rate", 200, file=tmp_path / "a file" / "settings.toml")


def test_a_write_that_fails_leaves_the_file_whole(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    file.write_text("rate = 200\n")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CurrencyAppError, match="No space left on device"):
        write_setting("rate", 210, file=file)
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]
    assert file.read_text() == "rate = 200\n"


def test_a_link_stays_one_and_permissions_too(tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text("rate = 200\n")
    target.chmod(0o640)
    link = tmp_path / "settings.toml"
    link.symlink_to(target)
    write_setting("rate", 210, file=link)
    assert link.is_symlink()
    assert target.read_text() == "rate = 210\n"
    assert os.name == "nt" or stat.S_IMODE(target.stat().st_mode) == 0o640


def test_keys_pressed_at_once_lose_nothing(file: Path) -> None:
    names = {"tones": True, "count": True, "mirrored": True, "rate": 90, "hints": "off", "theme": "dark"}
    threads = [threading.Thread(target=keep, args=item, kwargs={"file": file}) for item in names.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(read_settings(file=file, environ={}).values) == names


def test_without_a_file_named_it_is_the_users(kept_file: Path) -> None:
    assert keep("hints", "few")
    assert tomllib.loads(kept_file.read_text()) == {"version": 1, "hints": "few"}


@pytest.mark.parametrize(("key", "value"), [("rte", 200), ("rate", 9000)])
def test_nonsense_is_refused_before_the_file_is_touched(file: Path, key: str, value: int) -> None:
    with pytest.raises(CurrencyAppError):
        write_setting(key, value, file=file)
    assert not file.exists()
