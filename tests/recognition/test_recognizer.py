"""One frame in, one observation out: on a tiny network whose notes are colours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.testing import FakeClock
from tests.support.observations import box
from tests.support.painted import NOTE_SIZE, colour_of, paint
from tests.support.played_network import BLANK, observe, place, watched

USD = (1, 2, 5, 10, 20, 50, 100)


@pytest.fixture(scope="module")
def recognizer(tiny_bundle: Path) -> Recognizer:
    return Recognizer(load_bundle(tiny_bundle))


@pytest.mark.parametrize("frame", [(64, 48), (640, 480), (480, 640), (32, 32)])
@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("value", USD)
def test_every_value_and_side_is_read(recognizer: Recognizer, value: int, side: str, frame: tuple[int, int]) -> None:
    seen = observe(recognizer, paint(colour_of(USD, value, side), frame=frame))
    assert (seen.value, seen.side) == (value, side)
    assert seen.confidence > 0.99


def test_an_empty_frame_shows_no_note(recognizer: Recognizer) -> None:
    seen = observe(recognizer, paint(None))
    assert (seen.value, seen.side, seen.corners, seen.in_view) == (None, None, None, 0.0)
    assert seen.confidence > 0.99


def test_probabilities_are_those_of_all_labels(recognizer: Recognizer) -> None:
    seen = observe(recognizer, paint(colour_of(USD, 50, "back")))
    assert seen.probabilities.shape == (15,)
    assert float(seen.probabilities.sum()) == pytest.approx(1)
    assert recognizer.bundle.labels[int(seen.probabilities.argmax())].name == "usd_50_back"


def test_colours_are_not_swapped(recognizer: Recognizer) -> None:
    """OpenCV's pictures are BGR and the network's are RGB: swapped, a note would be another note."""
    red, green, blue = colour_of(USD, 20, "front")
    assert (blue, green, red) == colour_of(USD, 2, "back")
    assert observe(recognizer, paint((red, green, blue))).value == 20
    assert observe(recognizer, paint((blue, green, red))).value == 2


@pytest.mark.parametrize("frame", [(64, 64), (640, 480), (480, 640), (1280, 720)])
@pytest.mark.parametrize("centre", [(0.5, 0.5), (0.3, 0.7), (0.72, 0.3)])
@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
def test_corners_are_where_the_note_is_in_the_frame(
    tiny_bundle: Path, fit: str, centre: tuple[float, float], frame: tuple[int, int]
) -> None:
    """Whatever the fit: the network sees another picture, but the corners are fractions of the frame."""
    bundle = replace(load_bundle(tiny_bundle), fit=fit)
    longest = max(frame)
    # What NOTE_SIZE of the network's picture is in the frame.
    share = np.array(frame) / longest if fit == "letterbox" else np.ones(2)
    width, height = np.array(NOTE_SIZE) / share
    centre = (min(max(centre[0], width / 2), 1 - width / 2), min(max(centre[1], height / 2), 1 - height / 2))
    image = paint(colour_of(USD, 10, "front"), centre, frame, (float(width), float(height)))
    seen = observe(Recognizer(bundle), image)
    assert seen.value == 10
    assert seen.corners is not None
    (left, top), (right, bottom) = (np.array(centre) + s * np.array([width, height]) / 2 for s in (-1, 1))
    expected = [[left, top], [right, top], [right, bottom], [left, bottom]]
    np.testing.assert_allclose(seen.corners, expected, atol=0.02)
    assert seen.in_view == pytest.approx(1, abs=0.02)


def test_light_is_that_of_the_note(recognizer: Recognizer) -> None:
    colour = (70, 70, 160)
    luma = 0.299 * 70 + 0.587 * 70 + 0.114 * 160
    image = paint(colour)
    assert image.mean() < luma / 2
    assert observe(recognizer, image).light == pytest.approx(luma, rel=0.15)


def test_light_is_that_of_the_frame_without_a_note(recognizer: Recognizer) -> None:
    assert observe(recognizer, np.full((48, 64, 3), 3, np.uint8)).light == pytest.approx(3, abs=0.5)


def test_stages_are_timed(tiny_bundle: Path) -> None:
    clock = FakeClock()

    def ticking() -> float:
        clock.now += 0.002
        return clock.now

    stages = observe(Recognizer(load_bundle(tiny_bundle), clock=ticking), paint(None)).stages_ms
    assert stages == pytest.approx({"preprocess": 2, "network": 2, "frame": 6})


def test_a_currency_of_four_values(four_value_bundle: Path) -> None:
    """Its nine probabilities have the shape of the corners: only the outputs' names tell them apart."""
    values = (5, 10, 20, 50)
    recognizer = Recognizer(load_bundle(four_value_bundle))
    assert len(recognizer.bundle.labels) == 9
    for value in values:
        for side in ("front", "back"):
            seen = observe(recognizer, paint(colour_of(values, value, side), (0.4, 0.6)))
            assert (seen.value, seen.side) == (value, side)
            assert float(seen.probabilities.sum()) == pytest.approx(1)
            assert seen.corners is not None
            np.testing.assert_allclose(seen.corners.mean(axis=0), [0.4, 0.6], atol=0.03)


def test_the_temperature_of_the_bundle_is_used(tiny_bundle: Path) -> None:
    image = paint(colour_of(USD, 20, "front"))
    sharp, soft = (
        observe(Recognizer(replace(load_bundle(tiny_bundle), temperature=t)), image).confidence for t in (1.0, 4.0)
    )
    assert soft < sharp - 0.1


LIKELY_20, EMPTY = [0.1, 0.1, 0.4, 0.2, 0.2], [0.0, 0.0, 0.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("corners", "told", "in_view"),
    [(box(-0.4, 0.2, 0.4, 0.6), 0.9, 0.5), (box(0.1, 0.2, 0.9, 0.6), 0.7, 0.7), (box(0.1, 0.2, 0.9, 0.6), 1.0, 1.0)],
)
def test_as_much_is_in_view_as_network_and_corners_both_say(
    corners: npt.NDArray[np.float32], told: float, in_view: float
) -> None:
    recognizer, _ = watched((LIKELY_20, place(corners, told)), rule=None)
    assert observe(recognizer, BLANK).in_view == pytest.approx(in_view, abs=1e-5)


def test_the_frames_shape_is_told() -> None:
    recognizer, _ = watched((EMPTY, place(box(0, 0, 1, 1))), rule=None)
    assert observe(recognizer, BLANK).aspect == pytest.approx(4 / 3)
