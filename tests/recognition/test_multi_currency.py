"""What one frame shows to several bundles: as a whole it is what the one shows that sees a note best."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from currency_app.events import Frame
from currency_app.recognition.multi_currency import MultiObservation, MultiRecognizer, recognizer_for
from currency_app.testing import FakeRecognizer
from currency_app.tracking.referee import tracker_for
from currency_app.tracking.tracker import Tracker
from tests.support.observations import CENTRED
from tests.support.two_currencies import EUR, NOTHING, USD, Shown, alone


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
        shown = MultiRecognizer(played).observe(frame)
        assert (shown.t, shown.value) == (2.0, value)
        assert [one.value for one in shown.per_bundle] == [in_usd[0], in_eur[0]]
        assert shown.stages_ms == {"preprocess": 2.0, "network": 6.0, "frame": 9.0}, "a frame costs the sum"


def test_a_far_note_that_one_bundle_finds_is_the_frames() -> None:
    far = replace(alone(0, NOTHING, EUR), corners=CENTRED)
    played = [FakeRecognizer([alone(0, NOTHING, USD)]), FakeRecognizer([far])]
    shown = MultiRecognizer(played).observe(Frame(np.zeros((48, 64, 3), np.uint8), 0.0, 0))
    assert shown.corners is CENTRED


def test_one_currency_alone_has_its_own_stages(tiny_bundle: Path) -> None:
    from currency_app.recognition.bundle import load_bundle
    from currency_app.recognition.recognizer import Recognizer

    bundle = load_bundle(tiny_bundle)
    assert isinstance(recognizer_for([bundle]), Recognizer)
    assert isinstance(tracker_for([bundle]), Tracker)
    seen_alone = recognizer_for([bundle]).observe(Frame(np.zeros((48, 64, 3), np.uint8), 0.0, 0))
    assert not isinstance(seen_alone, MultiObservation)
