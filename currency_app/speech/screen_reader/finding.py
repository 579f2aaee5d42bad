"""Which screen reader runs here, and by which way it is made to speak."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

from currency_app.speech.screen_reader.base import ScreenReader
from currency_app.speech.screen_reader.orca import PROC, WatchedOrca, orca_process
from currency_app.speech.screen_reader.prism import PrismFinder, load_prism
from currency_app.speech.screen_reader.terminal import TerminalLines, orca_reads, writes_to_terminal

FindScreenReader = Callable[[], ScreenReader | None]
"""Returns a way to the screen reader that runs now, None if there is none. Always called on one thread."""


def screen_reader_finder(
    stream: TextIO,
    say_accessible: Callable[[str], object] | None = None,
    *,
    expected: bool = False,
    platform: str = sys.platform,
    environ: Mapping[str, str] | None = None,
    load: Callable[[], Any] = load_prism,
    proc: Path = PROC,
) -> FindScreenReader:
    """Return what finds a screen reader.

    It goes by the first of these ways that leads to one:

    1. Prism: Orca from version 49 on, NVDA, JAWS and others on Windows, and VoiceOver, which takes words only of a
       program with a window.
    2. An Orca of any version that reads the window, or the terminal, if it is one that Orca can read.
    3. If one is expected: whichever may read the window or the terminal, whether it is found to run or not.

    Args:
        stream: what words are printed to.
        say_accessible: lets a screen reader say words through the app's window, from any thread; None without a window.
        expected: the user says that there is one.
        platform: `sys.platform`.
        environ: the environment.
        load: returns the package prism, None if there is none.
        proc: where Linux tells of its processes.
    """
    variables = os.environ if environ is None else environ
    prism = PrismFinder(platform, load)
    lines = TerminalLines(stream, platform)

    def find() -> ScreenReader | None:
        # Without a session bus Prism would print a warning at every look, and there is nobody to be found.
        reachable = {"darwin": say_accessible is not None, "linux": _has_session_bus(variables)}
        if reachable.get(platform, True):
            by_prism = prism.find()
            if by_prism is not None:
                return by_prism
        if platform == "linux" and (say_accessible is not None or orca_reads(stream, variables)):
            process = orca_process(proc)
            if process is not None and say_accessible is not None:
                return WatchedOrca(process, say_accessible, proc=proc)
            if process is not None:
                return WatchedOrca(process, lines.show, lines.close, proc=proc)
        if expected and say_accessible is not None:
            return ExpectedReader("the window's screen reader", say_accessible)
        if expected and writes_to_terminal(stream):
            return ExpectedReader("the terminal's screen reader", lines.show, lines.close)
        return None

    return find


def explain_no_reader(
    stream: TextIO,
    platform: str = sys.platform,
    *,
    environ: Mapping[str, str] | None = None,
    load: Callable[[], Any] = load_prism,
    proc: Path = PROC,
) -> str:
    """Return what to tell a user if none was found without a window, and what to do.

    The arguments are those of `screen_reader_finder`.
    """
    if platform == "linux":
        reads = orca_reads(stream, os.environ if environ is None else environ)
        if not reads and orca_process(proc) is not None:
            return (
                "Orca is running, but can read nothing here: use the window, or a terminal of GNOME, MATE, Xfce, Tilix "
                "or KDE that the words are printed in."
            )
    elif platform == "darwin":
        return (
            "None was found. VoiceOver takes words only of the window, and needs "
            '`pip install ".[window,screen-reader]"` in the clone.'
        )
    elif load() is None:
        return 'None was found. NVDA and JAWS need `pip install ".[screen-reader]"` in the clone.'
    return "None is running that takes words from here."


def _has_session_bus(environ: Mapping[str, str]) -> bool:
    """Return whether programs of this desktop can find each other, by D-Bus."""
    if environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    return Path(environ.get("XDG_RUNTIME_DIR", ""), "bus").is_socket()


class ExpectedReader:
    """Any screen reader that reads what `show` changes on the screen, whether or not one is found to run.

    close: called at the end, to leave the screen tidy.
    """

    def __init__(self, name: str, show: Callable[[str], object], close: Callable[[], object] | None = None) -> None:
        self.name = name
        self.interrupts = False
        self.outlived = True
        self._show = show
        self._close = close

    def send(self, text: str, *, interrupt: bool) -> None:
        """Show the words, for whoever reads them."""
        self._show(text)

    def is_running(self) -> bool:
        """Return True: nobody can tell, and the words stay to be read."""
        return True

    def close(self) -> None:
        """Leave the screen tidy."""
        if self._close is not None:
            self._close()
