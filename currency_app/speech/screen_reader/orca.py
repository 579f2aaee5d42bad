"""Orca, whether it runs, and words that reach it because it reads out what changes on the screen.

Orca has had a way to be sent words since version 49, which `prism` uses. Before, it says what a program changes: the
description of what has the focus in a window, or what is written in a terminal. Newer ones do that as well.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

PROC = Path("/proc")
"""Where Linux tells of its processes."""


def orca_process(proc: Path = PROC) -> int | None:
    """Return the number of this user's Orca process, None if there is none.

    The desktop does not tell: its setting that a screen reader runs is off while Orca runs that was started by hand,
    and stays on after one that was killed. 90 processes take 5 ms.
    """
    user = os.getuid()
    for folder in proc.iterdir():
        if folder.name.isdigit() and _is_orca(folder):
            try:
                if folder.stat().st_uid == user:
                    return int(folder.name)
            except OSError:  # it has ended
                continue
    return None


class WatchedOrca:
    """An Orca of any version, which reads out what `show` changes on the screen.

    It says and shows in braille all that it reads, in order, so nothing can be cut off. speech-dispatcher speaks for
    it, and says what it has to the end if Orca is killed.

    Args:
        process: the number of its process.
        show: changes what is on the screen; it must return at once, on any thread.
        close: called at the end, to leave the screen tidy.
        proc: where the system tells of its processes.
    """

    def __init__(
        self,
        process: int,
        show: Callable[[str], object],
        close: Callable[[], object] | None = None,
        *,
        proc: Path = PROC,
    ) -> None:
        self.name = "Orca"
        self.interrupts = False
        self.outlived = True
        self._folder = proc / str(process)
        self._show = show
        self._close = close

    def send(self, text: str, *, interrupt: bool) -> None:
        """Show the words, for Orca to read."""
        self._show(text)

    def is_running(self) -> bool:
        """Return whether its process is there and not stopped."""
        return _is_orca(self._folder)

    def close(self) -> None:
        """Leave the screen tidy."""
        if self._close is not None:
            self._close()


def _is_orca(folder: Path) -> bool:
    """Return whether a process is Orca, and neither stopped nor a zombie."""
    try:
        # "1234 (orca) S 1 ...": the name in brackets is the one that Orca gives itself, not its interpreter's
        stat = (folder / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    _, _, rest = stat.partition("(")
    name, _, state = rest.rpartition(") ")
    return name == "orca" and state[:1] not in ("T", "t", "Z", "X")
