"""A camera that repeats its last picture for ever is lost, until it gives another one."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.camera.freeze import FreezeWatch
from currency_app.camera.live import LiveSource
from currency_app.events import CameraBack, CameraLost, Frame, SourceEvent
from currency_app.testing import FakeClock
from tests.support.scripted_capture import picture

NOISE = np.random.default_rng(1).integers(60, 200, (48, 64, 3), np.uint8)


class Playing:
    """A camera that plays pictures, 10 a second of the clock, and at last hangs for as long as it may."""

    def __init__(self, clock: FakeClock, pictures: list[npt.NDArray[np.uint8]]) -> None:
        self.clock = clock
        self.pictures = iter(pictures)

    def read(self) -> npt.NDArray[np.uint8] | None:
        self.clock.sleep(0.1)
        return next(self.pictures, None)

    def close(self) -> None:
        pass


def events_of(*plugged: list[npt.NDArray[np.uint8]], may_freeze: bool = True) -> Iterator[SourceEvent]:
    """What comes of a camera that plays one list of pictures each time it is opened."""
    clock = FakeClock()
    cameras = iter([Playing(clock, pictures) for pictures in plugged])
    source = LiveSource(
        "camera 7", lambda: next(cameras, None), clock=clock, retry_s=0.01, warm_up_s=0.5, may_freeze=may_freeze
    )
    yield from source.events()


def test_equal_pictures_are_a_lost_camera_after_two_seconds() -> None:
    first_kinds = []
    for event in events_of([NOISE] * 100):
        first_kinds.append(type(event))
        if isinstance(event, CameraLost):
            assert 2.0 < event.t <= 3.0
            break
        assert isinstance(event, Frame)
    assert Frame in first_kinds


def test_it_is_opened_again_and_back_only_with_another_picture() -> None:
    other = NOISE.copy()
    other[-1, -1, -1] ^= 1  # one bit of the last pixel
    events = events_of([NOISE] * 100, [NOISE] * 10, [NOISE] * 100, [NOISE, NOISE, other])
    after: list[SourceEvent] = []
    for event in events:
        if after or isinstance(event, CameraLost):
            after.append(event)
        if len(after) == 3:
            break
    lost, back, frame = after
    assert isinstance(lost, CameraLost)
    assert isinstance(back, CameraBack)
    assert isinstance(frame, Frame)
    assert np.array_equal(frame.image, other)


def test_a_lost_camera_is_not_back_with_its_old_picture() -> None:
    other = NOISE ^ np.uint8(1)
    events = events_of([other, NOISE], [NOISE] * 15, [NOISE] * 5 + [other])
    after_loss = itertools.dropwhile(lambda event: not isinstance(event, CameraLost), events)
    lost, back, frame = itertools.islice(after_loss, 3)
    assert (type(lost), type(back), type(frame)) == (CameraLost, CameraBack, Frame)
    assert isinstance(frame, Frame)
    assert np.array_equal(frame.image, other)


def test_an_old_picture_whose_damage_ends_is_one_frame_and_no_more() -> None:
    watch = FreezeWatch()
    damaged = NOISE.copy()
    damaged[24:] = (0, 135, 0)
    watch.update(damaged, 0.0)
    watch.reopened(1.0)
    passed_over = [watch.update(image, 1 + index / 10) for index, image in enumerate([damaged] * 3 + [NOISE] * 10)]
    assert passed_over == [True] * 3 + [False] + [True] * 9


def test_a_camera_that_is_back_may_give_each_picture_twice() -> None:
    watch = FreezeWatch()
    watch.update(NOISE, 0.0)
    watch.reopened(1.0)
    twice = [NOISE ^ np.uint8(index // 2 & 1) for index in range(2, 14)]
    passed_over = [watch.update(image, 1 + index / 10) for index, image in enumerate(twice)]
    assert passed_over == [False, True, False, True] + [False] * 8


@pytest.mark.parametrize(
    "pictures",
    [
        [np.zeros_like(NOISE)] * 60,
        [NOISE ^ np.uint8(index & 1) for index in range(60)],
        [NOISE] * 15 + [np.zeros_like(NOISE)] * 20 + [NOISE] * 15,
    ],
    ids=["black", "noise", "covered for a moment"],
)
def test_other_cameras_are_not_frozen(pictures: list[npt.NDArray[np.uint8]]) -> None:
    watch = FreezeWatch()
    assert not any(watch.update(image, index / 10) for index, image in enumerate(pictures))


def test_a_source_of_single_pictures_may_repeat_one() -> None:
    clock = FakeClock()
    camera = Playing(clock, [NOISE] * 60)
    source = LiveSource("camera 7", lambda: None, capture=camera, clock=clock, retry_s=0.01, may_freeze=False)
    lost = next(event for event in source.events() if isinstance(event, CameraLost))
    assert lost.t > 5.5
    source.close()


def test_pictures_of_another_size_differ() -> None:
    watch = FreezeWatch()
    assert not watch.update(picture(90), 0.0)
    assert not watch.update(np.full((6, 4, 3), 90, np.uint8), 5.0)


def test_a_clock_that_goes_back_does_not_hide_a_frozen_camera() -> None:
    watch = FreezeWatch()
    assert [watch.update(NOISE, now) for now in (100.0, 40.0, 41.0, 42.1)] == [False, False, False, True]


def test_the_old_picture_of_a_driver_that_hung_is_passed_over() -> None:
    watch = FreezeWatch()
    times = (0.0, 0.1, 3.0, 3.1)
    assert [watch.update(NOISE, now) for now in times] == [False, False, True, True]
    assert not watch.update(NOISE ^ np.uint8(1), 3.2)
