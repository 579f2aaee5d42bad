"""One program at a time works in the folder of a run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from currency_app.errors import DataError
from training import run_lock
from training.run_lock import alone_in


def test_a_second_program_is_told_of_the_first(tmp_path: Path) -> None:
    run = tmp_path / "runs" / "usd"
    refused = pytest.raises(DataError, match=f"Another training is at work in {re.escape(str(run))}: wait for its end")
    with alone_in(run, "training"), refused, alone_in(run, "training"):
        pass
    with alone_in(run, "training"), alone_in(tmp_path / "other", "training"):
        pass  # free again, also after the error


def test_a_disk_that_knows_no_locks_is_used_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(_: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(run_lock, "_lock", cannot)
    with alone_in(tmp_path, "training"):
        pass
