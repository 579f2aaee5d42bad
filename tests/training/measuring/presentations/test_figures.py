"""Sums over presentations, and bounds of rates."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from training.measuring.presentations.figures import kind_figures, no_note_figures, poisson_at_most
from training.measuring.presentations.outcome import Outcome

NONE = Outcome("none", 0, 0, (), 0, 0, 0, (), (), 0, 60.0)
GOOD = replace(NONE, name="good", notes=1, delays=(0.2,))
BAD = replace(NONE, name="bad", notes=1, missed=1, wrong=("5 at 1.00 s",), twice=1, maybes=2, wrong_maybes=1)


def test_figures_are_sums() -> None:
    figures = kind_figures("clips", [GOOD, GOOD, replace(GOOD, delays=(0.8,)), BAD])
    assert (figures.presentations, figures.notes) == (4, 4)
    assert (figures.wrong, figures.missed, figures.twice, figures.maybes, figures.wrong_maybes) == (1, 1, 1, 2, 1)
    assert figures.delay_median_s == pytest.approx(0.2)
    assert 0.6 < figures.delay_p95_s <= 0.8
    assert figures.wrong_where == ("bad: 5 at 1.00 s",)


def test_no_delay_is_no_number() -> None:
    figures = kind_figures("clips", [BAD])
    assert math.isnan(figures.delay_median_s)
    assert figures.as_json()["delay_median_s"] is None
    assert "nan" not in figures.as_text()


@pytest.mark.parametrize(("count", "bound"), [(0, 2.996), (1, 4.744), (5, 10.513), (20, 29.062)])
def test_the_bound_is_that_of_the_tables(count: int, bound: float) -> None:
    assert poisson_at_most(count) == pytest.approx(bound, abs=0.002)


def test_false_values_an_hour() -> None:
    figures = no_note_figures([NONE] * 59 + [replace(NONE, wrong=("5 at 1.00 s",))], scenes=30)
    assert figures.hours == pytest.approx(1.0)
    assert (figures.false_values, figures.scenes) == (1, 30)
    assert figures.per_hour == pytest.approx(1.0)
    assert figures.per_hour_at_most == pytest.approx(4.744, abs=0.002)
