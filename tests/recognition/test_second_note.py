"""Hiding the note that was found, and what counts as a second one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.recognition.corners import area_in_frame
from currency_app.recognition.second_note import hide_note, is_another_note, worth_a_look
from tests.support.observations import CENTRED, box

LEFT, RIGHT = box(0.05, 0.3, 0.45, 0.7), box(0.55, 0.3, 0.95, 0.7)


def test_a_hidden_note_takes_the_colour_of_the_room() -> None:
    picture = np.full((100, 100, 3), (40, 80, 120), np.uint8)
    picture[30:70, 5:45] = 255
    before = picture.copy()
    hidden = hide_note(picture, LEFT)
    assert (hidden == (40, 80, 120)).all()
    assert (picture == before).all(), "the picture itself stays"


def test_the_other_note_stays() -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    picture[30:70, 55:95] = 200
    assert (hide_note(picture, LEFT)[32:68, 60:93] == 200).all()


@pytest.mark.parametrize(
    ("note", "corners", "another"),
    [
        (0.99, RIGHT, True),
        (0.5, RIGHT, False),
        (0.99, LEFT, False),
        (0.99, LEFT + 0.05, False),
        (0.99, box(0.6, 0.4, 0.8, 0.6), False),
        (0.99, RIGHT + np.float32(0.35), False),
        (0.99, RIGHT[[0, 2, 1, 3]], False),
        (0.99, np.full((4, 2), np.nan, np.float32), False),
    ],
)
def test_what_is_another_note(note: float, corners: npt.NDArray[np.float32], another: bool) -> None:
    """Sure of a value, over 1/12 of the frame, and not the first one again."""
    assert is_another_note(note, corners, LEFT) is another


def test_neither_a_near_note_nor_a_speck_is_one_of_several() -> None:
    assert worth_a_look(CENTRED)
    assert not worth_a_look(box(0.02, 0.02, 0.98, 0.98))
    assert not worth_a_look(box(-1, -1, 2, 2))
    assert not worth_a_look(box(0.4, 0.4, 0.6, 0.6))


def test_areas() -> None:
    assert area_in_frame(CENTRED) == pytest.approx(0.3)
    assert area_in_frame(box(0.5, 0, 1.5, 1)) == pytest.approx(0.5)
    assert area_in_frame(CENTRED[[0, 2, 1, 3]]) == pytest.approx(0.3), "whatever their order"
    assert area_in_frame(CENTRED + 3) == 0
    assert area_in_frame(np.full((4, 2), np.inf, np.float32)) == 0
