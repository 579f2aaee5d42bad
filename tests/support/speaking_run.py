"""One run of `speaking_app`: what it decided, printed and saw, and the processes that speak for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any, Self

import psutil

from tests.support.sources import CHECKOUT
from tests.support.waiting import wait_until

_END_S = 30.0
"""Seconds within which it ends."""


class SpeakingRun:
    """Runs while a `with` block lasts.

    values: what it is shown. environ: what its environment has besides.
    """

    def __init__(self, values: tuple[int, ...], environ: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.speaking_app", *map(str, values)],
            env={**os.environ, **environ, "PYTHONPATH": str(CHECKOUT)},
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._told: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(_END_S)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def wait(self) -> None:
        """Block until it has ended by itself."""
        assert self._process.wait(_END_S) == 0
        self._reader.join(_END_S)

    def wait_for_value(self, count: int) -> float:
        """Block until it is sure of so many values; return when it was sure of the last."""
        wait_until(lambda: len(self.times_of("decided")) >= count)
        return self.times_of("decided")[count - 1]

    def texts_of(self, what: str) -> list[str]:
        """The texts that it "decided" or "printed", in their order."""
        return [told[what] for told in self._told if what in told]

    def times_of(self, what: str) -> list[float]:
        """When it "decided" on a value, "printed" a line or saw a "frame"."""
        return [told["t"] for told in self._told if what in told]

    def frames_in(self, seconds: float, since: float) -> int:
        """How many frames it saw in so many seconds since a moment."""
        return sum(since <= t < since + seconds for t in self.times_of("frame"))

    def kill_child(self, program: str) -> float:
        """Kill what it has started whose command line names this program; return when."""
        found = [
            child
            for child in psutil.Process(self._process.pid).children(recursive=True)
            if any(program in argument for argument in child.cmdline())
        ]
        assert found, f"{program} does not run"
        for child in found:
            child.kill()
        return time.monotonic()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._told.append(json.loads(line))
