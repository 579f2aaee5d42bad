"""Hundreds of hostile requests, 10,000 in `make nightly`: no server error, no crash, no growth.

Set SERVER_HOSTILE_REQUESTS for another number, and SERVER_HOSTILE_EXAMPLES for how many schemathesis makes up for each
address. `python -m tests.support.server.hostile` does the same alone.
"""

from __future__ import annotations

import os

import pytest

from tests.support.server.hostile import attack

REQUESTS = int(os.environ.get("SERVER_HOSTILE_REQUESTS", "300"))
EXAMPLES = int(os.environ.get("SERVER_HOSTILE_EXAMPLES", "10"))


@pytest.mark.load
@pytest.mark.slow
def test_nothing_breaks_it(capsys: pytest.CaptureFixture[str]) -> None:
    result = attack(REQUESTS, examples=EXAMPLES)
    with capsys.disabled():
        print(f"\n{result}")
    assert result.wrong == []
    assert result.withstood
    assert sum(result.statuses.values()) == REQUESTS
    assert result.cases > EXAMPLES
    assert {200, 400, 404, 405, 408, 413, 415, 422} <= set(result.statuses), "each kind of refusal was met"
    assert result.growth_mb < 60, "bombs of 100 MB leave holes of different sizes"
    assert result.growth_handles < 20
