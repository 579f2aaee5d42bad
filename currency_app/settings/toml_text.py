"""What can be understood of a settings file that may be broken, cut off, or written by another version."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from currency_app.errors import CurrencyAppError
from currency_app.settings.keys import SettingCheck, SettingValue, find_key

FILE_VERSION = 1
"""The version of the file that is written. It rises only if a setting gets another meaning."""

VERSION_KEY = "version"
"""Where the file says which version it is."""

_MAX_BYTES = 16_384
"""Bytes of a file that are looked at: fifty times what all settings take. Chosen by hand."""

_MARK = "# Not understood: "
"""What is put before a line that could not be understood, when the file is written again."""


@dataclass(frozen=True)
class UnderstoodText:
    """A settings file, as far as it is understood."""

    values: Mapping[str, SettingValue]
    """The settings that may be what they are, by name."""
    problems: tuple[str, ...]
    """A sentence for each thing that is not used, with what to do."""
    mended: str
    """The text as TOML, with a mark before each line that is none."""
    lost: tuple[str, ...]
    """Those of the problems that are no more in `mended`."""


def understand(content: bytes, checks: Mapping[str, SettingCheck] | None = None) -> UnderstoodText:
    """Return what a settings file says. One bad line or value loses nothing else. checks: see `SettingKey.read`."""
    text, problems = _mend(content)
    lost = tuple(problems)
    table = tomllib.loads(text)
    version = table.pop(VERSION_KEY, FILE_VERSION)
    newer = isinstance(version, int) and not isinstance(version, bool) and version > FILE_VERSION
    if newer:
        problems.append(
            f"The settings were written by a newer currency-app, as version {version}; this one knows version "
            f"{FILE_VERSION} and uses what it understands. Install the newer one to use them all."
        )
    values: dict[str, SettingValue] = {}
    for name, raw in table.items():
        try:
            key = find_key(name)
            values[key.name] = key.read(raw, checks)
        except CurrencyAppError as error:
            if not newer:  # else it may mean something there
                problems.append(str(error))
    return UnderstoodText(values, tuple(problems), text, lost)


def _mend(content: bytes) -> tuple[str, list[str]]:
    """Return a file's text as TOML, and a sentence for each line that is none."""
    text = content[:_MAX_BYTES].decode("utf-8", errors="replace").lstrip("\ufeff").replace("\r\n", "\n")
    if len(content) <= _MAX_BYTES and _table_of(text) is not None:
        return text, []
    good: list[str] = []
    problems = []
    for number, line in enumerate(text.split("\n"), start=1):
        # A key may stand in a file once; a line without one is judged alone, which is quicker.
        before = [] if line.strip().startswith("#") or not line.strip() else good
        if _table_of("\n".join([*before, line])) is not None:
            good.append(line)
            continue
        good.append(_MARK + "".join(letter if letter.isprintable() else "?" for letter in line))
        problems.append(f"Line {number} of the settings is not understood. Texts stand in quotation marks.")
    if len(content) > _MAX_BYTES:
        problems.append(f"The settings file has over {_MAX_BYTES} bytes, and what comes after these is not read.")
    return "\n".join(good), problems


def _table_of(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # ValueError: a TOMLDecodeError is one
        return None
