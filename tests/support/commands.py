"""Runs the commands as a user does, and keeps what they print."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any, Self

import pytest

HARMLESS = "INFO: Created TensorFlow Lite XNNPACK delegate"


class Ran:
    """A command line program. code, out, err: exit code and lines of its last run.

    main: the program. name: as its errors begin.
    """

    def __init__(self, main: Callable[[Sequence[str]], int], name: str, capfd: pytest.CaptureFixture[str]) -> None:
        self._main = main
        self._name = name
        self._capfd = capfd
        self.code = -1
        self.out: list[str] = []
        self.err: list[str] = []

    def __call__(self, *arguments: str) -> Self:
        self._capfd.readouterr()
        try:
            self.code = self._main(arguments)
        except SystemExit as error:
            self.code = int(error.code or 0)
        captured = self._capfd.readouterr()
        self.out = captured.out.splitlines()
        self.err = [line for line in captured.err.splitlines() if HARMLESS not in line]
        return self

    def json(self) -> list[dict[str, Any]]:
        """Each line that was printed."""
        return [json.loads(line) for line in self.out]

    def refused(self) -> str:
        """The one line of an error."""
        assert self.code == 2
        assert self.out == []
        assert len(self.err) == 1, self.err
        assert self.err[0].startswith(self._name)
        return self.err[0]


def events_of(*command: str) -> list[dict[str, Any]]:
    """What `currency-app` writes of a run or a demonstration, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "currency_app", *command, "--voice", "off", "--events", "-"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
