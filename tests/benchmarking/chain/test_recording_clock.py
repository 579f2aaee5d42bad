"""A recording is read by the computer's clock: of any length, with pieces that come late, and if some are lost."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.benchmarking.chain.recording_clock import RecordingClock

RATE = 8000


def recorded(seconds: float, drift: float = 0.0, lost: tuple[float, float] = (np.inf, 0.0)) -> RecordingClock:
    """A recording from the reading 100 on, in pieces of 0.1 s that come up to 50 ms late.

    drift: of the sound server's clock. lost: after so many seconds, so many seconds of sound are lost.
    """
    clock, rng = RecordingClock(RATE), np.random.default_rng(5)
    for piece in range(1, round(10 * seconds)):
        played_s = 0.1 * piece
        sounded = played_s * (1 + drift) - lost[1] * (played_s > lost[0])
        clock.delivered(100 + played_s + rng.exponential(0.01), sounded * RATE)
    return clock


@pytest.mark.parametrize("drift", [-3e-4, 0.0, 3e-4])
def test_a_clock_that_runs_off_is_followed_for_an_hour(drift: float) -> None:
    """By the quickest delivery of the whole hour it would be a second off at one of its ends."""
    clock = recorded(3600, drift)
    for played_s in (1.0, 600.0, 1800.0, 3590.0):
        sample = round(played_s * RATE * (1 + drift))
        assert clock.at(100 + played_s) == pytest.approx(sample, abs=0.01 * RATE)
        assert clock.when(sample) == pytest.approx(100 + played_s, abs=0.01)


def test_sound_that_is_lost_puts_nothing_else_at_the_wrong_time() -> None:
    clock = recorded(60, lost=(30, 0.5))
    for played_s, sounded in ((10.0, 10.0), (29.5, 29.5), (30.7, 30.2), (50.0, 49.5)):
        assert clock.at(100 + played_s) == pytest.approx(sounded * RATE, abs=0.01 * RATE)
        assert clock.when(round(sounded * RATE)) == pytest.approx(100 + played_s, abs=0.01)
    assert clock.drift_s() == pytest.approx(-0.5, abs=0.01)


def test_what_lies_before_and_after_is_read_by_the_nearest() -> None:
    clock = recorded(60)
    assert clock.at(99.0) == pytest.approx(-RATE, abs=0.01 * RATE)
    assert clock.when(70 * RATE) == pytest.approx(170.0, abs=0.01)
