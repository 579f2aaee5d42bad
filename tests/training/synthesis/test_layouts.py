"""Pictures of several notes: each is as it is, lies where it should, and shows enough to count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from training.dataset.notes import FlatNote, flat_note
from training.synthesis import LAYOUTS, lay_flat, lay_notes

COLOURS = {"usd_5_front": (0, 0, 250), "usd_20_front": (0, 250, 0), "usd_50_front": (250, 0, 0)}
NOTES = [flat_note(name, np.full((200, 472, 3), colour, np.uint8)) for name, colour in COLOURS.items()]
ROOM = np.full((60, 80, 3), 90, np.uint8)


def chosen(count: int) -> Sequence[FlatNote]:
    return NOTES[:count]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_twelfth_of_the_picture_shows_of_each_note(layout: str) -> None:
    for seed in range(4):
        picture, notes = lay_notes(np.random.default_rng(seed), layout, chosen, ROOM)
        assert picture.shape == (960, 1280, 3)
        assert picture.dtype == np.uint8
        assert len(notes) == (3 if "three" in layout else 2)
        for note in notes:
            colour = np.array(COLOURS[note.class_name])
            assert (np.abs(picture - colour).max(axis=2) < 30).mean() > 1 / 12 - 0.005


@pytest.mark.parametrize("layout", ["one on the other", "fan of three", "a strip above", "a strip at an end"])
def test_where_notes_lie_on_each_other_the_first_is_partly_hidden(layout: str) -> None:
    shows = []
    for seed in range(4):
        picture, notes = lay_notes(np.random.default_rng(seed), layout, chosen, ROOM)
        colours = (np.array(COLOURS[note.class_name]) for note in (notes[0], notes[-1]))
        shows.append([(np.abs(picture - colour).max(axis=2) < 30).mean() for colour in colours])
    lowest, highest = np.mean(shows, axis=0)
    assert lowest < 0.97 * highest


def test_the_same_generator_gives_the_same_picture() -> None:
    one, other = (lay_notes(np.random.default_rng(4), "crossed", chosen, ROOM)[0] for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_a_note_is_laid_as_it_is_and_only_where_it_is_seen() -> None:
    half_seen = NOTES[0].levels[0].copy()
    half_seen[:, 236:, 3] = 0
    corners = np.array([[20, 20], [100, 20], [100, 54], [20, 54]], np.float32)
    picture, over = lay_flat(np.full((80, 120, 3), 90, np.uint8), FlatNote("usd_5_front", (half_seen,)), corners)
    np.testing.assert_array_equal(picture[30, 30], (0, 0, 250))
    for row, column in ((30, 90), (10, 30), (30, 110)):
        np.testing.assert_array_equal(picture[row, column], (90, 90, 90))
    assert over.mean() == pytest.approx(40 * 34 / (80 * 120), rel=0.05)
