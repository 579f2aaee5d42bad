"""The governor on a clock that moves only when told: extra looks, frames, and what is too old."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from currency_app.events import Frame
from currency_app.testing import FakeClock
from currency_app.timing import Governor, pace_for

PICTURE = np.zeros((1, 1, 3), np.uint8)


class Camera:
    """A camera that goes on while its frames are read; its reader takes the newest, and waits if there is none.

    read: seconds that each frame takes to be read, by the time at which it starts. read_at: when each one started.
    """

    def __init__(self, read: Callable[[float], float], fps: float = 30.0, pass_share: float = 0.8) -> None:
        self.clock = FakeClock()
        self.governor = Governor(self.clock)
        self.read_at: list[float] = []
        self.decided: list[float] = []
        self.ages: list[float] = []
        self._read = read
        self._fps = fps
        self._pass_share = pass_share

    def run(self, seconds: float) -> Camera:
        """Go on until so many seconds of the clock."""
        index = -1
        while self.clock.now < seconds:
            newest = int(self.clock.now * self._fps + 1e-6)
            index = newest if newest > index else index + 1
            self.clock.now = max(self.clock.now, index / self._fps)
            frame = Frame(PICTURE, index / self._fps, index, grabbed_at=index / self._fps)
            if not self.governor.takes(frame):
                continue
            began = self.clock.now
            took = self._read(began)
            self.clock.now += took
            self.read_at.append(began)
            if self.governor.counts(frame, took * 1e3 * self._pass_share, took * 1e3):
                self.decided.append(frame.t)
                self.ages.append(self.clock.now - frame.t)
        return self

    @property
    def share(self) -> float:
        """Share of a core that reading took."""
        return sum(self._read(began) for began in self.read_at) / self.clock.now


def steady(seconds: float) -> Callable[[float], float]:
    return lambda now: seconds


def test_a_fast_computer_reads_every_frame_with_all_looks() -> None:
    camera = Camera(steady(0.015)).run(10)
    assert len(camera.decided) == 301
    assert (camera.governor.skipped, camera.governor.stale, camera.governor.extra_looks) == (0, 0, True)


def test_a_frame_of_the_budget_is_still_read_every_time() -> None:
    camera = Camera(steady(0.025)).run(10)
    assert (len(camera.decided), camera.governor.skipped) == (301, 0)
    assert camera.governor.extra_looks, "its pass takes 20 ms, and no more"


@pytest.mark.parametrize("took", [0.03, 0.04, 0.06, 0.09, 0.15, 0.4])
def test_a_slow_computer_reads_fewer_frames_and_keeps_its_share(took: float) -> None:
    camera = Camera(steady(took)).run(20)
    assert 0.6 < camera.share < 0.77
    assert not camera.governor.extra_looks
    assert len(camera.decided) >= 0.8 * 20 * pace_for(took * 800, took * 1e3).frames_per_second
    assert max(camera.ages) < took + 1 / 30 + 1e-6, "each frame was the newest when it was begun"


@pytest.mark.parametrize("fps", [10.0, 15.0, 25.0, 60.0])
def test_no_camera_makes_it_take_more(fps: float) -> None:
    assert Camera(steady(0.05), fps=fps).run(20).share < 0.77


def test_a_computer_whose_every_frame_takes_longer_than_a_stale_one_is_not_silent() -> None:
    camera = Camera(steady(0.15)).run(20)
    assert camera.governor.stale == 0
    assert len(camera.decided) > 80


def test_a_frame_that_took_too_long_is_discarded_and_the_next_is_not() -> None:
    camera = Camera(lambda now: 0.3 if 5.01 < now < 5.05 else 0.01).run(10)
    assert camera.governor.stale == 1
    gap = np.diff(camera.decided).max()
    assert gap == pytest.approx(0.3, abs=2 / 30), "the frame after it is the newest, and none more is passed over"
    assert camera.governor.skipped == 0
    assert max(camera.ages) < 0.1
    assert camera.governor.extra_looks


def test_a_computer_that_gets_slow_all_at_once_is_silent_for_five_frames_at_most() -> None:
    camera = Camera(lambda now: 0.01 if now < 5 else 0.2).run(15)
    assert 1 <= camera.governor.stale <= 5
    gaps = np.diff(camera.decided)
    assert gaps.max() < 5 * 0.2 / 0.75 + 0.1
    assert not camera.governor.extra_looks


def test_what_was_given_up_comes_back() -> None:
    camera = Camera(lambda now: 0.05 if 5 < now < 8 else 0.012)
    assert not camera.run(7).governor.extra_looks
    assert camera.run(9).governor.extra_looks
    skipped = camera.governor.skipped
    assert camera.run(15).governor.skipped == skipped


def test_a_pass_at_the_limit_does_not_flicker() -> None:
    """Between 16 and 20 ms extra looks stay as they were."""
    for before in (0.010, 0.040):
        camera = Camera(lambda now, before=before: before if now < 3 else 0.0225).run(3)  # type: ignore[misc]
        looked = camera.governor.extra_looks
        assert camera.run(6).governor.extra_looks == looked
        assert looked == (before == 0.010)


def test_a_frame_that_waited_too_long_is_not_even_read() -> None:
    """As after the computer slept: the newest frame is of before."""
    clock = FakeClock(100.0)
    governor = Governor(clock)
    assert not governor.takes(Frame(PICTURE, 0.0, 0, grabbed_at=99.8))
    assert governor.takes(Frame(PICTURE, 0.2, 1, grabbed_at=99.95))
    assert (governor.stale, governor.skipped) == (1, 0)


def test_frames_without_a_pass_say_nothing_about_its_time() -> None:
    clock = FakeClock()
    governor = Governor(clock)
    for index in range(300):
        frame = Frame(PICTURE, index / 30, index, grabbed_at=clock.now)
        assert governor.takes(frame)
        looked = index % 3 == 0
        took = 0.04 if looked else 0.001
        clock.now += took
        assert governor.counts(frame, 35.0 if looked else 0.0, took * 1e3)
        clock.now = (index + 1) / 30 + 0.01
    assert not governor.extra_looks, "its passes take 35 ms, however few there are"
    assert governor.skipped == 0, "and it is idle most of the time"


def test_recordings_are_read_frame_by_frame() -> None:
    clock = FakeClock(1000.0)
    governor = Governor(clock)
    for index in range(50):
        frame = Frame(PICTURE, index / 15, index)
        assert governor.takes(frame)
        clock.now += 3
        assert governor.counts(frame, 2900.0, 3000.0)
    assert (governor.stale, governor.skipped, governor.extra_looks) == (0, 0, True)


@pytest.mark.parametrize(
    ("pass_ms", "frame_ms", "frames_per_second", "extra_looks"),
    [(3.4, 5.0, 150, True), (20.0, 25.0, 30, True), (20.1, 25.0, 30, False), (120.0, 150.0, 5, False)],
)
def test_the_pace_of_a_computer(pass_ms: float, frame_ms: float, frames_per_second: float, extra_looks: bool) -> None:
    pace = pace_for(pass_ms, frame_ms)
    assert pace.frames_per_second == pytest.approx(frames_per_second)
    assert pace.extra_looks == extra_looks


def test_a_clock_that_goes_back_keeps_no_frame_waiting() -> None:
    clock = FakeClock(100.0)
    governor = Governor(clock)
    for index, now in enumerate((100.0, 40.0, 40.1)):
        clock.now = now
        frame = Frame(PICTURE, index / 10, index, grabbed_at=now)
        assert governor.takes(frame)
        clock.now += 0.02
        assert governor.counts(frame, 15.0, 20.0)
