"""Which of several currencies answers for a still image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from currency_app.arrays import Corners, Image
from currency_app.events import HintKind, Observation
from currency_app.identify import Identified, answer_among, as_answer, as_text, identify_among
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.speech.phrases import phrases_for
from tests.support.observations import box
from tests.support.two_currencies import BOTH, EUR, NOTHING, USD, Shown, alone

LEFT, RIGHT = box(0.05, 0.3, 0.45, 0.7), box(0.55, 0.3, 0.95, 0.7)


def still(shown: Shown, spoken: bool, bundle: Bundle, hint: HintKind | None = None) -> Identified:
    return Identified(alone(0, shown, bundle), spoken, hint)


def answers(*found: Identified) -> tuple[str | None, int | None, bool]:
    bundle, best = answer_among(BOTH[: len(found)], found)
    return (None if bundle is None else bundle.currency), best.observation.value, best.spoken


@pytest.mark.parametrize(
    ("in_usd", "in_eur", "answer"),
    [
        (((20, 0.99), True), (NOTHING, False), ("USD", 20, True)),
        ((NOTHING, False), ((50, 0.99), True), ("EUR", 50, True)),
        (((20, 0.96), True), ((50, 0.94), False), ("USD", 20, True)),
        (((20, 0.94), False), ((50, 0.96), True), ("EUR", 50, True)),
        (((20, 0.97), True), ((50, 0.99), True), ("EUR", 50, False)),
        (((20, 0.8), False), ((50, 0.7), False), ("USD", 20, False)),
        ((NOTHING, False), ((50, 0.7), False), ("EUR", 50, False)),
        ((NOTHING, False), (NOTHING, False), (None, None, False)),
    ],
)
def test_one_bundle_answers_for_a_still(
    in_usd: tuple[Shown, bool], in_eur: tuple[Shown, bool], answer: tuple[str | None, int | None, bool]
) -> None:
    assert answers(still(*in_usd, USD), still(*in_eur, EUR)) == answer


def test_of_several_notes_the_one_that_is_seen_best_tells_which_bundle_answers() -> None:
    """The first may be half hidden; what stands beside it is a note of its currency all the same."""
    beside = still((100, 0.99), False, USD)
    in_usd = replace(still((50, 0.6), False, USD), others=(beside,))
    bundle, best = answer_among(BOTH, (in_usd, still((500, 0.74), False, EUR)))
    assert (bundle, best.observation.value, len(best.others)) == (USD, 50, 1)


def test_a_less_confident_value_that_is_sure_answers_before_a_more_confident_one_that_is_not() -> None:
    """Values have their own thresholds: what would do for a five does not for a hundred."""
    assert answers(still((5, 0.955), True, USD), still((500, 0.97), False, EUR)) == ("USD", 5, True)


def test_one_bundle_alone_answers_also_where_it_sees_nothing() -> None:
    assert answers(still(NOTHING, False, USD)) == ("USD", None, False)
    assert answers(still((20, 0.99), True, USD)) == ("USD", 20, True)


def at(corners: Corners, shown: Shown, spoken: bool, bundle: Bundle, hint: HintKind | None = None) -> Identified:
    return Identified(alone(0, shown, bundle, corners), spoken, hint)


@pytest.mark.parametrize("in_eur", [((50, 0.85), False), ((50, 0.99), True)])
@pytest.mark.parametrize(
    ("hint", "asked"),
    [(None, "several_notes"), (HintKind.MOVE_CLOSER, "several_notes"), (HintKind.TOO_DARK, "too_dark")],
)
def test_a_value_beside_a_note_of_another_currency_is_not_said(
    in_eur: tuple[Shown, bool], hint: HintKind | None, asked: str
) -> None:
    """Neither if the other is doubtful, nor if both are sure."""
    found = at(LEFT, (20, 0.999), True, USD, hint), at(RIGHT, *in_eur, EUR)
    bundle, best = answer_among(BOTH, found)
    answer = as_answer(None if bundle is None else bundle.currency, best)
    assert [answer[name] for name in ("currency", "value", "spoken", "hint")] == ["USD", 20, False, asked]
    told = [(note["currency"], note["value"], note["spoken"]) for note in answer["notes"]]
    assert told == [("USD", 20, False), ("EUR", 50, False)]
    # The camera faces the user, so the picture's right is the user's left.
    words = as_text(Path("a.jpg"), "USD", phrases_for(BOTH), best)
    assert words.index("50 euros") < words.index("20 dollars")


@pytest.mark.parametrize(("corners", "chance"), [(LEFT + 0.02, 0.94), (RIGHT, 0.7), (box(0.8, 0.8, 0.9, 0.9), 0.9)])
def test_one_note_stays_one_and_a_ghost_is_none(corners: Corners, chance: float) -> None:
    """Another bundle may see the same note as its own, a room as something of one, or a scrap as a whole one."""
    _, best = answer_among(BOTH, (at(LEFT, (20, 0.97), True, USD), at(corners, (50, chance), False, EUR)))
    assert (best.spoken, best.hint, best.others) == (True, None, ())


class _Reader(Recognizer):
    """Sees in stills what it is told: given the picture."""

    def __init__(self, bundle: Bundle, sees: Callable[[Image], Observation]) -> None:
        self.bundle = bundle
        self.sees = sees

    def observe_still(self, image: Image) -> Observation:
        return self.sees(image)


@pytest.mark.parametrize("mirrored", [False, True])
def test_before_a_value_is_said_the_other_currencies_look_with_its_note_hidden(mirrored: bool) -> None:
    """A note that leads draws all attention: what stands beside it is seen only without it."""
    picture = np.full((100, 200, 3), 90, np.uint8)
    picture[30:70, 10:90] = 200  # the dollar
    dollar = _Reader(USD, lambda image: alone(0, (20, 0.99), USD, RIGHT if mirrored else LEFT))
    euro = _Reader(EUR, lambda image: alone(0, NOTHING if image.max() > 150 else (50, 0.9), EUR, box(0.3, 0, 0.7, 0.3)))
    answer = identify_among([dollar, euro], picture, mirrored=mirrored)
    assert (answer.currency, answer.found.observation.value, answer.found.spoken) == ("USD", 20, False)
    assert answer.found.hint is HintKind.SEVERAL_NOTES
    assert [one.currency for one in answer.found.others] == ["EUR"]
    empty = _Reader(EUR, lambda image: alone(0, NOTHING, EUR))
    assert identify_among([dollar, empty], picture, mirrored=mirrored).found.spoken
