"""Playing a recording at its own speed, on a clock that the test moves."""

from __future__ import annotations

import pytest

from currency_app.camera.pacing import Pacer
from currency_app.testing import FakeClock


def play(work_s: float, count: int, period: float = 0.1, drop_cost_s: float = 0.0) -> list[tuple[int, float]]:
    """Index and time of each picture shown to a reader that needs work_s for each."""
    clock = FakeClock(50.0)
    pacer = Pacer(clock, clock.sleep)
    shown = []
    for index in range(count):
        clock.sleep(drop_cost_s)
        if pacer.wait(index * period, (index + 1) * period):
            shown.append((index, clock.now - 50.0))
            clock.sleep(work_s)
    return shown


def test_fast_reader_gets_every_picture_when_it_is_due() -> None:
    shown = play(work_s=0.01, count=5)
    assert [index for index, _ in shown] == list(range(5))
    assert [now for _, now in shown] == pytest.approx([index * 0.1 for index in range(5)])


def test_slow_reader_misses_pictures_but_never_falls_behind() -> None:
    shown = play(work_s=0.25, count=40)
    assert all(0 <= now - index * 0.1 < 0.1 + 1e-9 for index, now in shown)
    assert len(shown) == pytest.approx(4.0 / 0.25, abs=2)


def test_when_even_dropping_is_too_slow_some_pictures_are_shown() -> None:
    shown = play(work_s=0.0, count=40, drop_cost_s=0.3)
    assert [index for index, _ in shown] == list(range(0, 40, 5))
