"""Words for a screen reader wait until it has read what got the focus, but not for long."""

from __future__ import annotations

import pytest

pytest.importorskip("PySide6", reason="needs the extra window")

from currency_app.window.announcements import READ_S, Announcements


def test_words_come_at_once_if_the_focus_has_not_moved_for_a_while() -> None:
    words = Announcements()
    assert words.wait_s(5.0) is None
    words.focus_moved(1.0)
    words.add("20 dollars", 5.0)
    assert words.wait_s(5.0) == 0.0
    assert (words.take(), words.take()) == (["20 dollars"], [])


def test_words_wait_until_what_got_the_focus_has_been_read() -> None:
    words = Announcements()
    words.focus_moved(5.0)
    words.add("Ready", 5.25)
    words.add("20 dollars", 5.5)
    assert words.wait_s(5.5) == words.left_s(5.5) == READ_S - 0.5
    assert words.wait_s(5.0 + READ_S) == words.left_s(5.0 + READ_S) == 0.0
    assert words.take() == ["Ready", "20 dollars"]


def test_a_focus_that_moves_on_and_on_keeps_no_words_back() -> None:
    words = Announcements()
    words.add("20 dollars", 5.0)
    for step in range(20):
        words.focus_moved(5.0 + step / 10)
    assert words.wait_s(6.9) == 0.0
