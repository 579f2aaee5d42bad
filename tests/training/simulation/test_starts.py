"""Notes of any shape: how much of one held beside the picture is seen, and that a parked one is not seen at all."""

from __future__ import annotations

import numpy as np
import pytest

from currency_app.recognition.corners import share_in_frame
from tests.support.drawn_data import room
from training.dataset.notes import flat_note
from training.simulation.closed_loop import ClosedLoop
from training.simulation.scene.grip import SIDES
from training.simulation.scene.hold import DOLLAR_ASPECT
from training.simulation.scene.material import Material
from training.simulation.starts import Start, good_hold, parked, wrong_hold

ASPECTS = (1.0, 1.87, DOLLAR_ASPECT)


@pytest.mark.parametrize("note_aspect", ASPECTS)
@pytest.mark.parametrize("start", [Start.OFF_LEFT, Start.OFF_RIGHT, Start.OFF_UP, Start.OFF_DOWN])
def test_a_quarter_to_half_of_a_note_beside_the_picture_is_seen(start: Start, note_aspect: float) -> None:
    shares = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        hold = wrong_hold(rng, start, good_hold(rng), note_aspect)
        shares.append(share_in_frame(hold.corners(note_aspect)))
    assert min(shares) > 0.15
    assert max(shares) < 0.62
    assert 0.33 < np.mean(shares) < 0.47


@pytest.mark.parametrize("note_aspect", ASPECTS)
@pytest.mark.parametrize("side", [*SIDES, "above"])
def test_nothing_of_a_parked_note_is_seen(side: str, note_aspect: float) -> None:
    for seed in range(20):
        rng = np.random.default_rng(seed)
        hold = wrong_hold(rng, Start.TOO_NEAR, good_hold(rng), note_aspect)
        assert share_in_frame(parked(hold, side, note_aspect).corners(note_aspect)) == 0.0


def test_users_hold_notes_of_the_shape_that_the_material_names() -> None:
    paper = np.full((100, 187, 3), 200, np.uint8)
    paper[::7] = 40
    euro = Material("eur", {"eur_20_front": [lambda: flat_note("", paper)]}, [lambda: room(1, 640, 480)], (), 1.87)
    assert (euro.note_aspect, Material("usd", {"usd_5_front": [lambda: None]}, [lambda: paper]).note_aspect) == (
        1.87,
        2.36,
    )
    for start in (Start.OFF_LEFT, Start.OFF_DOWN):
        _, truth = ClosedLoop(1, euro, start=start).frame(1.0)
        assert 0.1 < truth.in_view < 0.7
        assert truth.note_aspect == pytest.approx(1.87)
