"""How long virtual users take, with hints and without."""

from __future__ import annotations

import math

import numpy as np
import pytest

from currency_app.recognition.bundle import find_bundle, load_bundle
from currency_app.recognition.recognizer import Recognizer
from training.measuring.presentations import closed_loop
from training.measuring.presentations.closed_loop import Attempt, attempt, loop_figures
from training.simulation.scene.material import drawn_material


def one(number: int, guided: bool, seconds: float, wrong: int = 0, hints: int = 0) -> Attempt:
    return Attempt(number, "too_far", guided, seconds, wrong, hints)


def test_medians_are_of_each_kind_and_giving_up_is_never() -> None:
    tries = [one(n, True, s, hints=2) for n, s in enumerate((2.0, 3.0, 9.0))]
    tries += [one(n, False, s, wrong=n) for n, s in enumerate((8.0, math.inf, math.inf))]
    figures = loop_figures(tries)
    assert (figures.users, figures.guided_s, figures.unguided_s) == (3, 3.0, math.inf)
    assert (figures.guided_given_up, figures.unguided_given_up, figures.wrong) == (0, 2, 3)
    assert figures.hints_each == pytest.approx(2.0)
    assert figures.as_json()["unguided_s"] is None


@pytest.mark.slow
def test_a_guided_user_hears_hints_and_an_unguided_one_does_not_obey_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same number is the same user, note and bad start."""
    monkeypatch.setattr(closed_loop, "GIVES_UP_S", 8.0)
    recognizer, material = Recognizer(load_bundle(find_bundle("usd"))), drawn_material()
    guided, unguided = (attempt(3, way, material, recognizer) for way in (True, False))
    assert guided.start == unguided.start
    assert guided.seconds > 0.6
    assert np.isfinite(guided.seconds) or guided.hints > 0
