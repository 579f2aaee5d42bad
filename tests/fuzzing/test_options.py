"""Command lines of any words: they are taken, or refused in one sentence with exit code 2."""

from __future__ import annotations

import argparse
import contextlib
import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from currency_app.command_line import Parser
from currency_app.commands import cli as app_cli
from tests.fuzzing.profiles import examples
from training.commands import cli as train_cli

_VALUES = (
    *("", "0", "-1", "1", "80", "500", "9" * 5_000, "\u0663", "nan", "inf", "1e999", "0x10", "auto", "usd", "usd,,eur"),
    *(
        "../..",
        "/dev/null",
        "rtsp://user:secret@host/x",
        "a\nb",
        "\x1b[2J",
        "\udcff",
        "--",
        "-",
        "=",
        "%s",
        "@file",
        "\0",
    ),
)


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, ...]]:
    """The command words and option names of a parser and of all below it."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield (name,)
                yield from ((name, *words) for words in _options(below))
        yield from ((option,) for option in action.option_strings if option not in ("-h", "--help", "--version"))


class Parsed:
    """A command's parser, as it parses words: no command is run."""

    def __init__(self, make: Callable[[], Parser]) -> None:
        self._parser = make()
        self.options = sorted(set(_options(self._parser)))

    def refusal(self, words: list[str]) -> str | None:
        """What is printed if the words are refused; None if they are taken."""
        printed = io.StringIO()
        with contextlib.redirect_stderr(printed):
            try:
                self._parser.parse_args(words)
            except SystemExit as error:
                assert error.code == 2
                return printed.getvalue()
        assert printed.getvalue() == ""
        return None


APP, TRAIN = Parsed(app_cli._parser), Parsed(train_cli._parser)


@st.composite
def command_lines(draw: st.DrawFn, parsed: Parsed) -> list[str]:
    """A command, then some of its options and values in any order, well formed or not."""
    words: list[str] = []
    command = draw(st.sampled_from(sorted({option[0] for option in parsed.options})))
    names = [option[1] for option in parsed.options if option[0] == command and len(option) > 1]
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(names)) if names else "--x"
        value = draw(st.sampled_from(_VALUES) | st.text(max_size=6))
        words += draw(st.sampled_from(([name, value], [f"{name}={value}"], [name], [value], [name[:5], value])))
    return [command, *words]


@pytest.mark.parametrize("parsed", [APP, TRAIN], ids=["currency-app", "currency-train"])
def test_every_option_was_found(parsed: Parsed) -> None:
    assert len(parsed.options) > 30


@given(st.sampled_from((APP, TRAIN)), st.data())
@examples(4.0)
def test_words_are_taken_or_refused_in_one_line_without_a_password(parsed: Any, data: st.DataObject) -> None:
    printed = parsed.refusal(data.draw(command_lines(parsed)))
    if printed is not None:
        assert printed.endswith("\n")
        line = printed[:-1]
        assert line.isprintable(), line[:300]
        assert len(line) <= 1_500
        assert "secret" not in line
