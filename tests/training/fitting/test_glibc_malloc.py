"""Keeping freed memory: asked of glibc, and harmless wherever there is none."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from typing import Any

import pytest

from training.fitting.glibc_malloc import keep_freed_memory

# Names of options in glibc's malloc.h.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8


def test_a_process_works_on_afterwards() -> None:
    code = (
        "from training.fitting.glibc_malloc import keep_freed_memory; keep_freed_memory(); keep_freed_memory()\n"
        "import numpy; print(int(sum(numpy.ones(1_000_000).sum() for _ in range(20))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "20000000\n", "")


class FakeLibrary:
    def __init__(self) -> None:
        self.options: dict[int, int] = {}

    def mallopt(self, option: int, value: int) -> int:
        self.options[option] = value
        return 1


def test_glibc_is_asked_to_keep_what_was_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    library = FakeLibrary()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    keep_freed_memory()
    assert library.options[M_ARENA_MAX] == 1
    assert library.options[M_TRIM_THRESHOLD] > 1 << 30
    # glibc refuses more than 32 MiB on 64 bits.
    assert library.options[M_MMAP_THRESHOLD] == 32 << 20
    assert all(0 < value < 1 << 31 for value in library.options.values()), "mallopt takes an int"


def test_another_library_or_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def without_mallopt(name: Any) -> object:
        asked.append(name)
        return object()

    def missing(name: Any) -> object:
        asked.append(name)
        raise OSError("no such library")

    monkeypatch.setattr(sys, "platform", "linux")
    for library in (without_mallopt, missing):
        monkeypatch.setattr(ctypes, "CDLL", library)
        keep_freed_memory()
    assert len(asked) == 2
    for platform in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", platform)
        keep_freed_memory()
    assert len(asked) == 2
