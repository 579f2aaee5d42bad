"""Which language is spoken: the one that was asked for, or the one of the system."""

from __future__ import annotations

import ctypes
import locale
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from currency_app.speech.phrases import languages

AUTO = "auto"
"""The value of `--language` that follows the system."""

FALLBACK = "en"
"""The language of systems whose own has no phrases."""

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""What POSIX names the language of messages by; the first that is set decides."""

_NO_LANGUAGE = ("C", "POSIX", "")
"""Locales that name no language."""

_PREFERRED = "LANGUAGE"
"""In what GNU gettext lets users list languages in the order of their liking, with colons between them. It goes before
_VARIABLES, unless these name the locale C."""

_ASK_S = 3.0
"""Seconds in which macOS must name its language; generous, chosen by hand."""


def spoken_language(choice: str = AUTO) -> str:
    """Return the language to speak, such as "es" or "es-MX".

    choice: a code, which is returned as it is, or AUTO: then the system's language, or FALLBACK if it has no phrases.
    """
    if choice.lower() != AUTO:
        return choice
    tag, _ = system_language()
    return tag if _is_spoken(tag) else FALLBACK


def system_language(environ: Mapping[str, str] | None = None, platform: str = sys.platform) -> tuple[str, str]:
    """Return the language of the system as a tag such as "es-MX", and what named it, in words for users.

    The environment goes first on every platform, because it is set on purpose for one program or one shell. Of several
    languages that it lists, it is the first that has phrases. Windows and macOS are then asked for the language of
    their own menus. The locales C and POSIX, and none at all, are English.
    """
    environ = os.environ if environ is None else environ
    for variable in _VARIABLES:
        named = environ.get(variable, "")
        if named:
            preferred = "" if _name(named) in _NO_LANGUAGE else environ.get(_PREFERRED, "")
            tags = [_tag(name) for name in preferred.split(":") if name]
            if tags:
                return next(filter(_is_spoken, tags), tags[0]), f"{_PREFERRED}={preferred}"
            return _tag(named), f"{variable}={named}"
    named = {"win32": _windows_language, "darwin": _mac_language}.get(platform, lambda: "")()
    return (_tag(named), "the system's settings") if named else (FALLBACK, "no locale is set")


def _is_spoken(tag: str) -> bool:
    return tag.split("-", maxsplit=1)[0].lower() in languages()


def _tag(locale_name: str) -> str:
    """Return a locale's name, such as "es_MX.UTF-8", as a tag: "es-MX"."""
    name = _name(locale_name)
    return FALLBACK if name in _NO_LANGUAGE else name.replace("_", "-")


def _name(locale_name: str) -> str:
    """Return a locale's name without its encoding and variant: "es_MX" of "es_MX.UTF-8"."""
    return re.split(r"[.@]", locale_name)[0]


def _windows_language() -> str:
    """Return the language of the user's menus, "" if it has no name."""
    windll: Any = getattr(ctypes, "windll")  # noqa: B009 - there is none elsewhere
    return locale.windows_locale.get(windll.kernel32.GetUserDefaultUILanguage(), "")


def _mac_language() -> str:
    """Return the first of the user's preferred languages, "" if they cannot be had."""
    try:
        found = subprocess.run(
            ["defaults", "read", "-g", "AppleLanguages"], capture_output=True, text=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    first = re.search(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*", found.stdout)
    return first.group() if first is not None and found.returncode == 0 else ""
