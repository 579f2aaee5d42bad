"""Which screen reader is found, and by which way words go to it; nothing of this machine is looked at."""

from __future__ import annotations

import io
import os
import socket
from pathlib import Path

import pytest

from currency_app.speech.screen_reader.finding import explain_no_reader, screen_reader_finder
from currency_app.speech.screen_reader.orca import orca_process
from tests.speech.screen_reader.fake_prism import FakePrism

GNOME = {"VTE_VERSION": "7006", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/run/user/1000/bus"}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def proc(tmp_path: Path) -> Path:
    """A /proc with a shell and things that are no processes."""
    (tmp_path / "self").mkdir()
    (tmp_path / "version").write_text("Linux")
    start(tmp_path, 7, "bash")
    return tmp_path


def start(proc: Path, number: int, name: str, state: str = "S") -> None:
    (proc / str(number)).mkdir(exist_ok=True)
    (proc / str(number) / "stat").write_text(f"{number} ({name}) {state} 1 1 0")


def no_prism() -> None:
    return None


@pytest.mark.parametrize(
    ("name", "state", "found"),
    [
        *[("orca", "S", 42), ("orca", "R", 42)],
        *[("orca", "T", None), ("orca", "Z", None), ("orca) S 1 (x", "S", None), ("orca-daemon", "S", None)],
    ],
)
def test_orca_is_a_process_that_runs_and_has_its_name(proc: Path, name: str, state: str, found: int | None) -> None:
    start(proc, 42, name, state)
    assert orca_process(proc) == found


def test_somebody_elses_orca_is_not_heard_here(proc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(proc, 42, "orca")
    uid = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: uid + 1)
    assert orca_process(proc) is None


def test_a_process_that_ends_meanwhile_is_passed_over(proc: Path) -> None:
    (proc / "43").mkdir()
    assert orca_process(proc) is None


def test_orca_reads_what_a_window_gets(proc: Path) -> None:
    start(proc, 42, "orca")
    shown: list[str] = []
    terminal = Terminal()
    find = screen_reader_finder(terminal, shown.append, platform="linux", environ=GNOME, load=no_prism, proc=proc)
    reader = find()
    assert reader is not None
    reader.send("20 dollars", interrupt=True)
    assert (reader.name, reader.interrupts, shown, terminal.getvalue()) == ("Orca", False, ["20 dollars"], "")
    assert reader.is_running()
    start(proc, 42, "orca", "T")
    assert not reader.is_running()
    (proc / "42" / "stat").unlink()
    assert not reader.is_running()
    assert find() is None


@pytest.mark.parametrize(
    ("variable", "value", "readable"),
    [
        ("XTERM_VERSION", "XTerm(379)", False),
        ("TERM_PROGRAM", "vscode", False),
        ("TERM", "alacritty", False),
        ("TERM", "foot-extra", False),
        ("TERM", "xterm-kitty", False),
        ("TERM", "xterm-256color", True),
        ("TERM", "tmux-256color", True),
        ("TERM_PROGRAM", "tmux", True),
    ],
)
def test_a_terminal_that_was_started_from_a_readable_one_need_not_be_one(
    proc: Path, variable: str, value: str, readable: bool
) -> None:
    """It has that one's variable as well: words printed there would be heard by nobody."""
    start(proc, 42, "orca")
    environ = {**GNOME, variable: value}
    reader = screen_reader_finder(Terminal(), platform="linux", environ=environ, load=no_prism, proc=proc)()
    assert (reader is not None) is readable


@pytest.mark.parametrize("terminal", ["VTE_VERSION", "KONSOLE_VERSION"])
def test_orca_reads_the_line_in_which_the_cursor_stays(proc: Path, terminal: str) -> None:
    start(proc, 42, "orca")
    stream = Terminal()
    reader = screen_reader_finder(stream, platform="linux", environ={terminal: "1"}, load=no_prism, proc=proc)()
    assert reader is not None
    reader.send("20 dollars", interrupt=False)
    reader.send("5\ndollars", interrupt=False)
    assert stream.getvalue() == "\n20 dollars\n5 dollars"
    reader.close()
    reader.close()
    assert stream.getvalue() == "\n20 dollars\n5 dollars\n"


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()])
def test_orca_that_reads_neither_window_nor_terminal_is_no_way(proc: Path, stream: io.StringIO) -> None:
    start(proc, 42, "orca")
    variables = {} if stream.isatty() else GNOME  # xterm shows nothing to it, and neither does a pipe
    assert screen_reader_finder(stream, platform="linux", environ=variables, load=no_prism, proc=proc)() is None


def test_a_closed_stream_is_no_terminal(proc: Path) -> None:
    start(proc, 42, "orca")
    stream = Terminal()
    stream.close()
    assert screen_reader_finder(stream, platform="linux", environ={}, load=no_prism, proc=proc)() is None


@pytest.mark.parametrize(("platform", "written"), [("linux", "\n20 dollars\n"), ("win32", "20 dollars\n")])
def test_an_expected_screen_reader_reads_the_terminal(proc: Path, platform: str, written: str) -> None:
    stream = Terminal()
    find = screen_reader_finder(stream, expected=True, platform=platform, environ={}, load=no_prism, proc=proc)
    reader = find()
    assert reader is not None
    assert reader.is_running()
    reader.send("20 dollars", interrupt=False)
    reader.close()
    assert stream.getvalue() == written


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_an_expected_screen_reader_reads_the_window(proc: Path, platform: str) -> None:
    shown: list[str] = []
    stream = Terminal()
    reader = screen_reader_finder(
        stream, shown.append, expected=True, platform=platform, environ={}, load=no_prism, proc=proc
    )()
    assert reader is not None
    reader.send("20 dollars", interrupt=False)
    reader.close()
    assert (shown, stream.getvalue()) == (["20 dollars"], "")


def test_an_expected_screen_reader_cannot_read_a_pipe(proc: Path) -> None:
    for platform in ("linux", "win32", "darwin"):
        find = screen_reader_finder(
            io.StringIO(), expected=True, platform=platform, environ=GNOME, load=no_prism, proc=proc
        )
        assert find() is None


@pytest.mark.parametrize(
    ("platform", "running"), [("linux", "ORCA"), ("win32", "NVDA"), ("win32", "JAWS"), ("win32", "ZOOM_TEXT")]
)
def test_prism_comes_first(proc: Path, platform: str, running: str) -> None:
    start(proc, 42, "orca")
    prism = FakePrism({running, "SPEECH_DISPATCHER", "SAPI", "UIA"})
    shown: list[str] = []
    reader = screen_reader_finder(
        Terminal(), shown.append, expected=True, platform=platform, environ=GNOME, load=lambda: prism, proc=proc
    )()
    assert reader is not None
    assert reader.name == running
    reader.send("20 dollars", interrupt=True)
    assert (prism.output, shown) == ([("20 dollars", True)], [])


def test_voiceover_takes_words_only_of_a_window(proc: Path) -> None:
    prism = FakePrism({"VOICE_OVER", "AV_SPEECH"})
    options = {"platform": "darwin", "environ": {}, "load": lambda: prism, "proc": proc}
    assert screen_reader_finder(Terminal(), **options)() is None  # type: ignore[arg-type]
    with_window = screen_reader_finder(Terminal(), str, **options)()  # type: ignore[arg-type]
    assert with_window is not None
    assert with_window.name == "VOICE_OVER"


def test_what_to_do_if_no_screen_reader_was_found(proc: Path) -> None:
    def explained(platform: str, *, reads: bool = False, prism: object = None) -> str:
        environ = GNOME if reads else {}
        return explain_no_reader(Terminal(), platform, environ=environ, load=lambda: prism, proc=proc)

    none = "None is running that takes words from here."
    assert explained("linux") == none
    start(proc, 42, "orca")
    assert explained("linux").startswith("Orca is running, but can read nothing here: use the window, or a terminal of")
    assert explained("linux", reads=True) == none
    assert explained("win32") == 'None was found. NVDA and JAWS need `pip install ".[screen-reader]"` in the clone.'
    assert explained("win32", prism=object()) == none
    assert "only of the window" in explained("darwin", prism=object())


def test_without_a_session_bus_prism_is_not_asked(proc: Path) -> None:
    asked: list[str] = []

    def load() -> FakePrism:
        asked.append("prism")
        return FakePrism({"ORCA"})

    def find(environ: dict[str, str]) -> object:
        return screen_reader_finder(io.StringIO(), platform="linux", environ=environ, load=load, proc=proc)()

    assert find({}) is None
    assert find({"XDG_RUNTIME_DIR": str(proc)}) is None
    assert asked == []
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(proc / "bus"))
        assert find({"XDG_RUNTIME_DIR": str(proc)}) is not None
    assert find({"DBUS_SESSION_BUS_ADDRESS": "unix:abstract=x"}) is not None
