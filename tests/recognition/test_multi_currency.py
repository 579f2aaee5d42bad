"""What one frame shows to several bundles: as a whole it is what the one shows that sees a note best."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from currency_app.events import Frame, Observation
from currency_app.recognition.multi_currency import MultiObservation, MultiRecognizer, recognizer_for
from currency_app.testing import FakeRecognizer
from currency_app.tracking.referee import tracker_for
from currency_app.tracking.tracker import Tracker
from tests.support.observations import CENTRED, box, seen
from tests.support.two_currencies import BOTH, EUR, NOTHING, USD, Shown, alone

ABOVE, BELOW = box(0.1, 0.05, 0.9, 0.48), box(0.1, 0.52, 0.9, 0.95)


def test_a_frame_shows_what_the_one_shows_that_sees_a_note(tmp_path: Path) -> None:
    frame = Frame(np.zeros((48, 64, 3), np.uint8), 2.0, 30)
    pairs: list[tuple[Shown, Shown, int | None]] = [
        ((20, 0.9), NOTHING, 20),
        (NOTHING, (50, 0.6), 50),
        ((20, 0.7), (50, 0.9), 50),
        (NOTHING, NOTHING, None),
    ]
    for in_usd, in_eur, value in pairs:
        played = [FakeRecognizer([alone(0, in_usd, USD)]), FakeRecognizer([alone(0, in_eur, EUR)])]
        shown = MultiRecognizer(BOTH, played).observe(frame)
        assert (shown.t, shown.value) == (2.0, value)
        assert [one.value for one in shown.per_bundle] == [in_usd[0], in_eur[0]]
        assert shown.stages_ms == {"preprocess": 2.0, "network": 6.0, "frame": 9.0}, "a frame costs the sum"


def test_a_far_note_that_one_bundle_finds_is_the_frames() -> None:
    far = replace(alone(0, NOTHING, EUR), corners=CENTRED)
    played = [FakeRecognizer([alone(0, NOTHING, USD)]), FakeRecognizer([far])]
    shown = MultiRecognizer(BOTH, played).observe(Frame(np.zeros((48, 64, 3), np.uint8), 0.0, 0))
    assert shown.corners is CENTRED


@pytest.mark.parametrize(
    ("euro", "other_notes"),
    [
        (seen(0, {50: 0.6, 20: 0.3}, corners=BELOW, bundle=EUR), 1),
        (replace(seen(0, {50: 0.99}, corners=BELOW, bundle=EUR), refused=True), 1),
        (seen(0, {50: 0.9}, corners=box(0.02, 0.03, 0.98, 0.5), bundle=EUR), 0),
        (seen(0, {50: 0.7}, corners=BELOW, bundle=EUR), 0),
        (seen(0, {50: 0.9}, corners=box(0.4, 0.6, 0.6, 0.75), bundle=EUR), 0),
        (alone(0, NOTHING, EUR), 0),
    ],
    ids=["doubtful", "refused", "in one place", "hardly one", "small", "none"],
)
def test_what_another_bundle_takes_for_a_note_in_another_place_is_a_second_note(
    euro: Observation, other_notes: int
) -> None:
    dollar = seen(0, {20: 0.99}, corners=ABOVE, bundle=USD)
    frame = Frame(np.zeros((48, 64, 3), np.uint8), 0.0, 0)
    shown = MultiRecognizer(BOTH, [FakeRecognizer([dollar]), FakeRecognizer([euro])]).observe(frame)
    assert (shown.value, shown.other_notes, shown.alone) == (20, other_notes, not other_notes)
    assert shown.per_bundle[0].other_notes == other_notes
    others_first = MultiRecognizer((EUR, USD), [FakeRecognizer([euro]), FakeRecognizer([dollar])]).observe(frame)
    assert others_first.per_bundle[1].other_notes == other_notes, "whichever order they are in"


def test_one_currency_alone_has_its_own_stages(tiny_bundle: Path) -> None:
    from currency_app.recognition.bundle import load_bundle
    from currency_app.recognition.recognizer import Recognizer

    bundle = load_bundle(tiny_bundle)
    assert isinstance(recognizer_for([bundle]), Recognizer)
    assert isinstance(tracker_for([bundle]), Tracker)
    seen_alone = recognizer_for([bundle]).observe(Frame(np.zeros((48, 64, 3), np.uint8), 0.0, 0))
    assert not isinstance(seen_alone, MultiObservation)
