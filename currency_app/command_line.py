"""What `currency-app` and `currency-train` share: errors in one line, exit codes, and the signals that end them."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from currency_app.errors import CurrencyAppError


class Parser(argparse.ArgumentParser):
    """An argument parser that reports a wrong option in one line, like every other error."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and exit with code 2."""
        self.exit(2, f"{self.prog}: {message}. Try `{self.prog} --help`.\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Reject unknown options in the sub-command, so that the error names that sub-command's --help."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown and self._subparsers is None:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return parsed, unknown


def run_cli(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> int:
    """Parse, run the chosen command, and turn errors the user can act on into one line and exit code 2."""
    options = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code = command(options)
        sys.stdout.flush()
        return code
    except CurrencyAppError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: standard output must not be flushed into it at exit.
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        return 141
    except OSError as error:
        # What can fail by itself is reported by its own name above; this is the output, as on a full disk.
        print(f"{parser.prog}: The answer cannot be written: {error.strerror}. Choose another place.", file=sys.stderr)
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        return 2


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return an argparse type for whole numbers from low to high, whose error does not list them all."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {low} to {high}")
        return int(text)

    return parse


def _interrupt(signum: int, frame: object) -> None:
    raise KeyboardInterrupt
