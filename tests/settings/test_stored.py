"""Reading the settings that stay: nothing that is wrong with the file stops the app, or is told twice."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from currency_app.errors import CurrencyAppError
from currency_app.settings import Settings, StoredSettings, read_settings, settings_file
from currency_app.settings.files import write_whole

WHOLE = 'version = 1\n# mine\nrate = 200\nhints = "few"\ntones = true\n'


def read(file: Path, **environ: str) -> StoredSettings:
    return read_settings(file=file, environ=environ)


def backup(file: Path) -> Path:
    return file.with_name("settings.toml.bak")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def test_without_a_file_everything_is_as_usual(file: Path) -> None:
    stored = read(file)
    assert (dict(stored.values), stored.problems, stored.news) == ({}, (), ())
    assert (stored.value("rate"), stored.value("hints"), stored.value("tones")) == ("auto", "all", False)
    assert list(file.parent.iterdir()) == []


def test_the_environment_goes_before_the_file(file: Path) -> None:
    file.write_text(WHOLE)
    stored = read(file, CURRENCY_APP_HINTS="off", CURRENCY_APP_CAMERA_FACES="note", CURRENCY_APP_TONES="")
    assert dict(stored.values) == {"rate": 200, "hints": "off", "tones": True, "camera-faces": "note"}
    assert stored.origins["hints"] == "CURRENCY_APP_HINTS"
    assert stored.origins["rate"] == str(file)
    assert stored.problems == ()


def test_a_bad_variable_leaves_what_the_file_says(file: Path) -> None:
    file.write_text(WHOLE)
    stored = read(file, CURRENCY_APP_RATE="fast")
    assert stored.value("rate") == 200
    assert stored.news == ("CURRENCY_APP_RATE is not used: The setting rate must be a number from 80 to 500, or auto.",)


@pytest.mark.parametrize(
    ("content", "values", "problem"),
    [
        ('rate = 9000\nhints = "few"', {"hints": "few"}, "The setting rate must be a number from 80 to 500, or auto."),
        ('rte = 90\nhints = "few"', {"hints": "few"}, "There is no setting 'rte'. Did you mean rate?"),
        ('rate = fast\nhints = "few"', {"hints": "few"}, "Line 1 of the settings is not understood."),
        ('rate = 200\nhints = "fe', {"rate": 200}, "Line 2 of the settings is not understood."),
        ('rate = 200\nrate = 100\nhints = "few"', {"rate": 200, "hints": "few"}, "Line 2 of the settings"),
        ("rate = 200\n\0\0\0\0", {"rate": 200}, "Line 2 of the settings"),
        ('rate = 200\nhints = """\nfew', {"rate": 200}, "Line 3 of the settings"),
        ("rate = 200\n[window]\non = true", {"rate": 200}, "The setting window must be on, off or auto."),
        ('version = 2\nrate = 200\nmood = "good"\nhints = 7', {"rate": 200}, "written by a newer currency-app"),
    ],
)
def test_what_is_wrong_loses_nothing_else_and_is_told_once(
    file: Path, content: str, values: dict[str, object], problem: str
) -> None:
    file.write_text(content)
    first, second = read(file), read(file)
    assert dict(first.values) == dict(second.values) == values
    assert any(problem in sentence for sentence in first.news)
    assert first.news[-1] == f"The file as it was is {backup(file)}."
    assert second.news == ()
    assert any(problem in sentence for sentence in second.problems)
    assert file.read_text() == backup(file).read_text() == content
    assert {path.name for path in file.parent.iterdir()} == {"settings.toml", "settings.toml.bak"}


def test_letters_that_are_no_utf_8_and_a_mark_at_the_start(file: Path) -> None:
    file.write_bytes(b'\xef\xbb\xbfrate = 200\r\nhints = "few"\r\ncurrency = "\xff\xfe"\r\n')
    stored = read(file)
    assert (stored.value("rate"), stored.value("hints")) == (200, "few")


def test_something_else_that_is_wrong_is_told_again(file: Path) -> None:
    file.write_text("rate = 9000")
    read(file)
    file.write_text('rate = 9000\nhints = "some"')
    assert read(file).news == (
        "The setting hints must be one of all, few, off.",
        f"The file as it was is {backup(file)}.",
    )
    assert backup(file).read_text() == file.read_text()


def test_whoever_only_looks_leaves_the_telling_to_the_app(file: Path) -> None:
    file.write_text("rate = 9000")
    for _ in range(2):
        assert read_settings(file=file, environ={}, telling=False).news != ()
    assert not backup(file).exists()


def test_a_setting_that_cannot_be_used_here(file: Path) -> None:
    def check(value: str) -> None:
        raise CurrencyAppError("There is no bundle.")

    file.write_text('currency = "xyz"\nrate = 200')
    stored = read_settings({"currency": check}, file=file, environ={"CURRENCY_APP_CURRENCY": "zyx"})
    assert dict(stored.values) == {"rate": 200}
    assert stored.news[0] == "The setting currency cannot be used. There is no bundle."
    assert stored.news[-1].startswith("CURRENCY_APP_CURRENCY is not used: The setting currency cannot be used.")


def test_a_folder_in_place_of_the_file(file: Path) -> None:
    file.mkdir()
    stored = read(file)
    assert dict(stored.values) == {}
    assert stored.news == (
        f"The settings in {file} cannot be read: Is a directory. "
        "Move it away, or name a file in CURRENCY_APP_SETTINGS.",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_a_pipe_is_not_waited_for(file: Path) -> None:
    told = (
        f"The settings in {file} cannot be read: It is no file. Move it away, or name a file in CURRENCY_APP_SETTINGS."
    )
    os.mkfifo(file)
    assert read(file).news == (told,)
    file.unlink()
    file.symlink_to(os.devnull)
    assert read(file).news == ()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes")
def test_a_pipe_is_not_replaced_by_a_file(file: Path) -> None:
    os.mkfifo(file)
    with pytest.raises(OSError, match="It is no file"):
        write_whole(file, b"rate = 200")
    assert file.is_fifo()
    assert list(file.parent.iterdir()) == [file]


def test_a_copy_that_cannot_be_kept_is_said(file: Path) -> None:
    file.write_text("rate = 9000")
    backup(file).mkdir()
    for _ in range(2):
        assert read(file).news[-1] == "No copy of the file could be kept."


def test_a_file_without_an_end_is_not_read_for_ever(file: Path) -> None:
    file.write_text("rate = 200\n" + "# far too long\n" * 9000)
    stored = read(file)
    assert stored.value("rate") == 200
    assert "over 16384 bytes" in stored.news[-2]


@pytest.mark.skipif(os.name == "nt", reason="folders have other names there")
def test_the_file_lies_where_settings_belong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file({}).parts[-2:] == ("currency-app", "settings.toml")
    assert settings_file({"CURRENCY_APP_SETTINGS": "/elsewhere/mine.toml"}) == Path("/elsewhere/mine.toml")


def test_programs_are_not_changed_by_the_users_file(kept_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_file.parent.mkdir()
    kept_file.write_text(WHOLE)
    monkeypatch.setenv("CURRENCY_APP_LANGUAGE", "es")
    assert Settings() == Settings(rate=None, hints="all", tones=False, language="en")
