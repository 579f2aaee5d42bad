"""Faults of real processes: signals, suspension, a stream that stalls, memory that is short, broken settings."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.support.chaos.judging import Violation
from tests.support.mjpeg_server import MjpegServer

ENDS_S = 120.0
"""Seconds in which a process has started, read and ended, on a machine that has hardly a core for it."""
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_SHOWN = (20, 1, 5, 100, 10, 2, 50)
"""Values of the demonstration, in their order."""
_MB = 1 << 20


@dataclass
class Ended:
    """A process that has ended."""

    code: int | None
    """Its exit code; None if it did not end in time."""
    events: list[dict[str, Any]]
    words: str
    """What it wrote on standard error."""
    left: list[str]
    """Files that it has left in the folder for temporary files."""


@dataclass(frozen=True)
class ProcessFault:
    """One thing that goes wrong with a real process."""

    name: str
    must: str
    happen: Callable[[random.Random], list[Violation]]
    """Starts the app, lets it happen, and returns what must not be."""


class _App:
    """A `currency-app` process with folders of its own."""

    def __init__(self, folder: Path, *arguments: str, settings: bytes | None = None) -> None:
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        if settings is not None:
            (folder / "settings.toml").write_bytes(settings)
        state = folder / "state" / "currency-app"
        state.mkdir(parents=True)
        for mark in ("started", "introduced"):
            (state / mark).touch()
        names = {"XDG_STATE_HOME": "state", "XDG_CACHE_HOME": "cache", "CURRENCY_APP_SETTINGS": "settings.toml"}
        env = {**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": str(self.temporary)}
        env |= {name: str(folder / below) for name, below in names.items()}
        self._out, self._err = folder / "out", folder / "err"
        command = [sys.executable, "-m", "currency_app", *arguments, "--no-window", "--events", "-"]
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self.process = subprocess.Popen(command, stdout=out, stderr=err, env=env, start_new_session=True)

    def wait_for(self, event: str, timeout_s: float = ENDS_S) -> bool:
        """Wait until an event is written."""
        until = time.monotonic() + timeout_s
        while time.monotonic() < until and self.process.poll() is None:
            if any(each["event"] == event for each in self.events()):
                return True
            time.sleep(0.05)
        return False

    def events(self) -> list[dict[str, Any]]:
        lines = self._out.read_text(encoding="utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def words(self) -> str:
        return self._err.read_text(encoding="utf-8")

    def wait_until_ready(self) -> None:
        """Wait until it has said that it is."""
        until = time.monotonic() + ENDS_S
        while "Ready" not in self.words() and time.monotonic() < until and self.process.poll() is None:
            time.sleep(0.05)

    def end(self) -> Ended:
        """Wait until it has ended, by force at last."""
        code: int | None
        try:
            code = self.process.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            code = None
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        left = [path.name for path in self.temporary.glob("currency-app*")]  # not what the sound system leaves
        return Ended(code, self.events(), self.words(), left)


@contextmanager
def _app(*arguments: str, settings: bytes | None = None) -> Iterator[_App]:
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        app = _App(Path(folder), *arguments, settings=settings)
        try:
            yield app
        finally:
            if app.process.poll() is None:
                os.killpg(app.process.pid, signal.SIGKILL)
                app.process.wait()


def _judged(ended: Ended, *codes: int) -> list[Violation]:
    """What must not be, whatever happened. codes: those with which it may end."""
    found = []
    if ended.code is None:
        found.append(Violation("hangs", f"it did not end within {ENDS_S:.0f} s"))
    elif ended.code not in codes:
        found.append(Violation("crashes", f"exit code {ended.code}: {ended.words[-400:]}"))
    if "Traceback" in ended.words or "Exception ignored" in ended.words:
        found.append(Violation("crashes", ended.words[-1000:]))
    if ended.left:
        found.append(Violation("crashes", f"files are left: {ended.left}"))
    sightings = [event for event in ended.events if event["event"] == "sighting"]
    for event in sightings:
        if event.get("text", "") not in ended.words:
            found.append(Violation("lost", f"{event} was not printed"))
    return found


def _in_order(ended: Ended) -> list[Violation]:
    """The demonstration's values come in their order; one that is held when a gap is over may come once more."""
    values = [event["value"] for event in ended.events if event["event"] == "sighting"]
    singly = [value for number, value in enumerate(values) if number == 0 or values[number - 1] != value]
    rest = iter(_SHOWN)
    return [] if all(value in rest for value in singly) else [Violation("wrong", f"{values} of {_SHOWN} was announced")]


def _signalled(chance: random.Random) -> list[Violation]:
    """At any moment from the first on, with another one right after it now and then."""
    with _app("demo", "--voice", chance.choice(("text", "auto"))) as app:
        time.sleep(chance.choice((chance.uniform(0.05, 1.0), chance.uniform(0.5, 5.0))))
        number = chance.choice(_SIGNALS)
        for wait_s in (0.0, *chance.choice(((), (0.0,), (0.2, 0.2)))):
            time.sleep(wait_s)
            app.process.send_signal(number)
        ended = app.end()
    return [*_judged(ended, 0, 130, *(-number for number in _SIGNALS)), *_in_order(ended)]


def _suspended(chance: random.Random) -> list[Violation]:
    with _app("demo", "--voice", "text", "--max-seconds", "8") as app:
        time.sleep(chance.uniform(0.1, 5.0))
        app.process.send_signal(signal.SIGSTOP)
        time.sleep(chance.uniform(0.2, 4.0))
        app.process.send_signal(signal.SIGCONT)
        ended = app.end()
    return [*_judged(ended, 0), *_in_order(ended)]


def _stalled(chance: random.Random) -> list[Violation]:
    """The stream stands still, or its server goes, and comes back."""
    with MjpegServer() as server, _app("run", "--source", server.url, "--voice", "text") as app:
        app.wait_until_ready()
        time.sleep(chance.uniform(0.0, 2.0))
        goes = chance.random() < 0.5
        if goes:
            server.stop()
        else:
            server.paused.set()
        lost = app.wait_for("camera_lost")
        if goes:
            server.start()
        server.paused.clear()
        back = app.wait_for("camera_back")
        app.process.send_signal(signal.SIGTERM)
        ended = app.end()
    found = _judged(ended, 0)
    if not (lost and back):
        found.append(Violation("lost", f"camera lost {lost}, back {back}: {ended.words[-300:]}"))
    return found


def _short_of_memory(chance: random.Random) -> list[Violation]:
    """No more memory is to be had for a while, at any moment."""
    import resource  # Linux alone has limits that are set from outside

    with _app("demo", "--voice", "text", "--max-seconds", "6") as app:
        time.sleep(chance.uniform(0.3, 5.0))
        try:
            used = psutil.Process(app.process.pid).memory_info().vms
            whole = resource.prlimit(app.process.pid, resource.RLIMIT_AS)
            resource.prlimit(app.process.pid, resource.RLIMIT_AS, (used + chance.randint(0, 8) * _MB, whole[1]))
            time.sleep(chance.uniform(0.5, 3.0))
            resource.prlimit(app.process.pid, resource.RLIMIT_AS, whole)
        except (psutil.Error, ProcessLookupError):
            pass  # it has ended
        ended = app.end()
    return [*_judged(ended, 0, 2), *_in_order(ended)]


def _broken_settings(chance: random.Random) -> list[Violation]:
    """Bytes of the file are changed, left out and added."""
    settings = bytearray(b'version = 1\nvoice = "text"\nlanguage = "es"\nrate = 180\ncurrency = "usd"\ntones = false\n')
    for _ in range(chance.randint(1, 12)):
        place = chance.randrange(len(settings))
        settings[place : place + chance.randint(0, 2)] = chance.randbytes(chance.randint(0, 2))
    with _app("demo", "--voice", "text", "--language", "en", "--max-seconds", "2", settings=bytes(settings)) as app:
        ended = app.end()
    return [*_judged(ended, 0), *_in_order(ended)]


PROCESS_FAULTS = (
    ProcessFault(
        "process: signal, from the first moment on", "It ends at once, and leaves nothing behind.", _signalled
    ),
    ProcessFault("process: suspended and resumed", "It goes on, and ends as usual.", _suspended),
    ProcessFault("process: stream stalls, or its server goes", "It says so, and reads on once it is back.", _stalled),
    ProcessFault(
        "process: memory short", "It goes on, or ends with one sentence that says what to do.", _short_of_memory
    ),
    ProcessFault("process: settings file broken", "It starts with what can be used of it.", _broken_settings),
)
"""What real processes are put to."""
