"""Frames of films, on a network that sees a bright rectangle wherever it is, in whole frames and in closer looks."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from currency_app.arrays import Corners, Floats, Image
from currency_app.events import Frame, Observation
from currency_app.recognition.recognizer import Recognizer
from currency_app.recognition.second_look import SecondLook
from tests.support.observations import box, bundle_of
from tests.support.played_network import VALUES, corners_of, film

RULE = SecondLook(margin=0.1, min_note_probability=0.2, first_weight=0.5, closer_weight=0.5)
BUNDLE = replace(bundle_of(VALUES, size=(96, 96)), second_look=RULE)
WIDTH, HEIGHT = 0.4, 0.3
"""Of the note, fractions of the frame."""


class SpotNetwork:
    """Takes a bright rectangle for a 20, front; counts how often it is run."""

    def __init__(self, sees: float = 0.98) -> None:
        self.pictures: list[Image] = []
        self.sees = sees

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        self.pictures.append(picture)
        bright = np.argwhere(picture[..., 0] > 100)
        probabilities = np.full(5, 0.005, np.float32)
        if len(bright) < 60:
            probabilities[4] = 0.98
            return probabilities, np.array([*box(0, 0, 1, 1).ravel(), 1], np.float32)
        probabilities[2], probabilities[4] = self.sees, 1 - 0.015 - self.sees
        (top, left), (bottom, right) = bright.min(axis=0) / 96, (bright.max(axis=0) + 1) / 96
        return probabilities, np.array([*box(left, top, right, bottom).ravel(), 1], np.float32)


def shown(*centres: float | None) -> list[Image]:
    """Frames, 320 x 240, with a note whose centre is this far from the left, fractions of the frame; or without."""
    frames = []
    for centre in centres:
        frame = np.full((240, 320, 3), 20, np.uint8)
        if centre is not None:
            corner = round((centre - WIDTH / 2) * 320), round((0.5 - HEIGHT / 2) * 240)
            opposite = round((centre + WIDTH / 2) * 320) - 1, round((0.5 + HEIGHT / 2) * 240) - 1
            cv2.rectangle(frame, corner, opposite, (200, 200, 200), -1)
        frames.append(frame)
    return frames


def note_at(centre: float) -> Corners:
    return box(centre - WIDTH / 2, 0.5 - HEIGHT / 2, centre + WIDTH / 2, 0.5 + HEIGHT / 2)


def read(*centres: float | None, network: SpotNetwork | None = None) -> tuple[list[Observation], SpotNetwork]:
    network = network or SpotNetwork()
    return film(Recognizer(BUNDLE, network=network), *shown(*centres)), network


def test_a_frame_costs_one_pass_at_most_whatever_is_in_view() -> None:
    network = SpotNetwork()
    recognizer = Recognizer(BUNDLE, network=network)
    centres = [None] * 20 + [0.5] * 40 + [0.2] * 20 + [None] * 10 + [0.7] * 20 + [None] * 30
    for index, frame in enumerate(shown(*centres)):
        before = len(network.pictures)
        recognizer.observe(Frame(frame, index / 15, index))
        assert len(network.pictures) - before <= 1


def test_a_still_gets_all_its_looks() -> None:
    network = SpotNetwork()
    Recognizer(replace(BUNDLE, second_look=replace(RULE, repeats=3)), network=network).observe_still(shown(0.5)[0])
    assert len(network.pictures) == 6, "the whole picture, three closer looks, and two for a second note"


def test_every_frame_of_a_note_has_its_value_and_corners() -> None:
    seen, _ = read(*[0.5] * 90)
    for observation in seen:
        assert (observation.value, observation.side) == (20, "front")
        np.testing.assert_allclose(corners_of(observation), note_at(0.5), atol=0.02)
        assert observation.in_view == pytest.approx(1, abs=0.02)
    assert sum(observation.looked for observation in seen[:6]) == 5, "but for one that looks for a second note"
    assert sum(observation.looked for observation in seen[30:]) >= 25, "ten times a second when it has long been"


def test_a_note_that_jumps_is_found_again_within_two_frames() -> None:
    seen, _ = read(*[0.22] * 18, *[0.78] * 3)
    assert seen[18].value is None
    assert seen[19].value == 20
    np.testing.assert_allclose(corners_of(seen[19]), note_at(0.78), atol=0.02)


def test_a_note_that_is_taken_away_is_gone_in_the_next_frame() -> None:
    seen, _ = read(*[0.5] * 18, *[None] * 15)
    assert {observation.value for observation in seen[18:]} == {None}
    assert all(observation.corners is None for observation in seen[18:])
    assert seen[18].confidence > 0.9, "what showed the note a moment ago does not count"


def test_looks_at_the_whole_frame_and_closer_ones_are_taken_together() -> None:
    seen, _ = read(0.5, 0.5, network=SpotNetwork(sees=0.6))
    alone = np.array([0.005, 0.005, 0.6, 0.005, 0.385])
    np.testing.assert_allclose(seen[0].probabilities, alone, atol=1e-6)
    both = alone**0.5 * alone**0.5
    np.testing.assert_allclose(seen[1].probabilities, both / both.sum(), atol=1e-6)


def test_another_film_begins_with_nothing_in_view() -> None:
    recognizer = Recognizer(BUNDLE, network=SpotNetwork())
    film(recognizer, *shown(*[0.5] * 10))
    again = film(recognizer, *shown(None, None))
    assert [observation.value for observation in again] == [None, None]
    assert [observation.t for observation in again] == [0.0, pytest.approx(1 / 15)]


def test_a_frame_that_is_not_looked_at_repeats_what_was_seen() -> None:
    seen, _ = read(*[None] * 30)
    resting = [now for now in seen if not now.looked]
    assert resting
    assert all(observation.value is None and observation.confidence > 0.9 for observation in resting)
    assert [observation.t for observation in seen] == pytest.approx([index / 15 for index in range(30)])


class TwoNotes(SpotNetwork):
    """Sees the left note unless it is hidden."""

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        left = picture.copy()
        if picture[:, 44:52, 0].max() < 100 < picture[:, :40, 0].max():
            left[:, 48:] = 0
        return super().__call__(left)


def with_two_notes(count: int, empty: int) -> list[Image]:
    frames = shown(*[None] * (count + empty))
    for frame in frames[:count]:
        frame[60:180, 20:140] = 200
        frame[60:180, 180:300] = 200
    return frames


def test_a_second_note_is_told_until_the_first_has_gone() -> None:
    seen = film(Recognizer(BUNDLE, network=TwoNotes()), *with_two_notes(30, 10))
    told = [observation.other_notes for observation in seen]
    assert 1 in told[:5]
    assert set(told[told.index(1) : 30]) == {1}
    assert set(told[31:]) == {0}


@pytest.mark.parametrize("extra_looks", [True, False])
@pytest.mark.parametrize("fps", [5.0, 15.0, 30.0])
def test_no_note_counts_as_alone_before_a_second_one_was_looked_for(fps: float, extra_looks: bool) -> None:
    recognizer = Recognizer(BUNDLE, network=TwoNotes())
    recognizer.extra_looks = extra_looks
    seen = film(recognizer, *with_two_notes(40, 10), *with_two_notes(40, 10), fps=fps)
    assert not [observation.t for observation in seen if observation.value is not None and observation.alone]


def test_a_note_by_itself_is_known_to_be_alone_after_one_more_frame() -> None:
    seen, _ = read(*[0.5] * 60, *[None] * 5, *[0.5] * 10)
    assert [observation.alone for observation in seen[:4]] == [False, False, False, True]
    assert all(observation.alone for observation in seen[3:60])
    assert [observation.alone for observation in seen[65:69]] == [False, False, False, True], "the next one anew"


def test_no_search_where_there_is_no_room_for_another() -> None:
    frame = np.full((240, 320, 3), 200, np.uint8)
    network = SpotNetwork()
    seen = film(Recognizer(BUNDLE, network=network), *[frame] * 5)
    assert all(observation.alone and observation.looked for observation in seen)


def test_a_note_that_moved_from_the_place_that_is_hidden_is_no_second_one() -> None:
    seen, _ = read(*np.linspace(0.22, 0.78, 10), *[0.78] * 20)
    assert {observation.other_notes for observation in seen} == {0}
    assert seen[-1].alone


def test_a_black_frame_is_told() -> None:
    seen = film(Recognizer(BUNDLE, network=SpotNetwork()), *[np.zeros((240, 320, 3), np.uint8)] * 3)
    assert all(observation.black for observation in seen)


def test_a_cover_that_is_closed_over_a_note_is_told_at_once() -> None:
    black = np.zeros((240, 320, 3), np.uint8)
    seen = film(Recognizer(BUNDLE, network=SpotNetwork()), *shown(*[0.5] * 5), black)
    assert [observation.black for observation in seen] == [False] * 5 + [True]


def test_the_quality_of_a_note_is_measured_anew_when_the_light_changes() -> None:
    bright, dim = shown(0.5)[0], shown(0.5)[0] // 3 * 2
    seen = film(Recognizer(BUNDLE, network=SpotNetwork()), *[bright] * 8, *[dim] * 12)
    assert seen[7].light == pytest.approx(200, abs=5)
    assert seen[19].light == pytest.approx(133, abs=5)
