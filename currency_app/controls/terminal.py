"""Single keys while the app runs in a terminal: no window, and no Enter, is needed."""

from __future__ import annotations

import contextlib
import math
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TextIO

from currency_app.controls.key_parser import KeyParser

_LOOK_EVERY_S = 0.2
"""Seconds between two looks at whether the block was left: soon enough, and no load."""
_SEQUENCE_S = 0.05
"""Seconds in which the rest of a key's sequence comes, also over a network; by hand nobody is as quick."""

_MIN_REPEAT_S, _MAX_REPEAT_S = 0.015, 0.12
"""Seconds between two repeats of a key that is held down: consoles and desktops send 11 to 60 a second. What comes at
once was typed ahead, and no hand presses a key again so soon."""

Actions = Mapping[str, Callable[[], None]]
"""What to do for each key, in lower case. Called on the keyboard's own thread."""


@contextlib.contextmanager
def keyboard(actions: Actions, stream: TextIO | None = None) -> Iterator[None]:
    """Call the action of each key that is pressed, until the block is left.

    The terminal is then as it was, and Ctrl+C keeps its meaning meanwhile. While the app runs in the background of its
    terminal, as after `&` or Ctrl+Z and `bg`, the keys belong to the shell: none is read until it is in front again.
    stream: standard input unless given. If it is no terminal, as in a pipe, no key is read and nothing is taken from
    it.
    """
    terminal = sys.stdin if stream is None else stream
    if terminal is None or terminal.closed or not terminal.isatty():
        yield
        return
    stop = threading.Event()
    keys = _windows_keys(stop) if os.name == "nt" else _posix_keys(terminal.fileno(), stop)
    reader = threading.Thread(target=_read, args=(keys, actions), daemon=True)
    reader.start()
    try:
        yield
    finally:
        stop.set()
        reader.join(timeout=1.0)


def ask_yes_no(question: str) -> bool | None:
    """Ask a question and return the answer; None without an answer that is clear.

    It is asked only if somebody is there: standard input and standard output are one user's terminal, and this process
    is in front of it. One in the background would be stopped for good.
    """
    if any(stream is None or stream.closed or not stream.isatty() for stream in (sys.stdin, sys.stdout)):
        return None
    if os.name == "posix" and not _is_in_front(sys.stdin.fileno()):
        return None
    print(f"{question} Type y for yes or n for no, then Enter.", flush=True)
    return {"y": True, "n": False}.get(sys.stdin.readline().strip().lower()[:1])


def _read(keys: Iterator[str], actions: Actions, clock: Callable[[], float] = time.monotonic) -> None:
    """Act on each key, but not on the repeats of one that is held down.

    They would take every note back, say. No terminal tells the first repeat, which comes late, from another press.
    """
    last, last_at, held = "", -math.inf, False
    for key in keys:
        now = clock()
        since = now - last_at
        held = key == last and since < _MAX_REPEAT_S and (held or since > _MIN_REPEAT_S)
        last, last_at = key, now
        action = actions.get(key.lower())
        if action is not None and not held:
            action()


def _posix_keys(terminal: int, stop: threading.Event) -> Iterator[str]:
    """Yield the keys typed in a terminal, a file descriptor, while this process is in front of it."""
    # A process in the background that touches its terminal is stopped for good, unless it blocks these.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTIN, signal.SIGTTOU})
    parser, mode = KeyParser(), _TerminalMode(terminal)
    try:
        while not stop.is_set():
            if not _is_in_front(terminal):
                stop.wait(_LOOK_EVERY_S)
                continue
            mode.hand_over_at_once()
            if not select.select([terminal], [], [], _SEQUENCE_S if parser.is_inside else _LOOK_EVERY_S)[0]:
                parser.reset()
                continue
            try:
                typed = os.read(terminal, 64)
            except OSError:  # the terminal was closed, or the process sent to the background just now
                if _is_in_front(terminal):
                    return
                continue
            if not typed:
                return
            yield from parser.feed(typed)
    finally:
        mode.restore()


def _is_in_front(terminal: int) -> bool:
    """Whether keys typed in the terminal are this process's. Not so when it has been closed."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False


class _TerminalMode:
    """Makes a terminal, a file descriptor, hand keys over at once and not print them; later as it was."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._before: list[Any] | None = None

    def hand_over_at_once(self) -> None:
        """Set that, unless it is so: a shell that was in front meanwhile may have set it otherwise."""
        import termios
        import tty

        with contextlib.suppress(termios.error):  # closed meanwhile
            mode = termios.tcgetattr(self._terminal)
            if mode[3] & (termios.ICANON | termios.ECHO):
                self._before = self._before or mode
                tty.setcbreak(self._terminal, termios.TCSANOW)

    def restore(self) -> None:
        """Set it as it was; in the background it is the shell's to set."""
        import termios

        if self._before is not None and _is_in_front(self._terminal):
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._terminal, termios.TCSANOW, self._before)


def _windows_keys(stop: threading.Event) -> Iterator[str]:
    """Yield the keys typed in a Windows console."""
    import msvcrt

    # Looked up by name: type checkers on other systems know no such functions.
    pressed, read = getattr(msvcrt, "kbhit"), getattr(msvcrt, "getwch")  # noqa: B009
    while not stop.wait(_LOOK_EVERY_S / 4):
        while pressed():
            key = read()
            # Arrows, function keys and the like send two codes, of which the second can be that of a letter.
            if key in "\x00\xe0" and pressed():
                read()
                continue
            yield key
