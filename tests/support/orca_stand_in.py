"""A private D-Bus session on which a stand-in for Orca 49 or later is started and killed: see `orca_service`."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.support.desktop import system_python
from tests.support.waiting import wait_until

_SCRIPT = Path(__file__).with_name("orca_service.py")


@dataclass(frozen=True)
class Said:
    """What became of a message."""

    t: float
    """When, as `time.monotonic` reads."""
    what: str
    """"began", "said" to its end, "cut" off, or "dropped" before it began."""
    text: str
    """Its words."""


class OrcaStandIn:
    """Runs while a `with` block lasts, unless `started` is False; can be killed and started again.

    folder: where its log is kept. version: 49, 50 or 51.
    """

    def __init__(self, folder: Path, version: int = 51) -> None:
        self._file = folder / "orca.log"
        self._version = version
        self._bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._bus.stdout is not None
        self.environ = {"DBUS_SESSION_BUS_ADDRESS": self._bus.stdout.readline().strip()}
        self._service: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._bus.terminate()
        self._bus.wait(10)
        if self._bus.stdout is not None:
            self._bus.stdout.close()

    def start(self) -> None:
        """Start it, and wait until it serves."""
        ready = len(self._lines("ready"))
        command = [system_python() or "python3", str(_SCRIPT), str(self._version), str(self._file)]
        self._service = subprocess.Popen(command, env={**os.environ, **self.environ})
        wait_until(lambda: len(self._lines("ready")) > ready)

    def kill(self) -> None:
        """End it at once, in the middle of a word."""
        if self._service is not None:
            self._service.kill()
            self._service.wait()
            self._service = None

    def log(self) -> list[Said]:
        """All that it has done until now."""
        return [said for said in self._entries() if said.what != "ready"]

    def texts(self, what: str) -> list[str]:
        """The words of which this became, in their order."""
        return [said.text for said in self._lines(what)]

    def _lines(self, what: str) -> list[Said]:
        return [said for said in self._entries() if said.what == what]

    def _entries(self) -> list[Said]:
        if not self._file.exists():
            return []
        lines = [line.split(" ", 2) for line in self._file.read_text(encoding="utf-8").splitlines()]
        return [Said(float(t), what, text) for t, what, text in lines]
