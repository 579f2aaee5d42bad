"""Hints about notes of several currencies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from currency_app.events import HintKind, Observation
from currency_app.guidance.hints import framing_for
from tests.support.observations import seen
from tests.support.two_currencies import BOTH, EUR, USD


def tilted(shape: float) -> Observation:
    """A note whose width is so many times its height, in a square picture."""
    half_w, half_h = 0.3 * shape**0.5, 0.3 / shape**0.5
    corners = np.array([[-half_w, -half_h], [half_w, -half_h], [half_w, half_h], [-half_w, half_h]], np.float32) + 0.5
    return replace(seen(0, {20: 0.6}), corners=corners, aspect=1.0)


@pytest.mark.parametrize(
    ("shape", "of_usd", "of_eur", "of_both"), [(0.95, True, False, True), (1.05, True, False, False)]
)
def test_the_shape_of_notes_is_between_the_currencies(shape: float, of_usd: bool, of_eur: bool, of_both: bool) -> None:
    """A note seen 1.05 times as wide as high is less than half of 2.2, more than half of 1.8."""
    for bundles, asked in (((USD,), of_usd), ((EUR,), of_eur), (BOTH, of_both)):
        hint = framing_for(bundles).assess(tilted(shape))
        assert hint is (HintKind.TILTED if asked else None)
