"""Cameras that need time before their first picture, and drivers that hang: nobody waits for ever."""

from __future__ import annotations

import threading

import pytest

from currency_app.camera.live import JOIN_S, LiveSource
from currency_app.camera.webcam import open_webcam
from currency_app.errors import SourceError
from currency_app.events import CameraBack, CameraLost, Frame
from currency_app.testing import FakeClock
from tests.support.scripted_capture import WAIT_S, HangingCapture, ScriptedCapture, SlowCapture


def test_a_camera_that_fails_for_two_seconds_is_waited_for() -> None:
    clock = FakeClock()
    source = open_webcam(0, clock=clock, opener=lambda number: SlowCapture(clock, failures=25, read_s=0.08))
    assert isinstance(next(source.events()), Frame)
    source.close()


def test_a_camera_that_fails_for_longer_is_refused_and_let_go() -> None:
    clock = FakeClock()
    capture = SlowCapture(clock, failures=10_000, read_s=0.08)
    with pytest.raises(SourceError, match=r"Camera 0 gives no picture\. Close other programs"):
        open_webcam(0, clock=clock, opener=lambda number: capture)
    assert 3.0 <= clock.now < 4.0
    assert capture.closed.wait(WAIT_S)


def test_a_camera_that_was_plugged_in_again_gets_its_time_too() -> None:
    clock = FakeClock()
    first, again = ScriptedCapture(), SlowCapture(clock, failures=25, read_s=0.08)
    source = LiveSource("camera 7", lambda: again, capture=first, clock=clock, retry_s=0.01)
    events = source.events()
    first.show(50)
    assert isinstance(next(events), Frame)
    first.unplug()
    assert isinstance(next(events), CameraLost)
    assert isinstance(next(events), CameraBack)
    assert not again.closed.is_set()
    source.close()


def test_a_read_that_hangs_at_the_start_ends_in_a_sentence() -> None:
    clock = FakeClock()
    capture = HangingCapture(clock)
    with pytest.raises(SourceError, match="Camera 0 gives no picture"):
        open_webcam(0, clock=clock, opener=lambda number: capture)
    capture.let_go.set()
    assert capture.closed.wait(WAIT_S)


def test_a_camera_that_hangs_while_it_is_opened_ends_in_a_sentence() -> None:
    clock = FakeClock()
    let_go = threading.Event()

    def opener(number: int | str) -> None:
        clock.sleep(60)
        let_go.wait(WAIT_S)

    with pytest.raises(SourceError, match="Camera 3 gives no picture"):
        open_webcam(3, clock=clock, opener=opener)
    let_go.set()


def test_a_hanging_read_does_not_keep_the_events_from_ending() -> None:
    clock = FakeClock()
    capture = HangingCapture(clock)
    source = LiveSource("camera 7", lambda: None, capture=capture, clock=clock)
    events = source.events()
    assert isinstance(next(events), CameraLost)
    ended = threading.Event()

    def drain() -> None:
        assert list(events) == []
        ended.set()

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    closer = threading.Thread(target=source.close, daemon=True)
    closer.start()
    assert ended.wait(0.5)
    closer.join(JOIN_S + 1)
    assert not closer.is_alive()
    source.close()  # which does not wait once more
    capture.let_go.set()
    assert capture.closed.wait(WAIT_S)


def test_a_driver_that_raises_is_a_camera_that_fails() -> None:
    class Raising(ScriptedCapture):
        def read(self) -> None:
            raise RuntimeError("from the driver")

    source = LiveSource("camera 7", lambda: None, capture=Raising(), clock=FakeClock(), retry_s=0.01)
    assert isinstance(next(source.events()), CameraLost)
    source.close()


def test_what_cannot_be_made_into_colour_is_one_sentence() -> None:
    class Odd(ScriptedCapture):
        def read(self) -> None:
            raise SourceError("The camera gives pictures of a kind that is not known.")

    capture = Odd()
    with pytest.raises(SourceError, match="of a kind that is not known"):
        open_webcam(0, clock=FakeClock(), opener=lambda number: capture)
    assert capture.closed.wait(WAIT_S)
