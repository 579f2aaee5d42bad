"""Keep two programs from working in one folder at a time, each over the other's files."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

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
            _lock(stream.fileno())
        except OSError as error:
            if error.errno in _TAKEN:
                raise DataError(
                    f"Another {work} is at work in {folder}: wait for its end, or give another folder with --run."
                ) from error
        yield


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold a folder in which the new content of another one is made."""
    descriptor = _lock_folder(folder)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


def refuse_if_held(folder: Path, target: Path) -> None:
    """Raise DataError if another program holds a folder, which need not be there. target: what it changes."""
    try:
        descriptor = _lock_folder(folder)
    except OSError as error:
        raise DataError(
            f"Another program is changing {target}: wait for its end, then give this command again."
        ) from error
    if descriptor is not None:
        os.close(descriptor)


def _lock_folder(folder: Path) -> int | None:
    """Lock a folder until what is returned is closed; None where no folder can be locked, as on Windows.

    Raises OSError if another program has the lock.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return None
    try:
        _lock(descriptor)
    except OSError as error:
        if error.errno in _TAKEN:
            os.close(descriptor)
            raise
    return descriptor


def _lock(descriptor: int) -> None:
    """Lock an open file until it is closed. Raises OSError if that cannot be done now."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
