"""Ten seconds of eight clients, 300 in `make nightly`: no error, little more processor time than the work, no growth.

Set SERVER_LOAD_SECONDS for another length. The figures are printed;
`python -m tests.support.server.load` prints them alone.
"""

from __future__ import annotations

import os

import pytest

from tests.support.server.live import percentile
from tests.support.server.load import CLIENTS, measure

SECONDS = float(os.environ.get("SERVER_LOAD_SECONDS", "10"))


@pytest.mark.load
@pytest.mark.slow
def test_eight_clients(capsys: pytest.CaptureFixture[str]) -> None:
    load = measure(SECONDS)
    with capsys.disabled():
        print(f"\n{load}")
    assert load.errors == []
    assert len(load.milliseconds) > CLIENTS
    assert load.ratio <= 1.3
    assert load.growth_mb < 0.05 * load.resident_mb[0]
    # Where other programs keep the processors busy, everything takes longer; what waited for images would take as long.
    limit_ms = max(100, percentile(load.milliseconds, 0.5) / 4)
    assert percentile(load.health_ms, 0.5) < limit_ms, "health checks do not wait for images"
