"""Closes the file system to writing but for some folders, for this process and all that it starts, by Linux's Landlock.

The calls and their numbers are of the kernel's documentation, userspace-api/landlock; glibc has no names for them.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38
_WRITE_FILE, _REFER, _TRUNCATE = 1 << 1, 1 << 13, 1 << 14
_MAKE_AND_REMOVE = sum(1 << bit for bit in range(4, 13))
DEVICES = ("/dev/null", "/dev/tty")
"""What may be written besides: nothing stays of it."""


def version() -> int:
    """The version of Landlock in this kernel; 0 without it."""
    if sys.platform != "linux":
        return 0
    return max(_libc().syscall(_CREATE, None, ctypes.c_size_t(0), _VERSION), 0)


def close_files(writable: Iterable[Path]) -> None:
    """Let files be written, made and removed in these folders only, from now on. OSError without Landlock."""
    found = version()
    rights = _WRITE_FILE | _MAKE_AND_REMOVE | (_REFER if found >= 2 else 0) | (_TRUNCATE if found >= 3 else 0)
    rules = _called(_CREATE, struct.pack("=Q", rights), 8, 0)
    try:
        for folder in writable:
            _allow(rules, folder, rights)
        for device in map(Path, DEVICES):
            if device.exists():
                _allow(rules, device, rights)
        if _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
        _called(_RESTRICT, rules, 0)
    finally:
        os.close(rules)


def _allow(rules: int, path: Path, rights: int) -> None:
    if not path.is_dir():
        rights &= _WRITE_FILE | _TRUNCATE
    beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        _called(_ADD, rules, _PATH_BENEATH, struct.pack("=Qi", rights, beneath), 0)
    finally:
        os.close(beneath)


def _called(number: int, *arguments: int | bytes) -> int:
    words = [ctypes.c_char_p(word) if isinstance(word, bytes) else ctypes.c_size_t(word) for word in arguments]
    result: int = _libc().syscall(number, *words)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
