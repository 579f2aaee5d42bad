"""What the tests of privacy share: a user's own folders, and one run of the demonstration in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.privacy.run import DEMONSTRATION, Confined, Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "place")


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Confined]:
    """The demonstration with everything denied that it should not need, and where it ran."""
    place = Place(tmp_path_factory.mktemp("demonstration") / "place")
    return place, place.run_confined(*DEMONSTRATION)
