"""Some seconds of each kind of attack, a minute in `make nightly`: memory stays bounded, and others are answered soon.

Set SERVER_SIEGE_SECONDS for another length, at which every attack is tried. The figures are printed;
`python -m tests.support.server.siege` prints them alone.
"""

from __future__ import annotations

import os

import pytest

from tests.support.server.live import percentile
from tests.support.server.siege import BODY_BYTES, CLIENTS, PARSING, PROTOCOL, besiege

SECONDS = float(os.environ.get("SERVER_SIEGE_SECONDS", "3"))
_FEW = ("trailers", "chunks of one byte", "jpeg: fill bytes", "png: profiles that unpack")
ATTACKS = [*PROTOCOL, *PARSING] if "SERVER_SIEGE_SECONDS" in os.environ else _FEW


@pytest.mark.load
@pytest.mark.slow
@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_bothers_nobody_else(attack: str, capsys: pytest.CaptureFixture[str]) -> None:
    siege = besiege(attack, SECONDS)
    with capsys.disabled():
        print(f"\n{siege}")
    assert siege.wrong == []
    bodies_mb = CLIENTS * BODY_BYTES / 1e6 if attack in PARSING else 0
    assert siege.growth_mb < 50 + bodies_mb
    # At the median, since other programs may keep the processors busy; the figures above tell the slowest.
    assert percentile(siege.health_s, 0.5) <= 0.3
    assert percentile(siege.good_s, 0.5) <= 1.0
