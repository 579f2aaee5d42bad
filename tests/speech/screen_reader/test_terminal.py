"""Lines for a screen reader in a terminal: the last one stays open, and nothing else is written behind it."""

from __future__ import annotations

import io
import sys

import pytest

from currency_app.speech.screen_reader.terminal import TerminalLines
from currency_app.streams import complain, write_words


def test_each_line_stays_open_until_the_next_and_the_last_is_ended() -> None:
    stream = io.StringIO()
    lines = TerminalLines(stream, "linux")
    lines.show("20 dollars")
    lines.show("5 dollars")
    assert stream.getvalue() == "\n20 dollars\n5 dollars"
    lines.close()
    lines.close()
    assert stream.getvalue() == "\n20 dollars\n5 dollars\n"


def test_a_voice_that_ends_leaves_the_line_of_the_one_in_its_place_under_the_fingers() -> None:
    stream = io.StringIO()
    before, after = TerminalLines(stream, "linux"), TerminalLines(stream, "linux")
    before.show("165 words a minute")
    after.show("185 words a minute")
    before.close()
    assert stream.getvalue().endswith("185 words a minute")


def test_other_lines_begin_behind_one_that_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    lines = TerminalLines(stream, "linux")
    lines.show("20 dollars")
    complain("currency-app: It cannot be kept.")
    lines.show("5 dollars")
    write_words(stream, "No speech.")
    lines.close()
    assert stream.getvalue() == "\n20 dollars\ncurrency-app: It cannot be kept.\n\n5 dollars\nNo speech.\n"


def test_consoles_of_other_systems_get_whole_lines() -> None:
    stream = io.StringIO()
    lines = TerminalLines(stream, "win32")
    lines.show("20 dollars")
    lines.close()
    assert stream.getvalue() == "20 dollars\n"
