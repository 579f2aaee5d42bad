"""Films of variable frame rate keep their own time; timestamps that do not ascend are made up for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from currency_app.camera import open_source
from currency_app.camera.video import FilmClock, open_video
from currency_app.events import Frame
from currency_app.testing import FakeClock
from tests.support.mjpeg_server import read_number
from tests.support.numbered_video import write_variable_video

STEPS = [1] * 30 + [15] * 10 + [1] * 29
"""Fifteenths of a second between frames: 2 s at 15 a second, 10 s at one, 2 s at 15. On average, 5 a second."""
TIMES = [sum(STEPS[:index]) / 15 for index in range(len(STEPS) + 1)]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    write_variable_video(tmp_path / "film.mp4", STEPS, fps=15)
    return tmp_path / "film.mp4"


def test_frames_have_their_own_times(film: Path) -> None:
    frames = [event for event in open_source(str(film), realtime=False).events() if isinstance(event, Frame)]
    assert [read_number(frame.image) for frame in frames] == list(range(len(TIMES)))
    assert [frame.t for frame in frames] == pytest.approx(TIMES, abs=2e-3)


def test_real_time_follows_them(film: Path) -> None:
    clock = FakeClock(100.0)
    source = open_video(film, realtime=True, clock=clock, sleep=clock.sleep)
    for event, t in zip(source.events(), TIMES, strict=True):
        assert event.t == pytest.approx(t, abs=2e-3)
        assert clock.now - 100.0 == pytest.approx(t, abs=2e-3)
    assert source.dropped == 0


def test_a_frame_that_stays_long_is_not_dropped_by_a_slow_reader(film: Path) -> None:
    clock = FakeClock()
    source = open_video(film, realtime=True, clock=clock, sleep=clock.sleep)
    shown = []
    for event in source.events():
        shown.append(event.t)
        clock.sleep(0.5)
    assert [t for t in shown if 2.5 < t < 12.05] == pytest.approx(range(3, 13), abs=2e-3)
    assert source.dropped > 40


def test_close_ends_a_long_wait(film: Path) -> None:
    """The frame at 3 s is due in a second, and the sleep is never longer than the user may wait."""
    clock = FakeClock()
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.sleep(seconds)
        if clock.now > 2.3:
            source.close()

    source = open_video(film, realtime=True, clock=clock, sleep=sleep)
    assert max(event.t for event in source.events()) < 2.1
    assert clock.now < 2.8
    assert max(slept) <= 0.2


def times_of(stamps: Sequence[float], fps: float) -> list[float]:
    clock = FilmClock(fps)
    return [clock.time(stamp) for stamp in stamps]


def ascends(times: Sequence[float]) -> bool:
    return all(one < other for one, other in pairwise(times))


def test_without_timestamps_the_rate_counts() -> None:
    for stamps in ([0.0] * 9, [math.nan] * 9, [-math.inf] * 9):
        assert times_of(stamps, 5) == pytest.approx([index / 5 for index in range(9)])


def test_the_first_frame_is_at_zero() -> None:
    assert times_of([7.5, 7.6, 8.5], 10) == pytest.approx([0, 0.1, 1])


def test_one_timestamp_that_is_missing_or_twice_there_costs_little() -> None:
    steps = [index / 30 for index in range(40)]
    for wrong in (math.nan, steps[4], steps[3]):
        stamps = [*steps[:5], wrong, *steps[6:]]
        times = times_of(stamps, 5)  # the rate is an average, and far off
        assert ascends(times)
        assert times[-1] == pytest.approx(steps[-1], abs=1e-6)


def test_a_film_put_together_of_two_goes_on() -> None:
    times = times_of([0, 0.5, 1.0, 1.5, 0.0, 0.5, 1.0], 2)
    assert times == pytest.approx([0, 0.5, 1, 1.5, 2, 2.5, 3])


@pytest.mark.parametrize("fps", [12.5, 15, 29.97, 59.94])
def test_a_constant_rate_is_exact(fps: float) -> None:
    """As before: containers that round to milliseconds make no frame come early or late."""
    rounded = [round(index / fps, 3) for index in range(200)]
    assert times_of(rounded, fps) == [index / fps for index in range(200)]
