"""A banknote without a value is found by a network that has learnt to, and by no other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from currency_app.arrays import Floats, Image
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.recognizer import Recognizer
from currency_app.recognition.second_look import SecondLook
from tests.support.observations import box, bundle_of

RULE = SecondLook(margin=0.1, min_note_probability=0.2, first_weight=0.5, closer_weight=0.5)
LEARNT = replace(bundle_of((5, 20), size=(96, 96)), second_look=RULE, locates_unknown=True)
NOTE = box(0.25, 0.3, 0.75, 0.7)
CROSSED = NOTE[[0, 2, 1, 3]]
FRAME = np.full((240, 320, 3), 90, np.uint8)


class NothingKnown:
    """Sees no value in any picture, and this share of a note in view at these corners."""

    def __init__(self, in_view: float, corners: Floats = NOTE) -> None:
        self.corners = np.array([*corners.ravel(), in_view], np.float32)

    def __call__(self, picture: Image) -> tuple[Floats, Floats]:
        return np.array([0.01, 0, 0.01, 0, 0.98], np.float32), self.corners


def still_and_film(network: NothingKnown, bundle: Bundle = LEARNT) -> list[Observation]:
    recognizer = Recognizer(bundle, network=network)
    return [recognizer.observe_still(FRAME), recognizer.observe(Frame(FRAME, 0.0, 0))]


def test_a_note_of_an_unknown_design_has_corners_and_no_value() -> None:
    for seen in still_and_film(NothingKnown(0.95)):
        assert seen.value is None
        assert seen.corners is not None
        np.testing.assert_allclose(seen.corners, NOTE, atol=1e-5)
        assert seen.in_view == pytest.approx(0.95)
        assert seen.shows_note


@pytest.mark.parametrize(
    ("network", "bundle"),
    [
        (NothingKnown(0.3), LEARNT),
        (NothingKnown(0.95, CROSSED), LEARNT),
        (NothingKnown(0.95), replace(LEARNT, locates_unknown=False)),
        (NothingKnown(0.95), replace(LEARNT, locates=False)),
    ],
)
def test_there_is_none_in_a_room_nor_for_a_network_that_cannot_tell(network: NothingKnown, bundle: Bundle) -> None:
    for seen in still_and_film(network, bundle):
        assert (seen.value, seen.corners, seen.in_view) == (None, None, 0.0)
