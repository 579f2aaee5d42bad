"""A desktop with a real Orca, a speech server, a braille display and a loudspeaker that is recorded."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np

from tests.support.sound.pulse import SINK_RATE, Samples, segments
from tests.support.sources import CHECKOUT
from tests.support.waiting import wait_until

HERE = Path(__file__).parent
APP = (sys.executable, "-m", "currency_app", "run", "--language", "en")
"""The app as its user starts it."""
_OWN_PROCESSES = ("--pid", "--fork", "--mount-proc", "--kill-child")
_START_S = 90.0
"""Seconds in which Orca and all that it needs have started, on a busy machine; two of three starts may hang."""
_END_S = 30.0
"""Seconds in which all of it has ended."""


@cache
def own_processes() -> tuple[str, ...]:
    """Return what makes a command see no other processes than its own, () if that is not to be had here.

    An Orca that starts ends all others of its user, and the app takes any that it sees for the one that reads it.
    """
    for command in (("unshare", *_OWN_PROCESSES), ("unshare", "--map-root-user", *_OWN_PROCESSES)):
        if (
            shutil.which("unshare")
            and subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
        ):
            return command
    return ()


class OrcaDesktop:
    """Runs while a `with` block lasts. What Orca did is read after it, for Orca writes its log in blocks.

    folder: an empty one for all that is kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environ = os.environ | {
            "HERE": str(HERE),
            "RATE": str(SINK_RATE),
            "BRAILLE_PORT": str(port),
            "PYTHONPATH": str(CHECKOUT),
            "PATH": f"{os.environ['PATH']}:/usr/sbin",
        }
        with (folder / "session.log").open("w") as log:
            session = [*own_processes(), "bash", str(HERE / "session.sh"), str(folder)]
            self._session = subprocess.Popen(session, env=environ, stdin=subprocess.PIPE, stdout=log, stderr=log)
        self._runs = 0

    def __enter__(self) -> Self:
        ready = self._folder / "ready"
        try:
            wait_until(lambda: ready.exists() or self._session.poll() is not None, _START_S)
            assert ready.exists(), (self._folder / "session.log").read_text()
        except BaseException:
            self.__exit__()
            raise
        self.wait_until_quiet()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._session.stdin is not None
        self._session.stdin.close()
        try:
            self._session.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._session.kill()
            self._session.wait()

    def start(self, *command: str | Path) -> Path:
        """Start a program on the desktop; return the file that has its exit code when it has ended."""
        self._runs += 1
        script = self._folder / f"command-{self._runs}"
        script.write_text(f"exec {shlex.join(map(str, command))}\n", encoding="utf-8")
        self._tell(f"run {script}")
        return script.with_name(f"{script.name}.code")

    def run(self, *command: str | Path, timeout_s: float) -> None:
        """Run a program on the desktop, and wait until Orca has said all."""
        code = self.start(*command)
        wait_until(code.exists, timeout_s)
        assert code.read_text().strip() == "0", code.with_suffix(".log").read_text(errors="replace")
        self.wait_until_quiet()

    def kill(self, name: str) -> float:
        """Kill "orca" or "pulse" at once; return when, as `time.monotonic` reads."""
        self._tell(f"kill {name}")
        return time.monotonic()

    def _tell(self, line: str) -> None:
        assert self._session.stdin is not None
        self._session.stdin.write(f"{line}\n".encode())
        self._session.stdin.flush()

    def wait_until_quiet(self, seconds: float = 1.2, timeout_s: float = 30.0) -> None:
        """Block until the last so many seconds of the recording were silent."""

        def quiet() -> bool:
            newest = self.sound()[-round(seconds * SINK_RATE) :]
            return len(newest) >= seconds * SINK_RATE and not segments(newest, SINK_RATE)

        wait_until(quiet, timeout_s)

    def sound(self) -> Samples:
        """What the loudspeaker played so far."""
        recorded = (self._folder / "heard.raw").read_bytes()
        return np.frombuffer(recorded[: len(recorded) // 2 * 2], np.int16)

    def spoken(self) -> list[str]:
        """The texts that Orca let its speech server say, in their order."""
        log = (self._folder / "orca.dbg").read_text(encoding="utf-8", errors="replace")
        return [" ".join(text.split()) for text in re.findall(r"SPEECH OUTPUT: '(.*?)'", log, re.DOTALL)]

    def braille(self) -> list[str]:
        """The lines that the braille display showed, in their order."""
        lines = (self._folder / "braille.txt").read_text(encoding="utf-8").splitlines()
        return [line.removeprefix('Visual "').rstrip('"').strip() for line in lines]


def only(texts: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Those texts that are wanted ones, in their order."""
    return [text for text in texts if text in wanted]
