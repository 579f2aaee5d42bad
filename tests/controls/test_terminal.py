from __future__ import annotations

import io
import os
import sys
import threading

import pytest

from currency_app.controls.terminal import keyboard

if sys.platform == "win32":
    pytest.skip("needs a POSIX terminal to type into", allow_module_level=True)

import pty
import termios


def test_keys_act_at_once_in_either_case_and_the_terminal_is_restored() -> None:
    ours, theirs = pty.openpty()
    pressed: list[str] = []
    both = threading.Event()

    def note(key: str) -> None:
        pressed.append(key)
        if len(pressed) == 2:
            both.set()

    with os.fdopen(theirs, "r") as terminal:
        before = termios.tcgetattr(terminal)
        with keyboard({"r": lambda: note("r"), "t": lambda: note("t")}, terminal):
            os.write(ours, b"xRt")
            assert both.wait(5.0)
        assert termios.tcgetattr(terminal) == before
    os.close(ours)
    assert pressed == ["r", "t"]


def test_nothing_is_taken_from_a_pipe() -> None:
    pipe = io.StringIO("rrr")
    with keyboard({"r": lambda: pytest.fail("a key was read")}, pipe):
        pass
    assert pipe.read() == "rrr"
