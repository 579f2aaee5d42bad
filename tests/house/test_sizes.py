"""Files and folders stay small enough to be read at once."""

from __future__ import annotations

from collections import Counter

from tests.support.sources import PACKAGES, modules, place

MAX_MODULES_IN_A_FOLDER = 16
"""`__init__.py` and sub-folders not counted."""
MAX_LINES = 260
MAX_TEST_LINES = 320


def test_no_folder_holds_too_many_modules() -> None:
    counts = Counter(path.parent for path in modules(*PACKAGES) if path.name != "__init__.py")
    assert {str(folder): n for folder, n in counts.items() if n > MAX_MODULES_IN_A_FOLDER} == {}


def test_no_module_is_too_long() -> None:
    too_long = {place(path): n for path in modules(*PACKAGES) if (n := _lines(path.read_text())) > MAX_LINES}
    assert not too_long, "\n".join(["", *(f"{name}: {where}" for name, where in too_long.items())])


def test_no_test_file_is_too_long() -> None:
    too_long = {place(path): n for path in modules("tests") if (n := _lines(path.read_text())) > MAX_TEST_LINES}
    assert not too_long, "\n".join(["", *(f"{name}: {where}" for name, where in too_long.items())])


def _lines(text: str) -> int:
    return len(text.splitlines())
