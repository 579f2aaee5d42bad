"""Looking for a second note: when, at what cost, and what is found."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from currency_app.recognition.recognizer import Recognizer
from currency_app.testing import FakeNetwork
from tests.support.observations import box, bundle_of
from tests.support.played_network import BLANK, VALUES, observe, place

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


def test_every_still_is_looked_at_for_more_notes() -> None:
    recognizer, _ = others(*[(SURE, place(LEFT)), (SURE, place(RIGHT))] * 2, (SURE, place(LEFT)), (EMPTY, place(LEFT)))
    assert [observe(recognizer, BLANK).other_notes for _ in range(3)] == [1, 1, 0]
