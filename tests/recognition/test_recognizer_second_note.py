"""Stills of several notes: each is found with the others hidden, and read by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from currency_app.arrays import Corners, Floats, Image
from currency_app.recognition.recognizer import Recognizer
from currency_app.recognition.second_look import SecondLook
from currency_app.testing import FakeNumerals
from tests.recognition.numerals.test_reading_numerals import RULE as NUMERALS
from tests.recognition.numerals.test_reading_numerals import TWENTY as NUMERALS_OF_TWENTY
from tests.support.observations import box, bundle_of
from tests.support.played_network import VALUES

RULE = SecondLook(margin=0.1, min_note_probability=0.2, first_weight=0.5, closer_weight=0.5)
BUNDLE = replace(bundle_of(VALUES, size=(96, 96)), second_look=RULE)
FIVE, TWENTY = 120, 220
"""Grey levels of a 5, front, and of a 20, front."""
NO_NOTE = 170
"""The grey level of what is no note."""
LEFT, RIGHT, BELOW = box(0.05, 0.1, 0.45, 0.5), box(0.55, 0.1, 0.95, 0.5), box(0.3, 0.6, 0.7, 0.95)


class GreyNotes:
    """Sees the rectangle of one grey level that covers most, as sure as `sure` says; else nothing."""

    def __init__(self, sure: float = 0.99) -> None:
        self.pictures: list[Image] = []
        self.sure = sure

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        self.pictures.append(picture)
        grey = picture[..., 0].astype(int)
        columns, rows = np.meshgrid(np.arange(96), np.arange(96))
        parts = [(columns < 48) & (rows < 52), (columns >= 48) & (rows < 52), rows >= 55]
        best: tuple[int, int, Floats] | None = None
        for label, level in ((0, FIVE), (2, TWENTY)):
            shown = np.abs(grey - level) < 12
            for part in [np.ones_like(shown)] if shown.mean() > 0.6 else parts:  # a closer look, or the whole picture
                where = np.argwhere(shown & part)
                if len(where) >= 100 and (best is None or len(where) > best[0]):
                    (top, left), (bottom, right) = where.min(axis=0) / 96, (where.max(axis=0) + 1) / 96
                    best = (len(where), label, box(left, top, right, bottom))
        probabilities = np.zeros(5, np.float32)
        if best is None:
            probabilities[4] = 1.0
            return probabilities, np.array([*box(0, 0, 1, 1).ravel(), 1], np.float32)
        probabilities[best[1]], probabilities[4] = self.sure, 1 - self.sure
        return probabilities, np.array([*best[2].ravel(), 1], np.float32)


def picture_of(*notes: tuple[Corners, int]) -> Image:
    picture = np.full((240, 320, 3), 20, np.uint8)
    for corners, level in notes:
        (left, top), (right, bottom) = corners[0], corners[2]
        picture[round(top * 240) : round(bottom * 240), round(left * 320) : round(right * 320)] = level
    return picture


def test_each_of_several_notes_is_read() -> None:
    seen = Recognizer(BUNDLE, network=GreyNotes()).observe_still(picture_of((LEFT, FIVE), (RIGHT, TWENTY)))
    (other,) = seen.others
    assert {seen.value, other.value} == {5, 20}
    assert not seen.refused and not other.refused
    assert seen.other_notes == other.other_notes == 1
    for one in (seen, other):
        assert one.corners is not None
        np.testing.assert_allclose(one.corners, LEFT if one.value == 5 else RIGHT, atol=0.03)
        assert BUNDLE.is_sure(one.value, one.confidence)


def test_three_notes_two_of_one_value() -> None:
    network = GreyNotes()
    seen = Recognizer(BUNDLE, network=network).observe_still(picture_of((LEFT, FIVE), (RIGHT, TWENTY), (BELOW, FIVE)))
    assert sorted([seen.value or 0, *(other.value or 0 for other in seen.others)]) == [5, 5, 20]
    assert seen.other_notes == 2


def test_a_note_by_itself_has_no_others_and_costs_two_more_looks() -> None:
    network = GreyNotes()
    seen = Recognizer(BUNDLE, network=network).observe_still(picture_of((LEFT, FIVE)))
    assert (seen.value, seen.others, seen.other_notes, seen.refused) == (5, (), 0, False)
    assert len(network.pictures) == 4


@pytest.mark.parametrize("room", [picture_of(), picture_of((box(0, 0, 1, 1), TWENTY))])
def test_no_look_for_more_where_there_is_no_note_or_no_room(room: Image) -> None:
    network = GreyNotes()
    assert Recognizer(BUNDLE, network=network, search=False).observe_still(room).others == ()
    assert len(network.pictures) <= 2


def test_the_numerals_of_each_of_several_notes_are_checked() -> None:
    bundle = replace(BUNDLE, numerals=NUMERALS)
    reader = Recognizer(bundle, network=GreyNotes(), numerals=FakeNumerals(NUMERALS_OF_TWENTY))
    seen = reader.observe_still(picture_of((LEFT, FIVE), (RIGHT, TWENTY)))
    assert {one.value: one.refused for one in (seen, *seen.others)} == {5: True, 20: False}


class GreyNotesFromAfar(GreyNotes):
    """Takes for a 5 from afar also what a closer look shows to be none: a rectangle of another grey."""

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        if (np.abs(picture[..., 0].astype(int) - NO_NOTE) < 12).mean() > 0.6:
            return np.array([0, 0, 0, 0, 1], np.float32), np.array([*box(0, 0, 1, 1).ravel(), 1], np.float32)
        return super().__call__(np.where(np.abs(picture.astype(int) - NO_NOTE) < 12, FIVE, picture).astype(np.uint8))


def test_what_only_a_look_from_afar_takes_for_a_second_note_is_none() -> None:
    picture = picture_of((box(0.05, 0.08, 0.45, 0.52), TWENTY), (RIGHT, NO_NOTE))
    seen = Recognizer(BUNDLE, network=GreyNotesFromAfar()).observe_still(picture)
    assert (seen.value, seen.other_notes, seen.refused) == (20, 0, False)


COLUMN = [box(0.3, top, 0.7, top + 0.24) for top in (0.02, 0.38, 0.74)]


class GreyColumn(GreyNotes):
    """Sees three places in a column: the middle one first, and of the others, if both show, one between them."""

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        if (np.ptp(picture[24:72, 24:72]) == 0) and picture[48, 48, 0] in (FIVE, TWENTY):  # a closer look
            return super().__call__(picture)
        upper, middle, lower = (int(picture[row, 48, 0]) in (FIVE, TWENTY) for row in (13, 48, 83))
        if middle or not (upper and lower):
            shown = [place for place, there in zip(COLUMN, (upper, middle, lower), strict=True) if there]
            label = 2 if middle else 0
            place, sure = ([COLUMN[1]] if middle else shown or [box(0, 0, 1, 1)])[0], 0.99 if shown else 0.0
        else:
            label, place, sure = 0, COLUMN[1], 0.4
        probabilities = np.zeros(5, np.float32)
        probabilities[label], probabilities[4] = sure, 1 - sure
        return probabilities, np.array([*place.ravel(), 1], np.float32)


def test_notes_on_both_sides_of_the_first_are_found_one_after_the_other() -> None:
    picture = picture_of(*zip(COLUMN, (FIVE, TWENTY, FIVE), strict=True))
    seen = Recognizer(BUNDLE, network=GreyColumn()).observe_still(picture)
    assert [one.value for one in (seen, *seen.others)] == [20, 5, 5]
