"""Keep two programs from working in one folder at a time, each over the other's files."""

from __future__ import annotations

import contextlib
import errno
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from currency_app.errors import DataError

_LOCK = ".lock"
"""Name of the file that is locked; it stays, and a lock ends with its process, however that ends."""
_TAKEN = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
"""Errors that say that another program has the lock; others come from disks that know no locks, as some of networks."""


@contextlib.contextmanager
def alone_in(folder: Path, work: str) -> Iterator[None]:
    """Hold a folder, which is made if it is not there, for one program's work.

    work: what is done there, for messages. Raises DataError if another program does it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _LOCK).open("ab") as stream:
        try:
            _lock(stream)
        except OSError as error:
            if error.errno in _TAKEN:
                raise DataError(
                    f"Another {work} is at work in {folder}: wait for its end, or give another folder with --run."
                ) from error
        yield


def _lock(stream: IO[bytes]) -> None:
    """Lock an open file until it is closed. Raises OSError if that cannot be done now."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
