"""Progress: a bar where one may be drawn, plain lines or nothing elsewhere."""

from __future__ import annotations

import io
import sys

import pytest

from training.progress import may_draw, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def test_a_bar_is_drawn_in_a_terminal_only(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    assert may_draw(terminal)
    assert not may_draw(io.StringIO())
    assert not may_draw(None)
    closed = Terminal()
    closed.close()
    assert not may_draw(closed)
    monkeypatch.setenv("NO_COLOR", "")
    assert may_draw(terminal), "an empty NO_COLOR says nothing, by its convention"


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("NO_COLOR", "1")])
def test_lines_take_the_place_of_a_bar_that_would_be_read_aloud(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stderr", terminal)
    assert list(progress(range(100))) == list(range(100))
    assert terminal.getvalue() == "25 of 100 images\n50 of 100 images\n75 of 100 images\n100 of 100 images\n"
    assert list(progress(iter("ab"), total=2, unit="hour")) == ["a", "b"]
    assert terminal.getvalue().endswith("1 of 2 hours\n2 of 2 hours\n")
    before = terminal.getvalue()
    assert list(progress([])) == []
    assert list(progress(iter("ab"))) == ["a", "b"], "nobody knows how many"
    assert terminal.getvalue() == before


@pytest.mark.parametrize("stream", [None, io.StringIO()])
def test_nothing_is_written_without_a_terminal(monkeypatch: pytest.MonkeyPatch, stream: io.StringIO | None) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    assert list(progress([1, 2])) == [1, 2]
    assert stream is None or stream.getvalue() == ""
