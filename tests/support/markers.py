"""Which markers a test has by where it is and what it asks for; `pyproject.toml` says what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

_ROOM_OF = {"server": ("server",), "sound": ("sound", "slow"), "orca": ("sound", "slow", "load")}
"""Markers of all tests of a room: those of sound, and those with a real Orca, listen as long as speech takes. Orca's
voice stutters beside other tests."""
_SKIPPED_WITHOUT = re.compile(r'^(\w+ = )?pytest\.importorskip\("(keras|tensorflow|coremltools)"', re.MULTILINE)
_TENSORFLOW = all(find_spec(name) for name in ("keras", "tensorflow"))
_TESTS = Path(__file__).resolve().parents[1]


def mark(item: pytest.Item) -> None:
    """Give a test its markers, and skip it if it needs TensorFlow and there is none."""
    for name in markers_of(item):
        item.add_marker(name)
    if not _TENSORFLOW and item.get_closest_marker("tensorflow"):
        item.add_marker(pytest.mark.skip(reason="needs Keras and TensorFlow"))


def markers_of(item: pytest.Item) -> Iterator[str]:
    """The names of the markers that follow from a test's file and fixtures."""
    yield from _ROOM_OF.get(item.path.relative_to(_TESTS).parts[0], ())
    fixtures = getattr(item, "fixturenames", ())
    if "tensorflow" in fixtures or _is_skipped_without_tensorflow(item.path):
        yield "tensorflow"
    if "data_dir" in fixtures:
        yield "images"


def group_of(nodeid: str) -> str:
    """What a test must run in one process with, one after another, when several processes share the tests.

    It is the whole room where one loudspeaker or one server is shared, else the file.
    """
    file = nodeid.split("::", 1)[0]
    room = Path(file).parts[1] if len(Path(file).parts) > 2 else ""
    return room if room in _ROOM_OF else file


def slow_files_first(items: list[pytest.Item]) -> None:
    """Sort the files that have slow tests before the others, so that processes that share the files end together."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@cache
def _is_skipped_without_tensorflow(path: Path) -> bool:
    return _SKIPPED_WITHOUT.search(path.read_text(encoding="utf-8")) is not None
