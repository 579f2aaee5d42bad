"""`currency-app settings`: lists, shows and sets what stays from start to start."""

from __future__ import annotations

import argparse
from pathlib import Path

from currency_app.commands.kept import SETTING_CHECKS
from currency_app.paths import is_path, printable, public_name
from currency_app.settings import (
    KEYS,
    SettingKey,
    SettingValue,
    StoredSettings,
    find_key,
    read_settings,
    setting_text,
    settings_file,
    write_setting,
)
from currency_app.streams import complain

USUAL = "default"
"""The value by which users take a setting back."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `settings`."""
    parser.add_argument("key", nargs="?", metavar="KEY", help=f"one of {', '.join(KEYS)}")
    parser.add_argument("value", nargs="?", metavar="VALUE", help=f"what it shall be; {USUAL} for the usual value")
    parser.set_defaults(command=_settings)


def _settings(args: argparse.Namespace) -> int:
    key = None if args.key is None else find_key(args.key)
    lost: tuple[str, ...] = ()
    if key is not None and args.value is not None:
        wanted = None if args.value.strip().lower() == USUAL else key.read(args.value, SETTING_CHECKS)
        lost = write_setting(key.name, wanted if wanted is None else _lasting(key.name, wanted))
    stored = read_settings(SETTING_CHECKS, telling=False)
    if key is None:
        for each in KEYS.values():
            print(_described(each, stored))
        print(f"They are kept in {printable(str(settings_file()))}.")
    else:
        print(_shown(stored.value(key.name)))
        if args.value is not None and stored.origins.get(key.name) == key.variable:
            complain(f"currency-app: {key.variable} is set here, and goes before what was kept.")
    for sentence in (*lost, *stored.problems):
        complain(f"currency-app: {sentence}")
    return 0


def _lasting(name: str, value: SettingValue) -> SettingValue:
    """Return a value that means the same wherever a later start is made, as from a menu."""
    if name == "currency":
        from currency_app.recognition.bundle import bundle_names

        return ",".join(map(_whole_bundle, bundle_names(str(value))))
    if name == "source" and not str(value).isdecimal() and Path(str(value)).exists():
        return str(Path(str(value)).absolute())
    return value


def _whole_bundle(name: str) -> str:
    """Return the name of an installed bundle as it is, and of another one its whole path."""
    from currency_app.recognition.bundle import find_bundle

    folder = find_bundle(name)
    return str(folder.absolute()) if is_path(name) or folder == Path(name) else name


def _described(key: SettingKey, stored: StoredSettings) -> str:
    """Return a line about a setting that is easy to follow by ear."""
    shown, origin = _shown(stored.value(key.name)), stored.origins.get(key.name)
    if origin is None:
        shown = f"{shown}, the usual value"
    elif origin == key.variable:
        shown = f"{shown}, by {origin}"
    return f"{key.name}: {shown}. {key.help[0].upper()}{key.help[1:]}."


def _shown(value: SettingValue) -> str:
    """Return a value as users write it, without the password that a camera's address may hold."""
    return public_name(setting_text(value)) or "(an address)"
