"""Single keys while the app runs in a terminal: no window, and no Enter, is needed."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

_LOOK_EVERY_S = 0.2
"""Seconds between two looks at whether the block was left: soon enough, and no load."""

Actions = Mapping[str, Callable[[], None]]
"""What to do for each key, in lower case. Called on the keyboard's own thread."""


@contextlib.contextmanager
def keyboard(actions: Actions, stream: TextIO | None = None) -> Iterator[None]:
    """Call the action of each key that is pressed, until the block is left.

    The terminal is then as it was, and Ctrl+C keeps its meaning meanwhile.
    stream: standard input unless given. If it is no terminal, as in a pipe, no key is read and nothing is taken from
    it.
    """
    terminal = sys.stdin if stream is None else stream
    if terminal is None or terminal.closed or not terminal.isatty():
        yield
        return
    stop = threading.Event()
    single_keys = _windows_keys if os.name == "nt" else _posix_keys
    with contextlib.ExitStack() as cleanup:
        if os.name != "nt":
            cleanup.enter_context(_without_enter(terminal))
        reader = threading.Thread(target=_read, args=(single_keys(terminal, stop), actions), daemon=True)
        reader.start()
        try:
            yield
        finally:
            stop.set()
            reader.join(timeout=1.0)


def _read(keys: Iterator[str], actions: Actions) -> None:
    for key in keys:
        action = actions.get(key.lower())
        if action is not None:
            action()


@contextlib.contextmanager
def _without_enter(terminal: TextIO) -> Iterator[None]:
    """Hand keys over at once and do not print them."""
    import termios
    import tty

    before = termios.tcgetattr(terminal)
    tty.setcbreak(terminal, termios.TCSANOW)
    try:
        yield
    finally:
        termios.tcsetattr(terminal, termios.TCSANOW, before)


def _posix_keys(terminal: TextIO, stop: threading.Event) -> Iterator[str]:
    while not stop.is_set():
        if select.select([terminal], [], [], _LOOK_EVERY_S)[0]:
            typed = os.read(terminal.fileno(), 32)
            if not typed:
                return
            yield from typed.decode(errors="ignore")


def _windows_keys(terminal: TextIO, stop: threading.Event) -> Iterator[str]:
    import msvcrt

    # Looked up by name: type checkers on other systems know no such functions.
    pressed, read = getattr(msvcrt, "kbhit"), getattr(msvcrt, "getwch")  # noqa: B009
    while not stop.wait(_LOOK_EVERY_S / 4):
        while pressed():
            yield read()
