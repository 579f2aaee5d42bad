"""One frame in, one observation out: on a tiny network whose notes are colours, and on parts by themselves."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer, fit_picture
from currency_app.recognition.second_look import SecondLook
from currency_app.testing import FakeClock, FakeNetwork
from tests.support.observations import box, bundle_of
from tests.support.painted import NOTE_SIZE, colour_of, paint

USD = (1, 2, 5, 10, 20, 50, 100)


@pytest.fixture(scope="module")
def recognizer(tiny_bundle: Path) -> Recognizer:
    return Recognizer(load_bundle(tiny_bundle))


def observe(recognizer: Recognizer, image: npt.NDArray[np.uint8]) -> Observation:
    return recognizer.observe(Frame(image, t=2.5, index=7))


@pytest.mark.parametrize("frame", [(64, 48), (640, 480), (480, 640), (32, 32)])
@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("value", USD)
def test_every_value_and_side_is_read(recognizer: Recognizer, value: int, side: str, frame: tuple[int, int]) -> None:
    seen = observe(recognizer, paint(colour_of(USD, value, side), frame=frame))
    assert (seen.value, seen.side) == (value, side)
    assert seen.confidence > 0.99
    assert seen.t == 2.5


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


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
@pytest.mark.parametrize("frame", [(640, 480), (480, 640), (100, 7), (1, 1), (3000, 2)])
def test_the_whole_frame_is_given_to_the_network(fit: str, frame: tuple[int, int]) -> None:
    """Whichever the shape, nothing of the frame is cut off, and the place it takes up is told."""
    image = np.full((frame[1], frame[0], 3), 200, np.uint8)
    picture, placed = fit_picture(image, bundle_of(fit=fit, size=(96, 64)))
    assert picture.shape == (64, 96, 3)
    assert picture.dtype == np.uint8
    ys, xs = np.nonzero(picture[..., 0])
    low = np.array([xs.min() / 96, ys.min() / 64])
    high = np.array([(xs.max() + 1) / 96, (ys.max() + 1) / 64])
    np.testing.assert_allclose(placed.offset, low, atol=1e-6)
    np.testing.assert_allclose(placed.offset + placed.share, high, atol=1e-6)
    assert set(np.unique(picture)) <= {0, 200}


@pytest.mark.parametrize("frame", [(640, 480), (480, 640), (1280, 720)])
def test_letterbox_keeps_the_shape_and_stretch_fills(frame: tuple[int, int]) -> None:
    image = np.zeros((frame[1], frame[0], 3), np.uint8)
    _, boxed = fit_picture(image, bundle_of(fit="letterbox", size=(96, 96)))
    _, filled = fit_picture(image, bundle_of(fit="stretch", size=(96, 96)))
    assert boxed.share[0] / boxed.share[1] == pytest.approx(frame[0] / frame[1], rel=0.02)
    assert float(boxed.share.max()) == 1
    assert filled.share.tolist() == [1, 1]


# Looking twice, with a network that answers what it is told to.

VALUES = (5, 20)
TWICE = SecondLook(margin=0.1, least_note=0.2, first=0.5, second=1.5)
FIRST, SECOND = [0.1, 0.1, 0.4, 0.2, 0.2], [0.05, 0.05, 0.3, 0.5, 0.1]
"""5 front, 5 back, 20 front, 20 back, background."""
SMALL = box(0.4, 0.4, 0.6, 0.5)
EVEN = box(1 / 12, 1 / 12, 11 / 12, 11 / 12)
"""Where the note lies in a second look whose first one was exact."""
WHOLE = box(0, 0, 1, 1)


def place(corners: npt.NDArray[np.float32], in_view: float = 0.9) -> list[float]:
    return [*corners.ravel().tolist(), in_view]


def watched(
    *played: tuple[npt.ArrayLike, npt.ArrayLike], rule: SecondLook | None = TWICE, fit: str = "stretch"
) -> tuple[Recognizer, FakeNetwork]:
    network = FakeNetwork(played)
    bundle = replace(bundle_of(VALUES, fit=fit, size=(96, 96)), second_look=rule, temperature=2.0)
    return Recognizer(bundle, network=network, others_s=math.inf, search=False), network


def powers(*looks: tuple[list[float], float]) -> npt.NDArray[np.float64]:
    product = np.prod([np.array(look) ** weight for look, weight in looks], axis=0)
    return np.asarray(product / product.sum())


def corners_of(seen: Observation) -> npt.NDArray[np.float32]:
    assert seen.corners is not None
    return seen.corners


BLANK = np.zeros((120, 160, 3), np.uint8)


def test_a_bundle_without_a_second_look_runs_its_network_once() -> None:
    recognizer, network = watched((FIRST, place(SMALL)), rule=None)
    seen = observe(recognizer, BLANK)
    assert len(network.pictures) == 1
    np.testing.assert_allclose(seen.probabilities, powers((FIRST, 1 / 2)), atol=1e-6)
    np.testing.assert_allclose(corners_of(seen), SMALL)


def test_the_looks_are_taken_together_with_the_weights_of_the_bundle() -> None:
    recognizer, network = watched((FIRST, place(SMALL)), (SECOND, place(EVEN, 0.3)))
    seen = observe(recognizer, BLANK)
    assert len(network.pictures) == 2
    np.testing.assert_allclose(seen.probabilities, powers((FIRST, 0.5), (SECOND, 1.5)), atol=1e-6)
    assert (seen.value, seen.side) == (20, "back")
    assert seen.in_view == pytest.approx(0.9), "of the frame, not of the look"


@pytest.mark.parametrize(("background", "looks"), [(0.75, 2), (0.85, 1), (1.0, 1)])
def test_an_empty_frame_is_not_looked_at_again(background: float, looks: int) -> None:
    """Unless all values together have as much as the bundle asks for."""
    first = [(1 - background) / 4] * 4 + [background]
    recognizer, network = watched((first, place(SMALL)), (first, place(EVEN)))
    seen = observe(recognizer, BLANK)
    assert len(network.pictures) == looks
    expected = powers((first, 1 / 2)) if looks == 1 else powers((first, 0.5), (first, 1.5))
    np.testing.assert_allclose(seen.probabilities, expected, atol=1e-5)


def test_corners_that_can_be_no_note_are_not_looked_at_again() -> None:
    crossed = SMALL[[0, 2, 1, 3]]
    recognizer, network = watched((FIRST, place(crossed)))
    seen = observe(recognizer, BLANK)
    assert len(network.pictures) == 1
    np.testing.assert_allclose(seen.probabilities, powers((FIRST, 1 / 2)), atol=1e-6)
    np.testing.assert_allclose(corners_of(seen), crossed)


@pytest.mark.parametrize("fit", ["stretch", "letterbox"])
@pytest.mark.parametrize(
    ("in_look", "in_frame"),
    [
        (EVEN, SMALL),
        # The look is 1.2 notes wide and high: what fills it reaches a tenth of the note beyond it.
        (WHOLE, box(0.38, 0.39, 0.62, 0.51)),
        (box(0.5, 0.5, 1, 1), box(0.5, 0.45, 0.62, 0.51)),
        (np.roll(EVEN, 2, axis=0), np.roll(SMALL, 2, axis=0)),
    ],
)
def test_corners_are_those_of_the_second_look_in_the_frame(
    fit: str, in_look: npt.NDArray[np.float32], in_frame: npt.NDArray[np.float32]
) -> None:
    first = SMALL if fit == "stretch" else SMALL * np.array([1, 0.75], np.float32) + np.array([0, 0.125], np.float32)
    recognizer, network = watched((FIRST, place(first)), (SECOND, place(in_look)), fit=fit)
    seen = observe(recognizer, BLANK)
    assert len(network.pictures) == 2
    np.testing.assert_allclose(corners_of(seen), in_frame, atol=1e-5)


def test_the_second_look_has_the_note_full_size() -> None:
    """A note of 96 x 48 pixels in a large frame: the first look has 9 x 8 of them, the second 80 x 80."""
    note = np.random.default_rng(3).integers(0, 256, (8, 16, 3), dtype=np.uint8).repeat(6, axis=0).repeat(6, axis=1)
    frame = np.full((600, 1000, 3), 90, np.uint8)
    frame[240:288, 400:496] = note
    corners = box(0.4, 0.4, 0.496, 0.48)
    recognizer, network = watched((FIRST, place(corners)), (SECOND, place(EVEN)))
    observe(recognizer, frame)
    first, second = network.pictures
    assert first.shape == second.shape == (96, 96, 3)
    expected = cv2.resize(note[..., ::-1], (80, 80), interpolation=cv2.INTER_LINEAR).astype(int)
    np.testing.assert_allclose(second[8:88, 8:88][1:-1, 1:-1], expected[1:-1, 1:-1], atol=2)
    assert np.abs(second[:7].astype(int) - 90).max() <= 1, "the margin shows what is around"
    shown = cv2.resize(first[38:47, 38:48], (80, 80), interpolation=cv2.INTER_LINEAR).astype(int)
    assert np.abs(shown - expected).mean() > 30, "the first look could not tell it"


def test_both_looks_are_rgb() -> None:
    frame = np.full((96, 96, 3), (10, 20, 250), np.uint8)
    recognizer, network = watched((FIRST, place(SMALL)), (SECOND, place(EVEN)))
    observe(recognizer, frame)
    assert [picture[50, 50].tolist() for picture in network.pictures] == [[250, 20, 10]] * 2


def test_light_is_that_of_the_note_which_the_second_look_found() -> None:
    """The first look is a little beside it."""
    frame = np.zeros((96, 96, 3), np.uint8)
    frame[40:56, 40:56] = 180
    beside, exact = box(0.45, 0.45, 0.65, 0.65), box(40 / 96, 40 / 96, 56 / 96, 56 / 96)
    in_look = (exact - 0.45) / 0.2 / 1.2 + 1 / 12
    recognizer, _ = watched((FIRST, place(beside)), (SECOND, place(in_look)))
    light = observe(recognizer, frame).light
    recognizer, _ = watched((FIRST, place(beside)), rule=None)
    assert light > observe(recognizer, frame).light + 40
    assert light == pytest.approx(180, rel=0.15)


def test_looks_are_kept_apart_for_calibration() -> None:
    recognizer, _ = watched((FIRST, place(SMALL)), (SECOND, place(EVEN, 0.3)))
    looks = recognizer.look(BLANK)
    np.testing.assert_allclose(looks.first, FIRST)
    assert len(looks.closer) == 1
    np.testing.assert_allclose(looks.closer[0], SECOND)
    np.testing.assert_allclose(looks.corners, SMALL, atol=1e-6)
    assert looks.in_view == pytest.approx(0.9)
    recognizer, _ = watched((FIRST, place(SMALL)), rule=None)
    assert recognizer.look(BLANK).closer == ()


def test_each_closer_look_goes_by_the_corners_of_the_one_before() -> None:
    """The second look mends the first one's corners, and the third finds them right."""
    third, rule = [0.1, 0.1, 0.6, 0.1, 0.1], replace(TWICE, times=2)
    off = box(0.3, 0.2, 0.7, 0.8)
    once, _ = watched((FIRST, place(SMALL)), (SECOND, place(off)))
    mended = corners_of(observe(once, BLANK))
    assert np.abs(mended - SMALL).max() > 0.02
    recognizer, network = watched((FIRST, place(SMALL)), (SECOND, place(off)), (third, place(EVEN)), rule=rule)
    seen = observe(recognizer, BLANK)
    assert len(network.pictures) == 3
    np.testing.assert_allclose(corners_of(seen), mended, atol=1e-5)
    half = rule.second / 2
    np.testing.assert_allclose(seen.probabilities, powers((FIRST, 0.5), (SECOND, half), (third, half)), atol=1e-5)


# Looking for more notes.

SURE, EMPTY = [0.0, 0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 1.0]
LEFT, RIGHT = box(0.05, 0.3, 0.45, 0.7), box(0.55, 0.3, 0.95, 0.7)


def others(*played: tuple[npt.ArrayLike, npt.ArrayLike], fit: str = "stretch") -> tuple[Recognizer, FakeNetwork]:
    network = FakeNetwork(played)
    return Recognizer(bundle_of(VALUES, size=(96, 96), fit=fit), network=network, search=False), network


def test_a_second_note_is_found_once_the_first_is_hidden() -> None:
    frame = np.zeros((120, 160, 3), np.uint8)
    frame[36:84, 8:72] = 255
    recognizer, network = others((SURE, place(LEFT)), (SURE, place(RIGHT)))
    assert observe(recognizer, frame).other_notes == 1
    assert network.pictures[0].max() == 255
    assert network.pictures[1].max() == 0


def test_the_same_place_or_an_empty_one_is_no_second_note() -> None:
    for second in ((EMPTY, place(RIGHT)), (SURE, place(LEFT))):
        recognizer, _ = others((SURE, place(LEFT)), second)
        assert observe(recognizer, BLANK).other_notes == 0


def test_no_look_for_more_where_there_is_no_note_or_no_room() -> None:
    for first in ((EMPTY, place(LEFT)), (SURE, place(WHOLE))):
        recognizer, network = others(first)
        assert observe(recognizer, BLANK).other_notes == 0
        assert len(network.pictures) == 1


def test_more_notes_are_looked_for_now_and_then() -> None:
    """It costs a run of the network; in between, what was found holds."""
    recognizer, network = others((SURE, place(LEFT)), (SURE, place(RIGHT)), *[(SURE, place(LEFT))] * 20)
    seen = [recognizer.observe(Frame(BLANK, index / 15, index)).other_notes for index in range(10)]
    assert seen == [1] * 6 + [0] * 4
    assert len(network.pictures) == 12


def test_every_still_is_looked_at_for_more_notes() -> None:
    recognizer, _ = others(*[(SURE, place(LEFT)), (SURE, place(RIGHT))] * 2, (SURE, place(LEFT)), (EMPTY, place(LEFT)))
    stills = [recognizer.observe(Frame(BLANK, 0.0, 0)).other_notes for _ in range(3)]
    assert stills == [1, 1, 0]


@pytest.mark.parametrize(
    ("corners", "told", "in_view"),
    [(box(-0.4, 0.2, 0.4, 0.6), 0.9, 0.5), (box(0.1, 0.2, 0.9, 0.6), 0.7, 0.7), (box(0.1, 0.2, 0.9, 0.6), 1.0, 1.0)],
)
def test_as_much_is_in_view_as_network_and_corners_both_say(
    corners: npt.NDArray[np.float32], told: float, in_view: float
) -> None:
    recognizer, _ = watched((FIRST, place(corners, told)), rule=None)
    assert observe(recognizer, BLANK).in_view == pytest.approx(in_view, abs=1e-5)


def test_the_frames_shape_is_told() -> None:
    recognizer, _ = others((EMPTY, place(LEFT)))
    assert observe(recognizer, BLANK).aspect == pytest.approx(4 / 3)


def test_looking_for_more_notes_costs_a_film_no_extra_run() -> None:
    """In frames that look for more notes, the note is looked at closer once less; a still gets everything."""
    bundle = replace(
        bundle_of(VALUES, size=(96, 96)), second_look=SecondLook(margin=0.1, least_note=0.0, first=1, second=1, times=3)
    )
    whole, closer, other = (SURE, place(LEFT)), (SURE, place(EVEN)), (EMPTY, place(LEFT))
    plain, spared = [whole, closer, closer, closer], [whole, closer, closer, other]
    network = FakeNetwork([*plain, other, *plain * 5, *spared, *plain])
    recognizer = Recognizer(bundle, network=network, search=False)
    runs = []
    for index in range(8):
        before = len(network.pictures)
        recognizer.observe(Frame(BLANK, index / 15, index))
        runs.append(len(network.pictures) - before)
    assert runs == [5, 4, 4, 4, 4, 4, 4, 4]

    stills = FakeNetwork([*plain, other] * 3)
    recognizer = Recognizer(bundle, network=stills, search=False)
    for number in range(3):
        recognizer.observe(Frame(BLANK, 0.0, 0))
        assert len(stills.pictures) == 5 * (number + 1)
