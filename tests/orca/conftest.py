"""What the tests with a real Orca share: a private desktop with one, or the reason why there is none."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from currency_app.speech.screen_reader.orca import orca_process
from tests.orca.desktop import own_processes

_PROGRAMS = {
    "orca": "orca",
    "speech-dispatcher": "speech-dispatcher",
    "espeak-ng": "espeak-ng",
    "brltty": "brltty",
    "gnome-terminal": "gnome-terminal",
    "Xvfb": "xvfb",
    "openbox": "openbox",
    "dbus-run-session": "dbus",
    "gdbus": "libglib2.0-bin",
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
}
"""Each program that a desktop with Orca needs, and Debian's package of it."""
_FILES = {
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "/usr/lib/speech-dispatcher-modules/sd_espeak-ng": "speech-dispatcher-espeak-ng",
}
_BINDINGS = "import brlapi, gi; gi.require_version('Atspi', '2.0'); gi.require_version('Wnck', '3.0')"
"""What the system's own Python must be able to import."""


def missing_desktop() -> str:
    """Return what a desktop with Orca lacks here, in a sentence; "" if it lacks nothing."""
    if sys.platform != "linux":
        return "Orca runs on Linux only."
    missing = [package for program, package in _PROGRAMS.items() if shutil.which(program, path=_path()) is None]
    missing += [package for path, package in _FILES.items() if not Path(path).exists()]
    bindings = subprocess.run(["/usr/bin/python3", "-c", _BINDINGS], capture_output=True, check=False)
    if bindings.returncode != 0:
        missing += ["python3-brlapi", "gir1.2-atspi-2.0", "gir1.2-wnck-3.0"]
    return f"Install {', '.join(missing)}: tools/system-packages.sh orca" if missing else ""


def _path() -> str:
    return "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


@pytest.fixture(scope="session", autouse=True)
def _orca() -> None:
    """Skip all of them where a desktop with Orca cannot be had."""
    missing = missing_desktop()
    if missing:
        pytest.skip(f"needs a desktop with a real Orca. {missing}")
    if not own_processes() and orca_process() is not None:
        pytest.skip("an Orca runs here, which that of the tests would end")
