"""Notes with parts of other notes: what is exchanged, what stays, and which value that leaves."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from currency_app.arrays import Drawing
from currency_app.demo.notes import draw_note
from training.dataset.labels import BACKGROUND
from training.dataset.notes import FlatNote, flat_note
from training.synthesis.parts import altered, numerals
from training.synthesis.parts.altered import agreeing_note, disagreeing_note, restyled_note
from training.synthesis.parts.layout import DRAWN, Box, Layout, layout_of
from training.synthesis.parts.paste import canvas_of, part_of

WIDTH = 400
LAYOUT = Layout(
    ((0.0, 0.0, 0.2, 0.3), (0.8, 0.0, 1.0, 0.3), (0.0, 0.7, 0.2, 1.0), (0.8, 0.7, 1.0, 1.0)),
    ((0.35, 0.2, 0.65, 0.8),),
    ((0.3, 0.85, 0.7, 1.0),),
)
OWN, THEIRS = 60, 200
"""Grey levels about which the two notes have their print."""


def striped(grey: int, seed: int, value: int) -> FlatNote:
    """A note of random stripes, so that what comes from where can be told by correlation."""
    coarse = np.random.default_rng(seed).integers(-40, 41, (13, 31), dtype=np.int16)
    fine = cv2.resize(coarse.astype(np.float32), (WIDTH, 169), interpolation=cv2.INTER_NEAREST)
    return flat_note(
        f"usd_{value}_front", np.repeat((fine + grey)[..., None], 3, axis=2).astype(np.uint8), "1996 big head"
    )


NOTE, OTHER = striped(OWN, 1, 5), striped(THEIRS, 2, 20)


def likeness(one: Drawing, other: Drawing, box: Box) -> float:
    """Correlation, -1 to 1, of the middle of what lies in a box of two canvases of one size."""
    x, y = (box[2] - box[0]) / 5, (box[3] - box[1]) / 5
    inner = (box[0] + x, box[1] + y, box[2] - x, box[3] - y)
    parts = [part_of(canvas, inner)[..., 0].astype(float).ravel() for canvas in (one, other)]
    return float(np.corrcoef(parts)[0, 1])


def of_way(way: str, monkeypatch: pytest.MonkeyPatch, count: int = 12) -> Iterator[FlatNote]:
    monkeypatch.setattr(altered, "_WAYS", (way,))
    monkeypatch.setattr(altered, "_SHARES", (1.0,))
    for seed in range(count):
        yield disagreeing_note(np.random.default_rng(seed), NOTE, 5, LAYOUT, (OTHER, 20, LAYOUT))


def changed(made: FlatNote, boxes: tuple[Box, ...]) -> list[bool]:
    """Which boxes show the other note's print."""
    canvas, own, theirs = (canvas_of(note) for note in (made, NOTE, OTHER))
    return [likeness(canvas, theirs, box) > likeness(canvas, own, box) for box in boxes]


def test_all_numerals_are_exchanged_and_the_rest_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for made in of_way("numerals", monkeypatch):
        assert made.class_name == BACKGROUND
        assert all(changed(made, LAYOUT.numerals))
        assert not any(changed(made, LAYOUT.portraits + LAYOUT.words))


def test_of_some_numerals_at_least_two_are_exchanged_and_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = {sum(changed(made, LAYOUT.numerals)) for made in of_way("some numerals", monkeypatch)}
    assert counts == {2, 3}


def test_a_portrait_is_only_exchanged_with_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """With another value's portrait alone, numerals and words would still be right."""
    for made in of_way("portrait and words", monkeypatch):
        assert all(changed(made, LAYOUT.portraits + LAYOUT.words))
        assert not any(changed(made, LAYOUT.numerals))


def test_halves_of_two_notes_meet_at_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    left, right = (0.0, 0.0, 0.35, 1.0), (0.65, 0.0, 1.0, 1.0)
    seen = [tuple(changed(made, (left, right))) for made in of_way("halves", monkeypatch)]
    assert set(seen) == {(True, False), (False, True)}


def test_painted_numerals_are_never_the_notes_own(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []
    monkeypatch.setattr(altered, "paint_numeral", lambda rng, canvas, box, text, face: texts.append(text))
    list(of_way("painted", monkeypatch, 40))
    assert len(texts) == 160
    assert "5" not in texts
    assert 80 < texts.count("20") < 150, "the rest are numbers of no value"
    assert set(map(int, texts)) - {20} <= set(numerals.NO_VALUES)


def test_numerals_of_no_value_are_of_no_value() -> None:
    assert not set(numerals.NO_VALUES) & {1, 2, 5, 10, 20, 50, 100}


def test_a_note_cannot_disagree_with_its_own_value() -> None:
    with pytest.raises(ValueError, match="both notes are of 5"):
        disagreeing_note(np.random.default_rng(1), NOTE, 5, LAYOUT, (OTHER, 5, LAYOUT))


def test_what_is_pasted_takes_the_colours_that_were_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for made in of_way("numerals", monkeypatch):
        assert abs(float(canvas_of(made)[..., :3].mean()) - OWN) < 8


@pytest.mark.parametrize("way", altered._WAYS)
def test_with_parts_of_its_own_value_a_note_keeps_it(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(altered, "_WAYS", (way,))
    monkeypatch.setattr(altered, "_SHARES", (1.0,))
    texts: list[str] = []
    monkeypatch.setattr(altered, "paint_numeral", lambda rng, canvas, box, text, face: texts.append(text))
    made = agreeing_note(np.random.default_rng(3), NOTE, 5, LAYOUT, OTHER)
    assert made.class_name == "usd_5_front"
    assert set(texts) <= {"5"}
    assert bool(texts) == (way == "painted")


def test_a_restyled_note_has_its_own_parts_in_the_frame_of_another() -> None:
    made = restyled_note(np.random.default_rng(5), OTHER, LAYOUT, NOTE, LAYOUT)
    assert made.class_name == "usd_20_front"
    assert all(changed(made, LAYOUT.numerals + LAYOUT.portraits + LAYOUT.words))
    assert not any(changed(made, ((0.2, 0.3, 0.35, 0.7), (0.65, 0.3, 0.8, 0.7)))), "the frame is the other's"


@pytest.mark.parametrize("side", ["front", "back"])
@pytest.mark.parametrize("value", [1, 5, 10, 100])
def test_the_layout_of_drawn_notes_is_where_their_numerals_are(value: int, side: str) -> None:
    """What differs between two values of one shape lies in the boxes: paint numerals, and a drawn 5 shows none."""
    note = flat_note(f"usd_{value}_{side}", draw_note(value, side, 480), DRAWN)
    layout = layout_of(note, "usd")
    assert layout is not None
    assert len(layout.numerals) == 4
    canvas = canvas_of(note)
    for box in layout.numerals:  # ink and paper both, as a numeral has them
        assert part_of(canvas, box)[..., :3].std() > 12


def test_every_face_of_the_numerals_can_be_printed() -> None:
    masks = [numerals.numeral_mask_in(face, "20") for face in range(numerals.FACES)]
    assert all(mask.max() == 255 and min(mask.shape) > 20 for mask in masks)
    small = [cv2.resize(mask, (40, 30)).astype(float).ravel() for mask in masks]
    assert np.abs(np.corrcoef(small) - np.eye(len(small))).max() < 0.999, "no face is there twice"


def test_a_painted_numeral_stays_in_its_box() -> None:
    canvas = canvas_of(NOTE)
    before = canvas.copy()
    numerals.paint_numeral(np.random.default_rng(2), canvas, LAYOUT.numerals[0], "20", 0)
    left = part_of(before, LAYOUT.numerals[0])
    assert not np.array_equal(part_of(canvas, LAYOUT.numerals[0]), left)
    left[:] = part_of(canvas, LAYOUT.numerals[0])
    assert np.array_equal(before, canvas)
