"""The camera that shows notes: what it shows when, and what its pictures say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from currency_app.benchmarking.chain.camera import (
    FIRST_S,
    SHOWN_S,
    NoteCamera,
    NoteShowing,
    StampedPictures,
    draw_pictures,
    plan_showings,
)
from currency_app.benchmarking.chain.stamp import read_stamp
from currency_app.camera import open_source
from currency_app.errors import CurrencyAppError
from currency_app.events import Frame

PLAN = [NoteShowing(20, 1.0, 2.0), NoteShowing(5, 4.0, 5.0)]
PICTURES = {value: [np.full((48, 64, 3), level, np.uint8) for level in levels] for value, levels in {
    None: (10, 11, 12), 20: (120, 121, 122), 5: (50, 51, 52)
}.items()}  # fmt: skip


def test_notes_are_apart_as_long_as_nothing_else_is_said() -> None:
    plan = plan_showings([20, 1, 5, 100])
    assert [showing.value for showing in plan] == [20, 1, 5, 100]
    assert plan[0].start_s == FIRST_S
    assert {round(showing.end_s - showing.start_s, 6) for showing in plan} == {SHOWN_S}
    apart = [later.start_s - sooner.end_s for sooner, later in pairwise(plan)]
    assert all(3 < seconds < 5 for seconds in apart)
    assert len(set(apart)) == 3, "at random"


def test_a_note_is_in_view_for_its_time_and_says_since_when() -> None:
    pictures = StampedPictures(PLAN, PICTURES)
    shown = [(pictures.at(t, 100 + t), t) for t in (0.0, 0.99, 1.01, 1.5, 1.99, 2.0, 4.0, 4.9, 5.1)]
    stamps = [read_stamp(picture) for picture, _ in shown]
    assert [stamp.number for stamp in stamps if stamp] == [0, 0, 1, 1, 1, 0, 2, 2, 0]
    assert [round(stamp.sent_s - 100, 2) for stamp in stamps if stamp] == [t for _, t in shown]
    assert [round(stamp.shown_s - 100, 2) for stamp in stamps if stamp and stamp.number] == [1.01] * 3 + [4.0] * 2
    levels = [int(picture[-1, 0, 0]) // 10 * 10 for picture, _ in shown]
    assert levels == [10, 10, 120, 120, 120, 10, 50, 50, 10]


def test_pictures_are_walked_to_and_fro() -> None:
    pictures = StampedPictures([], PICTURES)
    assert [int(pictures.at(t, t)[-1, 0, 0]) for t in range(6)] == [10, 11, 12, 11, 10, 11]
    assert {int(picture[0, 0, 0]) for picture in PICTURES[None]} == {10, 11, 12}, "the stamp is drawn on a copy"


def test_the_demonstrations_notes_are_drawn_near() -> None:
    pictures = draw_pictures([20, 2])
    assert {value: len(drawn) for value, drawn in pictures.items()} == {None: 12, 20: 12, 2: 12}
    middles = {value: float(drawn[0][180:260, 220:420].std()) for value, drawn in pictures.items()}
    assert middles[None] * 2 < min(middles[20], middles[2]), "fine print in place of a wall"


def test_its_stream_is_a_live_source_whose_pictures_are_new() -> None:
    with NoteCamera([NoteShowing(1, 0.0, 60.0)]) as shown:
        source = open_source(shown.url, realtime=True)
        stamps = []
        for event in source.events():
            assert isinstance(event, Frame)
            stamps.append((read_stamp(event.image), event.grabbed_at))
            if len(stamps) == 3:
                break
        source.close()
    for stamp, grabbed_at in stamps:
        assert stamp is not None
        assert grabbed_at is not None
        assert stamp.number == 1
        assert 0 <= grabbed_at - stamp.sent_s < 5, "one clock in both processes"


def test_a_camera_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(CurrencyAppError, match="does not start"), NoteCamera(PLAN):
        pass
