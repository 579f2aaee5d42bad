"""A private desktop without a screen: a display, a window manager, D-Bus and the bus of screen readers."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

NEEDED = ("Xvfb", "openbox", "xdotool", "dbus-daemon", "gdbus")
"""Programs; tools/system-packages.sh test installs them."""
PROCESS_S = 10
"""Seconds in which a program of the desktop starts or ends."""


def missing_programs() -> list[str]:
    return [program for program in NEEDED if shutil.which(program) is None]


@contextlib.contextmanager
def private_desktop(folder: Path, size: str = "1280x900x24") -> Iterator[dict[str, str]]:
    """Yield the environment of programs on the desktop; stop all that was started in the end."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    environ = {
        **os.environ,
        "HOME": str(folder),
        "XDG_RUNTIME_DIR": str(runtime),
        "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
        "LC_ALL": "C.UTF-8",
    }
    started: list[subprocess.Popen[str]] = []

    def start(*command: str, fds: tuple[int, ...] = ()) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            command, env=environ, text=True, pass_fds=fds, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        started.append(process)
        return process

    reading, writing = os.pipe()
    try:
        start("Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp", fds=(writing,))
        os.close(writing)
        with os.fdopen(reading) as numbers:
            environ["DISPLAY"] = f":{numbers.readline().strip()}"
        bus = start("dbus-daemon", "--session", "--nofork", "--print-address")
        assert bus.stdout is not None
        environ["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
        start("openbox")
        yield environ
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            try:
                process.wait(PROCESS_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(PROCESS_S)
            if process.stdout is not None:
                process.stdout.close()


def system_python() -> str | None:
    """A Python that has the client library of screen readers, None if there is none: Debian's own."""
    for python in ("/usr/bin/python3", sys.executable):
        asked = [python, "-c", "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"]
        if Path(python).exists() and subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return python
    return None
