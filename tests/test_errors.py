"""An error's text is fit to be printed, whatever it repeats."""

from __future__ import annotations

import pickle

from currency_app.errors import BundleError, CurrencyAppError


def test_what_would_change_a_terminal_or_break_the_line_is_replaced() -> None:
    assert str(CurrencyAppError("a\nb \x1b[2Jc \ud800: do this.")) == "a?b ?[2Jc ?: do this."


def test_a_plain_text_stays_as_it_is() -> None:
    text = "/tmp/ma\u00f1ana cannot be read: install it again."
    assert str(BundleError(text)) == text
    assert str(pickle.loads(pickle.dumps(BundleError(text)))) == text, "a child process hands it over"


def test_of_an_endless_text_beginning_and_end_are_kept() -> None:
    text = str(CurrencyAppError(f"It cannot be {'x' * 100_000!r}: write a number."))
    assert len(text) < 1_100
    assert text.startswith("It cannot be 'xxx")
    assert text.endswith("xxx': write a number.")
