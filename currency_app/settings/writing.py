"""Writes the settings that stay, one at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

from currency_app.errors import CurrencyAppError
from currency_app.paths import printable
from currency_app.settings.files import read_file, write_whole
from currency_app.settings.keys import SettingValue, find_key
from currency_app.settings.stored import backup_of, settings_file
from currency_app.settings.toml_text import FILE_VERSION, VERSION_KEY, understand
from currency_app.streams import complain

_HEAD = "What currency-app keeps from start to start; `currency-app settings` lists it."

_one_at_a_time = threading.Lock()
_told: set[str] = set()


def keep(key: str, value: SettingValue | None, *, file: Path | None = None) -> bool:
    """Keep a setting for the next starts, from any thread; return whether that worked.

    Why it did not is printed on standard error, once for each reason. key, value, file: see `write_setting`.
    """
    try:
        write_setting(key, value, file=file)
    except CurrencyAppError as error:
        with _one_at_a_time:
            news = str(error) not in _told
            _told.add(str(error))
        if news:
            complain(f"currency-app: {error}")
        return False
    return True


def write_setting(key: str, value: SettingValue | None, *, file: Path | None = None) -> tuple[str, ...]:
    """Write a setting into the file, with the user's comments, and all else in it, left as it is.

    What was in the file and is no TOML becomes a comment, and a copy of the file is kept as .bak.

    Args:
        key: a name of KEYS.
        value: what it shall be; None takes it out, so that it is the usual one again.
        file: the user's unless given.

    Returns:
        A sentence for each line that became a comment, and where the copy is: no later reading tells of them.

    Raises:
        CurrencyAppError: there is no such setting, it may not be that, or the file cannot be written.
    """
    found = find_key(key)
    checked = None if value is None else found.read(value)
    file = settings_file() if file is None else file
    with _one_at_a_time:
        try:
            return _write(file, found.name, checked)
        except (OSError, ValueError) as error:  # ValueError: a name that no file can have
            reason = getattr(error, "strerror", None) or error
            raise CurrencyAppError(
                f"The setting {found.name} cannot be kept in {printable(str(file))}: {reason}. "
                "Let this account write there."
            ) from error


def _write(file: Path, name: str, value: SettingValue | None) -> tuple[str, ...]:
    import tomlkit

    content = _content_of(file)
    understood = understand(content)
    if understood.problems:
        write_whole(backup_of(file), content)
    document: Any = tomlkit.parse(understood.mended)
    if not content.strip():
        document.add(tomlkit.comment(_HEAD))
        document.add(VERSION_KEY, FILE_VERSION)
    for alias in [written for written in document if str(written).lower().replace("_", "-") == name]:
        if alias != name or value is None:
            del document[alias]
    if value is not None:
        document[name] = value
    write_whole(file, f"{tomlkit.dumps(document).rstrip()}\n".encode())
    if not understood.lost:
        return ()
    return *understood.lost, f"The file as it was is {printable(str(backup_of(file)))}."


def _content_of(file: Path) -> bytes:
    """Return what a file holds, nothing if there is none. Raises OSError if it may not be written."""
    try:
        content = read_file(file)
        if not file.stat().st_mode & 0o222:  # an account that may do everything is asked to respect it too
            raise PermissionError(None, "It is read-only")
    except FileNotFoundError:
        return b""
    return content
