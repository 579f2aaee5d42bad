"""The menu entry of the app on Linux desktops, as freedesktop.org's specifications have it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from currency_app.errors import CurrencyAppError
from currency_app.paths import printable
from currency_app.speech.phrases import Phrases, languages

_ENTRY = "applications/currency-app.desktop"
_RUN = ("run", "--window", "--show-errors")
_ICON = "icons/hicolor/scalable/apps/currency-app.svg"


def install_entry(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> list[Path]:
    """Write the menu entry and the icon of this user, in place of older ones; return both files.

    Raises CurrencyAppError on systems without such entries, or if a file cannot be written.
    """
    folder = _data_folder(os.environ if environ is None else environ, platform)
    command = _command()
    _require_one_line_of_utf8(command[0])
    files = {folder / _ICON: (Path(__file__).parent / "icon.svg").read_text(encoding="utf-8")}
    files[folder / _ENTRY] = entry_text(command)
    for file, text in files.items():
        new = file.with_name(f".{file.name}.new")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            new.write_text(text, encoding="utf-8")
            new.replace(file)
        except OSError as error:
            with contextlib.suppress(OSError):
                new.unlink()
            raise CurrencyAppError(
                f"{printable(str(file))} cannot be written: {error.strerror}. Let this account write there."
            ) from error
    return list(files)


def remove_entry(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> list[Path]:
    """Remove the menu entry and the icon of this user; return those that were there."""
    folder = _data_folder(os.environ if environ is None else environ, platform)
    removed = [file for file in (folder / _ENTRY, folder / _ICON) if file.is_file()]
    for file in removed:
        try:
            file.unlink()
        except OSError as error:
            raise CurrencyAppError(
                f"{printable(str(file))} cannot be removed: {error.strerror}. Let this account write there."
            ) from error
    return removed


def entry_text(command: Sequence[str]) -> str:
    """Return the menu entry that starts a command, with a name in every language of the app."""
    names = {code: Phrases(code).window("title") for code in languages()}
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        f"Name={names.pop('en')}",
        *(f"Name[{code}]={name}" for code, name in names.items()),
        "Comment=Says the value of a banknote held to a webcam",
        f"Exec={' '.join(_quoted(word) for word in command)}",
        "Icon=currency-app",
        "Terminal=false",
        "Categories=Utility;Accessibility;",
        "StartupWMClass=currency-app",
    ]
    return "\n".join([*lines, ""])


def _command() -> list[str]:
    """The command that runs this installation, with its whole path: menus know no virtual environment."""
    script = Path(sys.executable).with_name("currency-app")
    if script.is_file():
        return [str(script), *_RUN]
    found = shutil.which("currency-app")
    if found is not None:
        return [str(Path(found).absolute()), *_RUN]
    return [sys.executable, "-m", "currency_app", *_RUN]


def _require_one_line_of_utf8(program: str) -> None:
    """Raise CurrencyAppError if a path cannot stand in a menu entry."""
    try:
        program.encode()
    except UnicodeEncodeError:  # bytes that are no UTF-8
        is_text = False
    else:
        is_text = not any(ord(letter) < ord(" ") for letter in program)
    if not is_text:
        raise CurrencyAppError(
            f"{printable(program)} cannot stand in a menu entry: its name must be one line of UTF-8. "
            "Install the app in another folder."
        )


def _quoted(word: str) -> str:
    """Return an argument as `Exec` has it: percent signs doubled, and in quotes if it has a reserved character."""
    word = word.replace("%", "%%")
    if re.fullmatch(r"[\w@+=:,./%-]+", word, re.ASCII):
        return word
    # Once for the quotes of Exec, once more for the strings of desktop entries.
    return '"' + re.sub(r'(["`$\\])', r"\\\1", word).replace("\\", "\\\\") + '"'


def _data_folder(environ: Mapping[str, str], platform: str) -> Path:
    """The folder of this user's menu entries and icons."""
    if platform in ("win32", "darwin"):
        raise CurrencyAppError(
            "Menu entries are written on Linux only. Here, make a shortcut to the command currency-app run --window."
        )
    named = environ.get("XDG_DATA_HOME", "")
    if named.startswith("/"):  # others are to be ignored, by the specification
        return Path(named)
    try:
        return Path(environ["HOME"]) / ".local/share" if environ.get("HOME") else Path.home() / ".local/share"
    except RuntimeError as error:
        raise CurrencyAppError("This account has no home folder: set XDG_DATA_HOME to one.") from error
