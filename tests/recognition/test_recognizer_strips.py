"""A note behind another, of which only a strip shows: nothing is said as if the first were alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from currency_app.arrays import Floats, Image
from currency_app.events import HintKind
from currency_app.identify import identify
from currency_app.recognition.recognizer import Recognizer
from currency_app.tracking.tracker import Tracker
from tests.recognition.numerals.test_bundle_numerals import BUNDLE, SURE_OF_FIVE
from tests.recognition.numerals.test_strips import NOTE, SIDES, HatchedNumerals, picture_with
from tests.support.played_network import film, place

ONE, OTHER, _ = SIDES["left"]
ALONE = picture_with()
BEHIND = picture_with((*ONE, 20), (*OTHER, 20))
"""The same note with a strip of a 20 at its left end."""


class PlainNote:
    """Sees a five at NOTE, unless it is hidden or not there."""

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        nothing = np.array([0.0, 0.0, 0.0, 0.0, 1.0], np.float32)
        there = 50 < int(picture[43, 48, 0]) < 70
        return np.array(SURE_OF_FIVE, np.float32) if there else nothing, np.array(
            place(NOTE) if there else place(NOTE, 0.0), np.float32
        )


def recognizer(**settings: Any) -> Recognizer:
    return Recognizer(BUNDLE, network=PlainNote(), search=False, numerals=HatchedNumerals(), **settings)


def test_a_still_of_a_strip_behind_a_note_asks_for_one_at_a_time() -> None:
    found = identify(recognizer(), BEHIND)
    assert not found.spoken
    assert not found.unknown
    assert found.hint is HintKind.SEVERAL_NOTES
    (strip,) = found.others
    assert strip.observation.value is None
    assert strip.observation.corners is not None
    assert strip.observation.corners[:, 0].mean() < NOTE[:, 0].mean()
    assert found.observation.other_notes == strip.observation.other_notes == 1


def test_a_still_of_a_note_by_itself_is_spoken() -> None:
    found = identify(recognizer(), ALONE)
    assert found.spoken
    assert found.others == ()


@pytest.mark.parametrize("settings", [{"others": False}, {"check_numerals": False}])
def test_without_a_search_for_others_or_without_numerals_there_is_none_for_strips(settings: Any) -> None:
    assert identify(recognizer(**settings), BEHIND).spoken


def announced(*pictures: Image) -> list[str]:
    tracker = Tracker(BUNDLE)
    return [type(event).__name__ for seen in film(recognizer(), *pictures) for event in tracker.update(seen)]


def test_in_a_film_nothing_is_said_while_a_strip_shows() -> None:
    assert announced(*[ALONE] * 20) == ["Sighting"]
    assert announced(*[BEHIND] * 60) == []
    assert all(seen.other_notes == 1 for seen in film(recognizer(), *[BEHIND] * 60)[6:])


def test_once_the_second_note_is_taken_away_the_first_one_is_said() -> None:
    assert announced(*[BEHIND] * 30, *[ALONE] * 60) == ["Sighting"]


def said_after_s(reader: Recognizer) -> float:
    tracker = Tracker(BUNDLE)
    return next(seen.t for seen in film(reader, *[ALONE] * 30) if tracker.update(seen))


def test_a_note_without_a_strip_waits_for_a_frame_at_most() -> None:
    plain = Recognizer(BUNDLE, network=PlainNote(), search=False, check_numerals=False)
    assert said_after_s(recognizer()) <= said_after_s(plain) + 1.01 / 15
