"""What `currency-app` and `currency-train` share: errors in one line, exit codes, and the signals that end them."""

from __future__ import annotations

import argparse
import errno
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from currency_app.errors import TOO_LITTLE_MEMORY, CurrencyAppError, lacks_memory, one_line
from currency_app.paths import printable, without_passwords
from currency_app.streams import OUTPUT, complain, drop_output, leave_streams, prepare_streams

_REMEDIES = {
    errno.ENOENT: "Check the name.",
    errno.ENOTDIR: "Check the name: a file stands in place of a folder.",
    errno.ENAMETOOLONG: "Give a shorter name.",
    errno.EACCES: "Let this account use it, or choose another place.",
    errno.EPERM: "Let this account use it, or choose another place.",
    errno.EROFS: "Choose another place.",
    errno.ENOSPC: "Make room on the disk, or choose another place.",
    errno.EMFILE: "Close other programs, then try again.",
    errno.ENFILE: "Close other programs, then try again.",
    errno.ENOMEM: "Close other programs, then try again.",
    errno.EIO: "The disk or device may be failing: try another.",
}
"""What to do when the system refuses something that no command has a sentence of its own for."""


BURST_S = 3.0
"""Seconds within which signals count as one: longer than the end takes after an interrupt. Chosen by hand."""


class Parser(argparse.ArgumentParser):
    """An argument parser that reports a wrong option in one line, like every other error."""

    _words: Sequence[str] = ()

    def error(self, message: str) -> NoReturn:
        """Print what is wrong, without any password, and exit with code 2."""
        message = one_line(without_passwords(message, self._words))
        self.exit(2, f"{self.prog}: {message}. Try `{self.prog} --help`.\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Reject unknown options in the sub-command, so that the error names that sub-command's --help."""
        self._words = sys.argv[1:] if args is None else args
        parsed, unknown = super().parse_known_args(args, namespace)
        if unknown and self._subparsers is None:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return parsed, unknown


def run_cli(parser: argparse.ArgumentParser, arguments: Sequence[str] | None) -> int:
    """Parse, run the chosen command, and turn errors the user can act on into one line and exit code 2."""
    prepare_streams()
    words = sys.argv[1:] if arguments is None else arguments
    options = parser.parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    _end_on_signals()
    try:
        code = command(options)
        _flush_output()
        return code
    except CurrencyAppError as error:
        complain(f"{parser.prog}: {without_passwords(str(error), words)}")
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: standard output must not be flushed into it at exit.
        drop_output()
        return 141
    except OSError as error:
        complain(f"{parser.prog}: {without_passwords(_failure(error), words)}")
        if error.filename == OUTPUT:
            drop_output()
        return 2
    except Exception as error:
        # An extension that is interrupted while it is loaded calls that a failure of its own.
        if isinstance(error, ImportError) and isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
            return 130
        if not lacks_memory(error):
            raise
        complain(f"{parser.prog}: {TOO_LITTLE_MEMORY}")
        return 2
    finally:
        leave_streams()


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """Return an argparse type for whole numbers from low to high, whose error does not list them all."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {low} to {high}")
        return int(text)

    return parse


def _failure(error: OSError) -> str:
    """Return what the system refused, of which file, and what to do; of the output if that is what fails."""
    reason = (error.strerror or str(error)).rstrip(".")
    if error.filename == OUTPUT:
        return f"The answer cannot be written: {reason}. Choose another place."
    names = [
        printable(os.fsdecode(name)) for name in (error.filename, error.filename2) if isinstance(name, str | bytes)
    ]
    what = " and ".join(names) or "A file or device"
    return f"{what} cannot be used: {printable(reason)}. {_REMEDIES.get(error.errno or 0, 'Check it, then try again.')}"


def _flush_output() -> None:
    """Write what is still to be written, unless the terminal has been closed meanwhile."""
    try:
        sys.stdout.flush()
    except OSError as error:
        if error.errno != errno.EIO:
            raise


def _end_on_signals() -> None:
    """End as after Ctrl+C when the system ends, or the terminal is closed."""
    interrupt = _Interrupt()
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # nohup asks for the terminal's end to be ignored, and a shell for the keys of what runs in its background.
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:
            signal.signal(getattr(signal, name), interrupt)


class _Interrupt:
    """Takes signals that come in one burst for one, as a terminal that is closed sends several.

    So that the end, which takes moments, is not itself interrupted; who waits and asks again ends it all the same.
    """

    def __init__(self) -> None:
        self._asked_at: float | None = None

    def __call__(self, signum: int, frame: object) -> None:
        now = time.monotonic()
        if self._asked_at is None or now - self._asked_at >= BURST_S:
            self._asked_at = now
            raise KeyboardInterrupt
