"""Files that are read without waiting, and written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path


def read_file(file: Path) -> bytes:
    """Return what a file holds; nothing if it is the null device, by which nothing is kept. Raises OSError.

    A pipe would be waited for, and a device such as /dev/zero has no end.
    """
    if not stat.S_ISREG(mode := file.stat().st_mode) and not stat.S_ISDIR(mode) and str(file.resolve()) != os.devnull:
        raise OSError(errno.EINVAL, "It is no file")
    return file.read_bytes()


def write_whole(file: Path, content: bytes) -> None:
    """Write a file whole or not at all, also if the power fails meanwhile. Raises OSError.

    A link stays one, and what it leads to is written. A file that is there keeps its permissions; a new one, and the
    folders that it needs, are for this account alone.
    """
    file = Path(os.path.realpath(file))
    if file.exists() and not file.is_file() and not file.is_dir():  # an account that may do everything would replace it
        raise OSError(errno.EINVAL, "It is no file")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        with contextlib.suppress(OSError):
            Path(name).chmod(file.stat().st_mode & 0o777)
        Path(name).replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
