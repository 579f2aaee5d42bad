"""What all tests share: the fakes on the import path, and the folder of real images where there is one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
sys.path.insert(0, str(TESTS))


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The real images: $CURRENCY_DATA, else ../shared/data beside the checkout. Skips where there are none."""
    given = os.environ.get("CURRENCY_DATA")
    folder = Path(given) if given else TESTS.parent.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no images at {folder}; set CURRENCY_DATA to the folder that has them")
    return folder
