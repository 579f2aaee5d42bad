"""A CSV file that lists the notes that count, one line each: time, value, side and currency."""

from __future__ import annotations

import csv
import errno
import io
import os
import stat
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

from currency_app.errors import CurrencyAppError
from currency_app.paths import printable
from currency_app.tally.running_total import CountedNote

_COLUMNS = ("time", "value", "side", "currency")

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""What spreadsheet programs put before the first line of UTF-8."""

_LAST_LINES_S = 2.0
"""Seconds that `close` waits for the last lines to be written, as on a network drive; chosen by hand."""


class NoteListFile:
    """Keeps a file equal to the notes that count.

    It adds to the notes of earlier runs, and never replaces anything.

    A note that is taken back loses its line, as long as that is the last one of the file; if somebody else has written
    there meanwhile, a line with the negative value follows, so that the sum of the column is right in any case.

    The file is written on a thread of its own, so that a drive that hangs keeps nobody waiting, and each time it is
    opened anew, so that a folder that is gone is noticed. What cannot be written is tried again with the next note, and
    at the end. As a context manager it raises CurrencyAppError then if notes are missing.

    Args:
        path: the file; it is made now, with its first line, if it does not exist.
        now: returns the local time.

    Raises:
        CurrencyAppError: the file cannot be written, or holds something else.
    """

    def __init__(self, path: str, now: Callable[[], datetime] = datetime.now) -> None:
        self._path = Path(path)
        self._now = now
        self._began: datetime | None = None
        self._on_trouble: Callable[[], object] = int
        self._changed = threading.Condition()
        self._wanted: list[bytes] = []
        self._written: list[bytes] = []
        self._asked = self._done = 0
        self._closed = False
        self._in_trouble = False
        try:
            self._check()
            self._write([])
        except OSError as error:
            raise CurrencyAppError(
                f"The notes cannot be listed in {self}: {error.strerror or error}. Choose another file."
            ) from error
        self._thread = threading.Thread(target=self._work, name="note-list", daemon=True)
        self._thread.start()

    def __str__(self) -> str:
        return printable(str(self._path))

    @property
    def in_trouble(self) -> bool:
        """Whether the file could not be written when that was tried last."""
        return self._in_trouble

    def tell_trouble(self, on_trouble: Callable[[], object]) -> None:
        """Have a function called, on another thread, when the file cannot be written: once, until it can be again."""
        self._on_trouble = on_trouble

    def show(self, notes: Sequence[CountedNote], t: float) -> None:
        """Make the file list these notes of this run. Returns at once. t: seconds of source time now."""
        if self._began is None:
            self._began = self._now() - timedelta(seconds=t)
        lines = [self._line(note, note.value) for note in notes]
        with self._changed:
            self._wanted = lines
            self._asked += 1
            self._changed.notify_all()

    def wait(self, timeout_s: float) -> bool:
        """Block until the file has been written, or could not be, at most timeout_s seconds.

        Return whether it lists all notes.
        """
        with self._changed:
            done = self._changed.wait_for(lambda: self._done == self._asked, timeout_s)
            return done and self._wanted == self._written

    def close(self) -> bool:
        """Write what is missing; return whether all of it is in the file now. Safe to call twice."""
        with self._changed:
            if not self._closed and self._wanted != self._written:
                self._asked += 1
            self._closed = True
            self._changed.notify_all()
        return self.wait(_LAST_LINES_S)

    def __enter__(self) -> NoteListFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.close() and kind is None:
            raise CurrencyAppError(
                f"Not all notes could be listed in {self}: make sure that its folder is there, and has free space."
            )

    def _line(self, note: CountedNote, value: int) -> bytes:
        began = self._began or self._now()
        time = (began + timedelta(seconds=note.t)).replace(microsecond=0).isoformat(" ")
        return _csv_line(time, value, note.side or "", note.currency)

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._done != self._asked or self._closed)
                if self._done == self._asked:
                    return
                wanted, asked = list(self._wanted), self._asked
            try:
                self._write(wanted)
                trouble = False
            except OSError:
                trouble = True
            news, self._in_trouble = trouble and not self._in_trouble, trouble
            if news:
                self._on_trouble()
            with self._changed:
                self._done = asked
                self._changed.notify_all()

    def _check(self) -> None:
        """Raise CurrencyAppError if there is a file, and it is no list of notes."""
        if not self._path.exists() or (self._path.is_file() and not self._path.stat().st_size):
            return
        if not stat.S_ISREG(self._path.stat().st_mode):
            raise CurrencyAppError(f"The notes cannot be listed in {self}: it is no file. Choose another one.")
        with self._path.open("rb") as file:
            first = file.readline(200).removeprefix(_BYTE_ORDER_MARK).strip()
        if first != _csv_line(*_COLUMNS).strip():
            raise CurrencyAppError(f"{self} holds something else: choose another file for the list of notes.")

    def _write(self, wanted: list[bytes]) -> None:
        """Make the file end with these lines of this run, in place of those that were written before."""
        kept = 0
        while kept < min(len(wanted), len(self._written)) and wanted[kept] == self._written[kept]:
            kept += 1
        # Without buffer: what a buffer holds would be written once more, or half, after an error.
        with open(self._path, "a+b", buffering=0) as file:  # noqa: PTH123
            size = file.seek(0, os.SEEK_END)
            if size == 0:  # new, or somebody has removed it
                kept, self._written = 0, []
                _append(file, _csv_line(*_COLUMNS))
            while len(self._written) > kept:
                line = self._written[-1]
                size = file.seek(0, os.SEEK_END)
                file.seek(max(size - len(line), 0))
                if file.read(len(line)) == line:
                    file.truncate(size - len(line))
                else:
                    _append(file, _negative(line))
                self._written.pop()
            _append(file, b"".join(wanted[kept:]))
            self._written += wanted[kept:]
            os.fsync(file.fileno())


def _append(file: io.FileIO, lines: bytes) -> None:
    """Write whole lines at the end of a file, or nothing. Raises OSError, as on a full disk."""
    end = file.seek(0, os.SEEK_END)
    if end:
        file.seek(end - 1)
        if file.read(1) != b"\n":  # somebody's editor has left the last line open
            lines = b"\n" + lines if lines else lines
    try:
        written = write_some(file, lines)
        if written != len(lines):  # no room for all of it
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError:
        file.truncate(end)
        raise


def write_some(file: io.FileIO, content: bytes) -> int:
    """Write as much as the disk takes, and return how much that was. Tests of full disks replace it."""
    return file.write(content)


def _csv_line(*cells: object) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode()


def _negative(line: bytes) -> bytes:
    time, value, side, currency = next(csv.reader([line.decode()]))
    return _csv_line(time, -int(value), side, currency)
