"""What the tests of all sub-commands of `currency-app` share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.app_command import Command


@pytest.fixture
def command(tiny_bundle: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    """`currency-app` on the tiny bundle of dollars."""
    return Command(tiny_bundle, capfd)
