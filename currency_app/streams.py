"""Standard streams that are not there, or cannot write a letter: one rule for every command."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TextIO
from weakref import WeakKeyDictionary

_open_lines: WeakKeyDictionary[TextIO, object] = WeakKeyDictionary()
"""Streams whose last line has no end yet, and who wrote it."""

OUTPUT = "standard output"
"""What errors name as their file if it is standard output that cannot be written to."""


class _Output(io.TextIOWrapper):
    """Standard output whose errors say that they are its own, not those of a file that a command uses."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            error.filename = OUTPUT
            raise

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            error.filename = OUTPUT
            raise


def prepare_streams() -> None:
    """Make standard output and standard error safe to write any text to. To be called before anything is opened.

    A stream that was closed (`2>&-`) becomes one to nowhere, also for libraries that write to its number: else the next
    file that is opened, such as the camera, would get that number. A letter that the stream's encoding does not know
    becomes a replacement mark instead of an error.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    whole = sys.stdout
    if type(whole) is io.TextIOWrapper and whole is sys.__stdout__:  # what tests put in its place is left alone
        sys.stdout = _Output(
            whole.buffer, whole.encoding, whole.errors, None, whole.line_buffering, whole.write_through
        )
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            with contextlib.suppress(OSError, ValueError):
                stream.reconfigure(errors="replace")


def complain(text: str) -> None:
    """Print a line on standard error, if anybody can still read it."""
    before = _end_of_open_line(sys.stderr)
    with contextlib.suppress(OSError, ValueError):
        print(before + text, file=sys.stderr, flush=True)


def write_words(stream: TextIO, text: str) -> None:
    """Write a text as one line and flush it, unless the stream is closed or cannot be written.

    Letters that the stream's encoding lacks become question marks.
    """
    _write(stream, f"{_end_of_open_line(stream)}{_line(stream, text)}\n")


def open_line(stream: TextIO, text: str, writer: object) -> None:
    """Write a text on a line of its own that does not end yet; whatever comes next ends it first.

    writer: whose line it is, for `end_line`.
    """
    _open_lines[stream] = writer
    _write(stream, f"\n{_line(stream, text)}")


def end_line(stream: TextIO, writer: object) -> None:
    """End the last line of a stream unless it has an end, or is somebody else's."""
    if _open_lines.get(stream) is writer:
        _write(stream, _end_of_open_line(stream))


def _end_of_open_line(stream: TextIO | None) -> str:
    return "" if stream is None or _open_lines.pop(stream, None) is None else "\n"


def _line(stream: TextIO, text: str) -> str:
    line = " ".join(text.split())
    encoding = getattr(stream, "encoding", None) or "utf-8"
    return line.encode(encoding, errors="replace").decode(encoding)


def _write(stream: TextIO, text: str) -> None:
    with contextlib.suppress(OSError, ValueError):  # ValueError: the stream was closed
        stream.write(text)
        stream.flush()


def drop_output() -> None:
    """Write nothing more to standard output, whose reader has gone."""
    sys.stdout = _nowhere()


def leave_streams() -> None:
    """Let go of streams that can no longer be written to, such as a terminal that was closed.

    Python flushes them when it ends, and would then report that as an error of its own.
    """
    for name in ("stdout", "stderr"):
        try:
            getattr(sys, name).flush()
        except (OSError, ValueError):
            setattr(sys, name, _nowhere())


def _nowhere() -> io.TextIOWrapper:
    return Path(os.devnull).open("w", encoding="utf-8")
