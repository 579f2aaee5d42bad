"""Keys of a terminal: at once, only while the app is in front of it, and the terminal is afterwards as it was."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

import pytest

from currency_app.controls import terminal as terminal_module
from currency_app.controls.terminal import ask_yes_no, keyboard
from currency_app.testing import FakeClock

if sys.platform == "win32":
    pytest.skip("needs a POSIX terminal to type into", allow_module_level=True)

import pty
import termios


@dataclass
class Terminal:
    """A pseudo-terminal, and whether this process is in front of it."""

    ours: int
    theirs: TextIO
    in_front: threading.Event = field(default_factory=threading.Event)

    def type(self, keys: bytes) -> None:
        os.write(self.ours, keys)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "r") as stream:
        made = Terminal(ours, stream)
        made.in_front.set()
        # A terminal that nobody started a session on has no process in front.
        monkeypatch.setattr(terminal_module, "_is_in_front", lambda number: made.in_front.is_set())
        yield made
    with contextlib.suppress(OSError):
        os.close(ours)


class Pressed:
    """Keeps the keys that were acted on."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.last = threading.Event()

    def actions(self, last: str = "q") -> dict[str, Callable[[], None]]:
        def press(key: str) -> None:
            self.keys.append(key)
            if key == last:
                self.last.set()

        return {key: lambda key=key: press(key) for key in "rtq"}  # type: ignore[misc]


def test_keys_act_at_once_in_either_case_and_the_terminal_is_restored(terminal: Terminal) -> None:
    pressed = Pressed()
    before = termios.tcgetattr(terminal.theirs)
    with keyboard(pressed.actions(), terminal.theirs):
        terminal.type(b"xRtq")
        assert pressed.last.wait(5.0)
        assert not termios.tcgetattr(terminal.theirs)[3] & termios.ICANON
    assert termios.tcgetattr(terminal.theirs) == before
    assert pressed.keys == ["r", "t", "q"]


def test_function_keys_are_no_letters(terminal: Terminal) -> None:
    pressed = Pressed()
    with keyboard(pressed.actions("t"), terminal.theirs):
        terminal.type(b"\x1bOQ\x1bORt")
        assert pressed.last.wait(5.0)
    assert pressed.keys == ["t"]


def test_in_the_background_the_keys_and_the_terminal_are_the_shells(terminal: Terminal) -> None:
    pressed = Pressed()
    before = termios.tcgetattr(terminal.theirs)
    terminal.in_front.clear()
    with keyboard(pressed.actions(), terminal.theirs):
        terminal.type(b"r\n")
        assert not pressed.last.wait(0.5)
        assert termios.tcgetattr(terminal.theirs) == before
        terminal.in_front.set()
        terminal.type(b"q")
        assert pressed.last.wait(5.0), "in front again, keys act again"
    assert termios.tcgetattr(terminal.theirs) == before


@pytest.mark.parametrize(
    ("typed", "acted"),
    [
        ([(0, "t"), (0.5, "t"), *[(0.033, "t")] * 30], "tt"),  # a desktop: the first repeat could be a press
        ([(0, "t"), (0.25, "t"), *[(0.092, "t")] * 10, (0.5, "t")], "ttt"),  # the console, then another press
        ([(0, "t"), (0.5, "t"), *[(0.05, "t"), (0.0, "t")] * 9], "tt"),  # a console that is looked at now and then
        ([(0, "t"), (0.0, "t"), (0.0, "t")], "ttt"),  # typed ahead
        ([(0, "t"), (0.2, "t"), (0.2, "t")], "ttt"),
        ([(0, "t"), (0.05, "r"), (0.05, "t")], "trt"),
    ],
)
def test_a_key_that_is_held_down_does_not_act_on_and_on(typed: list[tuple[float, str]], acted: str) -> None:
    clock, pressed = FakeClock(), Pressed()

    def keys() -> Iterator[str]:
        for after_s, key in typed:
            clock.now += after_s
            yield key

    terminal_module._read(keys(), pressed.actions(), clock)
    assert "".join(pressed.keys) == acted


def test_what_another_program_set_meanwhile_is_set_again(terminal: Terminal) -> None:
    pressed = Pressed()
    before = termios.tcgetattr(terminal.theirs)
    with keyboard(pressed.actions("t"), terminal.theirs):
        terminal.type(b"t")
        assert pressed.last.wait(5.0)
        pressed.last.clear()
        termios.tcsetattr(terminal.theirs, termios.TCSANOW, before)
        terminal.type(b"t")
        assert pressed.last.wait(5.0), "without Enter"


def test_a_terminal_that_was_closed_ends_the_keys_and_nothing_else(terminal: Terminal) -> None:
    with keyboard(Pressed().actions(), terminal.theirs):
        os.close(terminal.ours)


def test_nothing_is_taken_from_a_pipe() -> None:
    pipe = io.StringIO("rrr")
    with keyboard({"r": lambda: pytest.fail("a key was read")}, pipe):
        pass
    assert pipe.read() == "rrr"


@pytest.mark.parametrize(
    ("codes", "keys"),
    [("\xe0Q", []), ("\xe0R", []), ("\x00;", []), ("rq", ["r", "q"]), ("\xe0Qt", ["t"]), ("\xe0", ["\xe0"])],
)
def test_windows_keys_of_two_codes_are_no_letters(monkeypatch: pytest.MonkeyPatch, codes: str, keys: list[str]) -> None:
    waiting = list(codes)
    console = types.SimpleNamespace(kbhit=lambda: bool(waiting), getwch=lambda: waiting.pop(0))
    monkeypatch.setitem(sys.modules, "msvcrt", console)
    stop = threading.Event()
    found = []
    for key in terminal_module._windows_keys(_EndsWhenEmpty(waiting, stop)):
        found.append(key)
    assert found == keys


class Screen(io.StringIO):
    """What is printed to a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("typed", "answer"),
    [(b"y\n", True), (b"Yes\n", True), (b"n\n", False), (b" NO \n", False), (b"\n", None), (b"maybe\n", None)],
)
def test_a_question_is_answered_by_a_letter_and_enter(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, typed: bytes, answer: bool | None
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stdin", terminal.theirs)
    monkeypatch.setattr(sys, "stdout", screen)
    terminal.type(typed)
    assert ask_yes_no("Did you hear it?") is answer
    assert screen.getvalue() == "Did you hear it? Type y for yes or n for no, then Enter.\n"


@pytest.mark.parametrize("missing", ["input", "output", "front"])
def test_nobody_is_asked_without_a_terminal_in_front(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    screen = io.StringIO() if missing == "output" else Screen()
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n") if missing == "input" else terminal.theirs)
    monkeypatch.setattr(sys, "stdout", screen)
    if missing == "front":
        terminal.in_front.clear()
    terminal.type(b"y\n")
    assert ask_yes_no("Did you hear it?") is None
    assert screen.getvalue() == ""


class _EndsWhenEmpty(threading.Event):
    """Says to stop once nothing waits any more."""

    def __init__(self, waiting: list[str], stop: threading.Event) -> None:
        super().__init__()
        self._waiting = waiting

    def wait(self, timeout: float | None = None) -> bool:
        return not self._waiting
