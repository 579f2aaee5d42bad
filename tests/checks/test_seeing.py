"""The checks of camera and light, on pictures of a fake camera."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.checks import CameraChecks
from currency_app.errors import SourceError
from currency_app.events import CameraLost, Frame, SourceEvent
from currency_app.testing import FakeSource
from tests.support.still_camera import pictures


def look(events: list[SourceEvent], name: str = "") -> tuple[bool, str, CameraChecks]:
    source = FakeSource(events)
    checks = CameraChecks(lambda: source, name)
    ok, text = checks.camera()
    assert source.closed
    return ok, text, checks


def test_the_camera_tells_name_size_and_rate_and_is_let_go() -> None:
    assert look(pictures(90))[:2] == (True, "fake source, 640x480, 30 frames a second")
    assert look(pictures(90), "HD Webcam")[1] == "fake source, HD Webcam, 640x480, 30 frames a second"


def test_a_slow_camera_is_told_that_light_helps() -> None:
    ok, text, _ = look(pictures(90, rate=7.5))
    assert ok
    assert "8 frames a second, which is slow. " in text
    assert text.endswith("switch on a light")


def test_black_pictures_name_the_cover_and_tell_nothing_of_the_light() -> None:
    ok, text, checks = look(pictures(1))
    assert not ok
    assert "cover" in text
    assert checks.light() is None


def test_grey_pictures_name_the_infrared_camera() -> None:
    image = np.full((480, 640, 3), 90, dtype=np.uint8)
    ok, text, _ = look([Frame(image, i / 30, i) for i in range(12)])
    assert ok
    assert "infrared" in text
    assert "infrared" not in look(pictures(90))[1]


def test_first_dark_pictures_do_not_count() -> None:
    ok, _, checks = look(pictures(0, 5) + pictures(90))
    assert ok
    assert checks.light() == (True, "brightness 88 of 255 in the middle of the picture")


def test_a_camera_that_stops_is_no_good_one() -> None:
    checks = CameraChecks(lambda: FakeSource([*pictures(90, 3), CameraLost(2.0)]))
    with pytest.raises(SourceError, match=r"stops after its first pictures\. Close other programs"):
        checks.camera()
    assert checks.light() is None


@pytest.mark.parametrize("events", [[], [CameraLost(0.0)]])
def test_a_camera_without_pictures(events: list[SourceEvent]) -> None:
    checks = CameraChecks(lambda: FakeSource(events))
    with pytest.raises(SourceError, match="gives no picture"):
        checks.camera()
    assert checks.light() is None


@pytest.mark.parametrize(
    ("level", "ok", "words"),
    [
        (
            30,
            False,
            "too dark to read notes: brightness 28 of 255 in the middle of the picture, and 40 are needed. Switch",
        ),
        (60, True, "brightness 58"),
        (190, True, "brightness 188"),
        (240, False, "and 210 are the most. Turn the camera away from the window or lamp."),
    ],
)
def test_the_light_is_that_by_which_hints_are_given(level: int, ok: bool, words: str) -> None:
    _, _, checks = look(pictures(level))
    found = checks.light()
    assert found is not None
    assert found[0] is ok
    assert words in found[1]
