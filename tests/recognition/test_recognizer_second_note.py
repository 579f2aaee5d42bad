"""Looking for a second note: when, at what cost, and what is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from currency_app.events import Frame
from currency_app.recognition.recognizer import Recognizer
from currency_app.recognition.second_look import SecondLook
from currency_app.testing import FakeNetwork
from tests.support.observations import box, bundle_of
from tests.support.played_network import BLANK, EVEN, VALUES, observe, place

WHOLE = box(0, 0, 1, 1)
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


def test_looking_for_more_notes_costs_a_film_no_extra_run() -> None:
    """In frames that look for more notes, the note is looked at closer once less; a still gets everything."""
    rule = SecondLook(margin=0.1, min_note_probability=0.0, first_weight=1, closer_weight=1, repeats=3)
    bundle = replace(bundle_of(VALUES, size=(96, 96)), second_look=rule)
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
