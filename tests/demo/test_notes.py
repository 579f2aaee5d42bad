"""The drawn notes: told apart by value and side, the same for the same seed, and never mistakable for real money."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from currency_app.demo.notes import DRAWN_SIDES, DRAWN_VALUES, draw_note
from currency_app.demo.notes.faces import draw_back, draw_front
from currency_app.demo.notes.sheet import Sheet

FACES = [(value, side) for value in DRAWN_VALUES for side in DRAWN_SIDES]


def seen_from_afar(value: int, side: str, seed: int) -> npt.NDArray[np.float32]:
    """A note as a network sees it, small and a little soft; brightness and contrast taken out."""
    note = cv2.GaussianBlur(draw_note(value, side, 156, seed), (0, 0), 1.5).astype(np.float32)
    return np.asarray((note - note.mean()) / note.std(), np.float32)


@pytest.mark.parametrize(("value", "side"), FACES)
def test_has_the_proportions_of_a_note_and_is_shared_safely(value: int, side: str) -> None:
    note = draw_note(value, side)
    assert note.shape == (264, 624, 3)
    assert note.dtype == np.uint8
    with pytest.raises(ValueError, match="read-only"):
        note[0, 0] = 0


@pytest.mark.parametrize("width", [64, 301, 1600])
def test_takes_the_width_asked_for(width: int) -> None:
    assert draw_note(5, "back", width).shape == (round(width * 66 / 156), width, 3)


def test_faces_differ_far_more_than_notes_of_one_face() -> None:
    looks = {face: seen_from_afar(*face, seed=0) for face in FACES}
    between = min(float(((looks[a] - looks[b]) ** 2).mean()) for a, b in combinations(FACES, 2))
    within = [
        float(((looks[face] - seen_from_afar(*face, seed=seed)) ** 2).mean()) for face in FACES for seed in (1, 2)
    ]
    assert between > 1.2 * max(within)
    assert between > 3 * float(np.median(within))


@pytest.mark.parametrize(("value", "side"), FACES)
def test_is_the_same_for_the_same_seed_alone(value: int, side: str) -> None:
    first = draw_note(value, side, 312, 4)
    other = draw_note(value, side, 312, 5)
    draw_note.cache_clear()
    assert np.array_equal(draw_note(value, side, 312, 4), first)
    assert not np.array_equal(other, first)


@pytest.mark.parametrize(("value", "side"), FACES)
def test_says_that_it_is_a_demonstration(value: int, side: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []
    monkeypatch.setattr(Sheet, "text", lambda _, text, *__, **___: words.append(text))
    sheet = Sheet(np.zeros((264, 624, 3), np.uint8), 4.0)
    (draw_front if side == "front" else draw_back)(sheet, value)
    assert "DEMONSTRATION" in words


@pytest.mark.parametrize(("value", "side", "width"), [(3, "front", 624), (20, "edge", 624), (20, "front", 10)])
def test_refuses_what_it_cannot_draw(value: int, side: str, width: int) -> None:
    with pytest.raises(ValueError, match="drawn note"):
        draw_note(value, side, width)


@pytest.mark.parametrize(("value", "side"), FACES)
def test_may_bear_the_numerals_of_another_value(value: int, side: str) -> None:
    """Only the numerals change, all over the note but not in its middle."""
    own = draw_note(value, side, 312)
    assert np.array_equal(draw_note(value, side, 312, numerals=value), own)
    other = draw_note(value, side, 312, numerals=1 if value != 1 else 5)
    differs = np.abs(own.astype(int) - other).max(axis=2) > 30
    left, right = differs[:, :62], differs[:, 240:]
    assert all(part.mean() > 0.005 for part in (left[:52], left[80:], right[:52], right[80:]))
    assert not differs[:, 75:235].any()


def test_cannot_bear_numerals_that_no_drawn_note_has() -> None:
    with pytest.raises(ValueError, match="drawn note"):
        draw_note(20, "front", numerals=3)
