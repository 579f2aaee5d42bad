"""Reads the settings that stay: the environment goes before the file, and what is wrong is told once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from currency_app.errors import CurrencyAppError
from currency_app.paths import printable
from currency_app.settings.files import read_file, write_whole
from currency_app.settings.keys import KEYS, SettingCheck, SettingValue
from currency_app.settings.toml_text import understand

FILE_VARIABLE = "CURRENCY_APP_SETTINGS"
"""The environment variable that names another settings file."""


@dataclass(frozen=True)
class StoredSettings:
    """The settings that stay, and what is wrong with them."""

    values: Mapping[str, SettingValue]
    """Those that were set, by the names of KEYS."""
    origins: Mapping[str, str]
    """What set each: a path, or an environment variable."""
    problems: tuple[str, ...] = ()
    """A sentence for each thing that is not used, with what to do."""
    news: tuple[str, ...] = ()
    """Those of the problems that no earlier start has told."""

    def value(self, name: str) -> SettingValue:
        """Return a setting, the usual value if nobody has set it."""
        return self.values.get(name, KEYS[name].usual)


def settings_file(environ: Mapping[str, str] | None = None) -> Path:
    """Return the file of the settings that stay; it may not exist.

    It is $CURRENCY_APP_SETTINGS, else settings.toml in the platform's folder: on Linux currency-app in
    $XDG_CONFIG_HOME, else in ~/.config.
    """
    named = (os.environ if environ is None else environ).get(FILE_VARIABLE)
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("currency-app", appauthor=False) / "settings.toml"


def backup_of(file: Path) -> Path:
    """Return where a settings file is kept that could not be used as it is."""
    return file.with_name(f"{file.name}.bak")


def read_settings(
    checks: Mapping[str, SettingCheck] | None = None,
    *,
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    telling: bool = True,
) -> StoredSettings:
    """Return the settings that stay. Never raises: what cannot be used is told in `problems`, and loses nothing else.

    checks: see `SettingKey.read`. file, environ: the user's unless given. telling: a copy of a
    file with problems is kept beside it as .bak, by which a later start knows that they were told; the file itself is
    left as it is.
    """
    environ = os.environ if environ is None else environ
    file = settings_file(environ) if file is None else file
    in_file, problems, news = _read_file(file, checks, telling=telling)
    values, origins = dict(in_file), dict.fromkeys(in_file, str(file))
    for key in KEYS.values():
        written = environ.get(key.variable)
        if written:
            try:
                values[key.name] = key.read(written, checks)
                origins[key.name] = key.variable
            except CurrencyAppError as error:
                problems.append(f"{key.variable} is not used: {error}")
                news.append(problems[-1])
    return StoredSettings(values, origins, tuple(problems), tuple(news))


def _read_file(
    file: Path, checks: Mapping[str, SettingCheck] | None, *, telling: bool
) -> tuple[Mapping[str, SettingValue], list[str], list[str]]:
    """Return the settings in a file, its problems, and those of them that are news."""
    try:
        content = read_file(file)
    except FileNotFoundError:
        return {}, [], []
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        cure = "Let this account read it, or remove it."
        if file.exists() and not file.is_file():
            cure = f"Move it away, or name a file in {FILE_VARIABLE}."
        problem = f"The settings in {printable(str(file))} cannot be read: {reason}. {cure}"
        return {}, [problem], [problem]
    understood = understand(content, checks)
    problems = list(understood.problems)
    if not problems:
        return understood.values, [], []
    backup = backup_of(file)
    news = [problem for problem in problems if problem not in _problems_of(backup, checks)]
    if not telling:
        return understood.values, problems, news
    kept = f"The file as it was is {printable(str(backup))}."
    if news:
        try:
            write_whole(backup, content)
        except OSError:
            kept = "No copy of the file could be kept."
        news.append(kept)
    problems.append(kept)
    return understood.values, problems, news


def _problems_of(file: Path, checks: Mapping[str, SettingCheck] | None) -> tuple[str, ...]:
    try:
        return understand(read_file(file), checks).problems
    except OSError:
        return ()
