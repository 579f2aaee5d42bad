"""What both commands share: errors in one line, exit codes, and the signals that end them."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from currency_app.errors import CurrencyAppError


class Parser(argparse.ArgumentParser):
    """Reports a wrong option in one line, as every other error."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}. Try `{self.prog} --help`.\n")


def run_cli(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> int:
    """Parse, run the chosen command, and turn errors the user can act on into one line and exit code 2."""
    given = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = given.command
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return command(given)
    except CurrencyAppError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: standard output must not be flushed into it at exit.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        return 141


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt
