"""From the command to the first sound of "Ready", once."""

from __future__ import annotations

import pytest

from currency_app.benchmarking.chain import missing_programs
from currency_app.benchmarking.start import run_starts
from currency_app.benchmarking.start.figures import START_STAGES

pytestmark = pytest.mark.skipif(missing_programs() is not None, reason=str(missing_programs()))


def test_ready_is_heard_and_every_stage_is_timed() -> None:
    found = run_starts(1)
    (start,) = found.starts
    assert found.heard == 1
    reached = [stage for stage in START_STAGES if stage in start]
    expected = [stage for stage in START_STAGES if stage != "window" or "left out" not in found.window]
    assert reached == expected
    times = [start[stage] for stage in reached]
    assert times == sorted(times)
    assert times[-1] < 60_000
