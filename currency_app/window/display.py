"""Whether a window can open here, found out without Qt, which ends the whole process where it cannot."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from currency_app.errors import CurrencyAppError

_INSTALL = 'The window needs a package that is not installed: pip install ".[window]" in the clone.'
_NO_DISPLAY = "There is no display for a window here: start it on a desktop, or leave --window out."
_NOT_HERE = "QT_QPA_PLATFORM names a display that is not here: unset it, or leave --window out."
_WITHOUT_SCREEN = ("offscreen", "minimal")
"""Qt's platforms that draw nowhere, as for tests."""
_ANSWER_S = 1.0
"""Seconds in which a display must take a connection; it takes less than one of milliseconds. Chosen by hand."""
_ENDS_PROCESS = ("6.12.0", (3, 11))
"""A version of Qt that ends the process within a minute, and the Python on which it does."""
_WRONG_QT = 'This version of Qt would end the app within a minute: pip install ".[window]" in the clone.'


def can_open_window() -> bool:
    """Whether the extra is installed and there is a display."""
    return _problem(os.environ, sys.platform) is None


def require_window() -> None:
    """Raise CurrencyAppError, which says what to do, if no window can open here."""
    problem = _problem(os.environ, sys.platform)
    if problem is not None:
        raise CurrencyAppError(problem)


def _problem(environ: Mapping[str, str], platform: str) -> str | None:
    """Return why no window can open, in a sentence; None if one can."""
    package = importlib.util.find_spec("PySide6")
    if package is None or package.origin is None:
        return _INSTALL
    if (_version(), sys.version_info[:2]) == _ENDS_PROCESS:
        return _WRONG_QT
    if platform in ("win32", "darwin"):
        return None
    plugins = Path(package.origin).parent / "Qt" / "plugins" / "platforms"
    named = environ.get("QT_QPA_PLATFORM", "")
    if named:
        # Profiles set it for all sessions, also for one without that display, as by ssh: Qt would end the process.
        return _first_usable([name.partition(":")[0] for name in named.split(";")], plugins, environ, _NOT_HERE)
    return _first_usable(["wayland", "xcb"], plugins, environ, _NO_DISPLAY)


def _first_usable(platforms: Sequence[str], plugins: Path, environ: Mapping[str, str], problem: str) -> str | None:
    """Return why none of Qt's platforms can be used, None if one can. problem: returned if no display is reached."""
    why: str | None = problem
    for platform in platforms:
        if platform in _WITHOUT_SCREEN:
            return None
        if platform == "xcb" or platform.startswith("wayland"):
            if not (_x11(environ) if platform == "xcb" else _wayland(environ)):
                continue
            plugin = plugins / f"libq{'xcb' if platform == 'xcb' else 'wayland'}.so"
        else:  # who names another one has the hardware for it
            plugin = plugins / f"libq{platform}.so"
            if not plugin.is_file():
                continue
        why = _missing_library(plugin)
        if why is None:
            return None
    return why


def _version() -> str:
    """Return the version of Qt's package, "" if it does not tell."""
    try:
        return metadata.version("PySide6-Essentials")
    except metadata.PackageNotFoundError:
        return ""


def _wayland(environ: Mapping[str, str]) -> bool:
    """Whether a Wayland display answers: the socket of one that crashed stays."""
    name = environ.get("WAYLAND_DISPLAY", "")
    if not name:
        return False
    try:
        with socket.socket(socket.AF_UNIX) as display:
            display.settimeout(_ANSWER_S)
            display.connect(str(Path(environ.get("XDG_RUNTIME_DIR", ""), name)))
    except (OSError, ValueError):  # ValueError: a name that no file can have
        return False
    return True


def _x11(environ: Mapping[str, str]) -> bool:
    """Whether an X display lets this process in."""
    name = environ.get("DISPLAY")
    if not name:
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # the plugin needs the same library, and says which is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(os.fsencode(name), None))
    try:
        return not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


def _missing_library(plugin: Path) -> str | None:
    """Return which library Qt's plugin for a display lacks, in a sentence; None if none."""
    try:
        ctypes.CDLL(str(plugin))
    except OSError as error:
        library = str(error).partition(":")[0]
        return f"The window needs {library}, which is missing: tools/system-packages.sh window installs it on Debian."
    return None
