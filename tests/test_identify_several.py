"""Which of several currencies answers for a still image."""

from __future__ import annotations

from dataclasses import replace

import pytest

from currency_app.events import HintKind
from currency_app.identify import Identified, answer_among
from currency_app.recognition.bundle import Bundle
from tests.support.two_currencies import BOTH, EUR, NOTHING, USD, Shown, alone


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
