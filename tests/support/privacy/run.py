"""Runs a command at will with everything denied that it should not need."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.support.privacy.landlock import version
from tests.support.sources import CHECKOUT

DEMONSTRATION = ("-m", "currency_app", "demo", "--no-realtime", "--voice", "text", "--events", "-")
"""What the whole demonstration is run with."""
_NAMESPACE = ("unshare", "--user", "--map-root-user", "--net")
_GUARD = Path(__file__).parent / "guard"


@dataclass
class Confined:
    """A command that has ended."""

    code: int
    """Its exit code."""
    out: str
    """Its standard output."""
    err: str
    """Its standard error."""
    tried: list[str] = field(default_factory=list)
    """What Python code tried and was denied."""


@cache
def network_denied_by() -> str:
    """What denies the network here: the kernel or only the guard."""
    try:
        done = subprocess.run([*_NAMESPACE, "true"], capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "a guard in each Python process"
    return "a network namespace" if done.returncode == 0 else "a guard in each Python process"


def files_denied_by() -> str:
    """What denies writing files here."""
    return "Landlock" if version() else "a guard in each Python process"


class Place:
    """A home, a temporary and a working folder of a user who has never started anything.

    folder: in which they are made.
    """

    def __init__(self, folder: Path) -> None:
        self.home, self.temporary, self.work = (folder / name for name in ("home", "tmp", "work"))
        for made in (self.home, self.temporary, self.work):
            made.mkdir(parents=True)

    @property
    def env(self) -> dict[str, str]:
        """The environment of a command that is not confined."""
        dropped = ("XDG_", "CURRENCY_APP_", "PULSE_", "DISPLAY", "WAYLAND")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(dropped)}
        path = os.pathsep.join([str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])])
        own = {"HOME": str(self.home), "TMPDIR": str(self.temporary), "PYTHONPATH": path, "CUDA_VISIBLE_DEVICES": ""}
        return {**kept, **own, "PYTHONDONTWRITEBYTECODE": "1"}

    def files(self) -> dict[str, bytes]:
        """What lies in the folders: by place, with its content."""
        root = self.home.parent
        return {
            str(path.relative_to(root)): path.read_bytes()
            for folder in (self.home, self.temporary, self.work)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    def run(self, *words: str, timeout_s: float = 120.0) -> Confined:
        """Run a Python program with everything allowed."""
        return _run([sys.executable, *words], self.env, self.work, timeout_s)

    def run_confined(
        self, *words: str, writable: Sequence[Path] | None = None, network: bool = False, timeout_s: float = 120.0
    ) -> Confined:
        """Run a Python program that may write in the home and temporary folders only, unless others are named."""
        command, env = self.confined(*words, writable=writable, network=network)
        done = _run(command, env, self.work, timeout_s)
        log = Path(env["GUARD_LOG"])
        done.tried = log.read_text().splitlines() if log.exists() else []
        return done

    def confined(
        self, *words: str, writable: Sequence[Path] | None = None, network: bool = False
    ) -> tuple[list[str], dict[str, str]]:
        """Return the command and the environment of a Python program that is confined. network: only files are."""
        folders = [self.home, self.temporary] if writable is None else list(writable)
        log = self.home.parent / "denied"
        env = {**self.env, "GUARD_LOG": str(log), "GUARD_WRITABLE": os.pathsep.join(map(str, folders))}
        env["PYTHONPATH"] = os.pathsep.join([str(_GUARD), env["PYTHONPATH"]])
        denied = () if network or network_denied_by() != "a network namespace" else _NAMESPACE
        # The log is opened for each line, so its folder must stay writable: a file of its own in one of its own.
        log.touch()
        confined = [sys.executable, "-m", "tests.support.privacy.confined", *map(str, [*folders, log]), "--"]
        return [*denied, *confined, sys.executable, *words], env


def _run(command: Sequence[str], env: Mapping[str, str], work: Path, timeout_s: float) -> Confined:
    done = subprocess.run(command, env=env, cwd=work, capture_output=True, text=True, timeout=timeout_s, check=False)
    return Confined(done.returncode, done.stdout, done.stderr)
