"""The live source on a scripted camera: what is dropped, what is lost, and what comes back."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Iterator

import pytest

from currency_app.camera.live import LiveSource
from currency_app.camera.pacing import asleep_s
from currency_app.camera.webcam import open_webcam
from currency_app.errors import SourceError
from currency_app.events import CameraBack, CameraLost, Frame, SourceEvent
from currency_app.testing import FakeClock
from tests.support.scripted_capture import WAIT_S, ScriptedCapture


class Rig:
    """A live source on one scripted camera, and what a replugged one gives."""

    def __init__(self) -> None:
        self.clock, self.asleep = FakeClock(), FakeClock()
        self.capture = ScriptedCapture()
        self.replugged: queue.Queue[ScriptedCapture] = queue.Queue()
        self.opened = 0
        self.source = LiveSource(
            "camera 7", self.reopen, capture=self.capture, clock=self.clock, asleep=self.asleep, retry_s=0.01
        )
        self.events = self.source.events()

    def reopen(self) -> ScriptedCapture | None:
        self.opened += 1
        return None if self.replugged.empty() else self.replugged.get()

    def next(self) -> SourceEvent:
        return next(self.events)

    def next_frame(self) -> Frame:
        event = self.next()
        assert isinstance(event, Frame)
        return event


@pytest.fixture
def rig() -> Iterator[Rig]:
    rig = Rig()
    yield rig
    rig.capture.unplug()
    rig.source.close()


def test_time_runs_from_the_first_frame(rig: Rig) -> None:
    rig.clock.now = 100.0
    rig.capture.show(1)
    first = rig.next_frame()
    assert (first.t, first.index, first.image[0, 0, 0]) == (0.0, 0, 1)

    rig.clock.now = 100.5
    rig.capture.show(2)
    second = rig.next_frame()
    assert (second.t, second.index, second.image[0, 0, 0]) == (0.5, 1, 2)
    assert (first.grabbed_at, second.grabbed_at) == (100.0, 100.5), "on the clock itself, which tells how old they are"
    assert rig.source.dropped == 0


def test_time_goes_on_while_the_computer_sleeps(rig: Rig) -> None:
    """Else nobody would know of the gap: the clock stands still, and the camera goes on at once."""
    rig.asleep.now = 500.0  # before the app was started
    rig.capture.show(1)
    assert rig.next_frame().t == 0.0
    rig.clock.now, rig.asleep.now = 0.1, 500.01  # no sleep: the two clocks were not read at once
    rig.capture.show(2)
    assert rig.next_frame().t == pytest.approx(0.1, abs=1e-6)

    rig.clock.now, rig.asleep.now = 0.2, 4100.0
    rig.capture.show(3)
    frame = rig.next_frame()
    assert frame.t == pytest.approx(3600.2)
    assert frame.grabbed_at == 0.2, "no older than by the clock"


@pytest.mark.parametrize(
    ("platform", "counting", "other"),
    [("linux", "CLOCK_BOOTTIME", "CLOCK_MONOTONIC"), ("darwin", "CLOCK_MONOTONIC_RAW", "CLOCK_UPTIME_RAW")],
)
def test_each_system_tells_how_long_it_has_slept(
    monkeypatch: pytest.MonkeyPatch, platform: str, counting: str, other: str
) -> None:
    assert 0.0 <= asleep_s() < 1e9, "of this one"
    monkeypatch.setattr("sys.platform", platform)
    monkeypatch.setattr(time, counting, "counting", raising=False)
    monkeypatch.setattr(time, other, "other", raising=False)
    monkeypatch.setattr(time, "clock_gettime", {"counting": 5000.0, "other": 1400.0}.__getitem__, raising=False)
    assert asleep_s() == 3600.0


def test_a_clock_of_windows_counts_sleep_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert asleep_s() == 0.0


def test_slow_reader_gets_the_newest_frame_and_the_rest_are_counted(rig: Rig) -> None:
    rig.capture.show(0)
    rig.next_frame()
    for level in range(1, 6):
        rig.capture.show(level)
    rig.capture.wait_for_reads(7)  # the seventh read begins when all six pictures were stored
    frame = rig.next_frame()
    assert (frame.index, frame.image[0, 0, 0]) == (5, 5)
    assert rig.source.dropped == 4


def test_unplugged_camera_is_lost_once_and_comes_back(rig: Rig) -> None:
    rig.capture.show(1)
    rig.next_frame()
    rig.clock.now = 3.0
    rig.capture.unplug()
    lost = rig.next()
    assert lost == CameraLost(3.0)
    assert rig.capture.closed.wait(WAIT_S)

    rig.clock.now = 8.0
    again = ScriptedCapture()
    again.show(9)
    rig.replugged.put(again)
    assert rig.next() == CameraBack(8.0)
    frame = rig.next_frame()
    assert (frame.t, frame.index, frame.image[0, 0, 0]) == (8.0, 1, 9)
    assert rig.opened >= 1

    again.unplug()
    assert isinstance(rig.next(), CameraLost)


def test_hanging_camera_is_lost_after_two_seconds_and_comes_back(rig: Rig) -> None:
    rig.capture.show(1)
    rig.next_frame()
    rig.clock.now = 2.1  # the grab thread hangs in read, as in a driver
    assert rig.next() == CameraLost(2.1)
    rig.clock.now = 4.0
    rig.capture.show(2)
    assert rig.next() == CameraBack(4.0)
    assert rig.next_frame().t == 4.0
    assert rig.opened == 0


def test_one_damaged_picture_is_passed_over(rig: Rig) -> None:
    rig.capture.show(1)
    rig.next_frame()
    rig.capture.pictures.put(None)
    rig.capture.show(2)
    assert rig.next_frame().image[0, 0, 0] == 2
    assert not rig.capture.closed.is_set()


def test_camera_that_never_gives_a_frame_is_lost_at_time_zero(rig: Rig) -> None:
    rig.capture.unplug()
    assert rig.next() == CameraLost(0.0)


def test_close_ends_the_events_and_lets_the_camera_go(rig: Rig) -> None:
    rig.capture.show(1)
    rig.next_frame()
    rig.capture.unplug()
    rig.source.close()
    rig.source.close()
    assert list(rig.events) == []
    assert rig.capture.closed.wait(WAIT_S)


def test_close_from_another_thread_wakes_the_reader(rig: Rig) -> None:
    rig.capture.show(1)
    rig.next_frame()
    closer = threading.Timer(0.05, rig.source.close)
    closer.start()
    rig.capture.unplug()
    assert all(isinstance(event, CameraLost) for event in rig.events)
    closer.join()


def test_close_before_the_first_event_lets_the_camera_go() -> None:
    capture = ScriptedCapture()
    source = LiveSource("camera 7", lambda: None, capture=capture)
    source.close()
    assert capture.closed.is_set()
    assert list(source.events()) == []


def test_absent_camera_names_the_demo() -> None:
    with pytest.raises(SourceError, match=r"^No camera 41 was found\. Plug one in, or try `currency-app demo`\.$"):
        open_webcam(41, opener=lambda number: None)


def test_camera_without_pictures_is_refused_and_let_go() -> None:
    capture = ScriptedCapture()
    capture.unplug()
    ticks = itertools.count()
    with pytest.raises(SourceError, match="Camera 0 gives no picture"):
        open_webcam(0, clock=lambda: next(ticks) / 10, opener=lambda number: capture)
    assert capture.closed.is_set()


def test_webcam_is_named_by_its_number() -> None:
    capture = ScriptedCapture()
    capture.show(1)
    source = open_webcam(2, opener=lambda number: capture)
    assert source.name == "camera 2"
    source.close()


def test_a_clock_that_goes_back_does_not_hide_a_stall(rig: Rig) -> None:
    rig.clock.now = 100.0
    rig.capture.show(1)
    rig.next_frame()
    rig.clock.now = 40.0
    waiting = threading.Timer(0.1, lambda: setattr(rig.clock, "now", 43.0))
    waiting.start()
    assert isinstance(rig.next(), CameraLost)
    waiting.join()
