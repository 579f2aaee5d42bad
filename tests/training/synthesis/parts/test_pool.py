"""Which notes parts are taken from, and what portraits and made-up designs look like."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from currency_app.demo.notes import DRAWN_VALUES, draw_note
from tests.support.drawn_data import likeness, room
from training.dataset.labels import BACKGROUND
from training.dataset.notes import FlatNote, flat_note
from training.synthesis.drawn import drawn_notes
from training.synthesis.parts import NoteParts, made_up_note, pool
from training.synthesis.parts.layout import layout_of
from training.synthesis.parts.paste import canvas_of, part_of


def note(value: int, side: str, design: str, seed: int = 0) -> FlatNote:
    return flat_note(f"usd_{value}_{side}", draw_note(value, side, 240, seed), design)


REAL = [note(5, "front", "1996 big head"), note(20, "front", "1996 big head"), note(20, "front", "2004-2013 colour")]
REAL += [note(5, "front", "pre-1996 small head"), note(5, "back", "1996 big head")]


def rngs(count: int = 20) -> list[np.random.Generator]:
    return [np.random.default_rng([4, number]) for number in range(count)]


def test_parts_disagree_only_between_values_of_one_side(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []

    def caught(
        rng: object, one: FlatNote, value: int, layout: object, other: tuple[FlatNote, int, object], *_: bool
    ) -> FlatNote:
        seen.append((one.class_name, other[0].class_name))
        return one

    monkeypatch.setattr(pool, "disagreeing_note", caught)
    parts = NoteParts(REAL, "usd")
    for rng in rngs():
        parts.disagreeing(rng)
    assert set(seen) == {("usd_5_front", "usd_20_front"), ("usd_20_front", "usd_5_front")}, "no back has a partner"


def test_parts_come_from_the_notes_given_and_from_no_other() -> None:
    """So a network that must not know a design is not shown parts of it."""
    parts = NoteParts([one for one in REAL if one.design != "2004-2013 colour"], "usd")
    assert {(face.value, face.design) for face in parts._faces} == {
        (5, "1996 big head"), (5, "pre-1996 small head"), (20, "1996 big head"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "useless",
    [
        pytest.param([replace(one, design="") for one in REAL], id="nobody says the design"),
        pytest.param([replace(one, class_name="usd_5") for one in REAL], id="nobody says the side"),
        pytest.param([replace(one, class_name=BACKGROUND) for one in REAL], id="no notes"),
        pytest.param([], id="none"),
    ],
)
def test_notes_whose_parts_nobody_knows_are_not_altered(useless: list[FlatNote]) -> None:
    parts = NoteParts(useless, "usd")
    assert not (parts.can_agree or parts.can_disagree or parts.can_be_restyled)


def test_half_a_note_is_not_altered() -> None:
    picture = canvas_of(REAL[0])
    picture[:, :120, 3] = 0
    assert not NoteParts([flat_note("usd_5_front", picture, "1996 big head")], "usd").can_agree


def test_other_currencies_have_no_layouts() -> None:
    assert not NoteParts(
        [replace(one, class_name=one.class_name.replace("usd", "eur")) for one in REAL], "eur"
    ).can_agree


def test_a_restyled_note_keeps_its_value() -> None:
    parts = NoteParts(REAL, "usd")
    assert parts.can_be_restyled
    names = Counter(parts.restyled(rng).class_name for rng in rngs())
    assert set(names) == {"usd_5_front", "usd_20_front"}


def test_the_demonstrations_numerals_are_never_put_on_another_of_its_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such notes are what a network is measured on."""
    only: list[bool] = []

    def caught(rng: object, one: FlatNote, value: int, layout: object, other: object, only_painted: bool) -> FlatNote:
        only.append(only_painted)
        return one

    monkeypatch.setattr(pool, "disagreeing_note", caught)
    parts = NoteParts(drawn_notes("usd", 1), "usd")
    for rng in rngs(6):
        parts.disagreeing(rng)
    assert only == [True] * 6
    assert not parts.can_be_restyled


def test_every_drawn_face_has_a_layout() -> None:
    assert all(layout_of(one, "usd") is not None for one in drawn_notes("usd", 1))
    assert len(NoteParts(drawn_notes("usd", 1), "usd")._faces) == 2 * len(DRAWN_VALUES)


def test_another_portrait_leaves_numerals_and_words() -> None:
    parts = NoteParts([REAL[0]], "usd")
    layout = layout_of(REAL[0], "usd")
    assert layout is not None
    own = canvas_of(REAL[0])
    differences = []
    for rng in rngs():
        made = parts.with_other_portrait(rng, room(3, 300, 200))
        assert made.class_name == "usd_5_front"
        canvas = canvas_of(made)
        for box in layout.numerals:
            assert np.array_equal(part_of(canvas, box), part_of(own, box))
        assert np.array_equal(part_of(canvas, (0.2, 0.88, 0.78, 1.0)), part_of(own, (0.2, 0.88, 0.78, 1.0)))
        middle = (0.38, 0.3, 0.48, 0.6)
        differences.append(likeness(part_of(canvas, middle), part_of(own, middle)))
    assert max(differences) < 0.97
    assert np.mean(differences) < 0.5, "it is hardly ever like the one that was there"


def test_made_up_notes_are_of_a_notes_shape_and_no_two_alike() -> None:
    made = [made_up_note(rng, room(1, 300, 200), 156 / 66) for rng in rngs(8)]
    assert {one.class_name for one in made} == {BACKGROUND}
    assert all(1.7 < one.levels[0].shape[1] / one.levels[0].shape[0] < 3.2 for one in made)
    assert all(one.levels[0][..., :3].std() > 10 for one in made), "something is printed on them"
    pairs = [likeness(one.levels[0], other.levels[0]) for one in made for other in made if one is not other]
    assert max(pairs) < 0.8
    real = [likeness(one.levels[0], canvas_of(other)) for one in made for other in REAL]
    assert max(real) < 0.6
