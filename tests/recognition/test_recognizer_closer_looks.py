"""Looking at the note again, with a network that answers what was played to it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from tests.support.observations import box
from tests.support.played_network import BLANK, EVEN, TWICE, corners_of, observe, place, watched

FIRST, SECOND = [0.1, 0.1, 0.4, 0.2, 0.2], [0.05, 0.05, 0.3, 0.5, 0.1]
"""5 front, 5 back, 20 front, 20 back, background."""
SMALL = box(0.4, 0.4, 0.6, 0.5)
WHOLE = box(0, 0, 1, 1)


def powers(*looks: tuple[list[float], float]) -> npt.NDArray[np.float64]:
    product = np.prod([np.array(look) ** weight for look, weight in looks], axis=0)
    return np.asarray(product / product.sum())


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
    third, rule = [0.1, 0.1, 0.6, 0.1, 0.1], replace(TWICE, repeats=2)
    off = box(0.3, 0.2, 0.7, 0.8)
    once, _ = watched((FIRST, place(SMALL)), (SECOND, place(off)))
    mended = corners_of(observe(once, BLANK))
    assert np.abs(mended - SMALL).max() > 0.02
    recognizer, network = watched((FIRST, place(SMALL)), (SECOND, place(off)), (third, place(EVEN)), rule=rule)
    seen = observe(recognizer, BLANK)
    assert len(network.pictures) == 3
    np.testing.assert_allclose(corners_of(seen), mended, atol=1e-5)
    half = rule.closer_weight / 2
    np.testing.assert_allclose(seen.probabilities, powers((FIRST, 0.5), (SECOND, half), (third, half)), atol=1e-5)
