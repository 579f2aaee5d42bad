"""Some seconds of a soak, see `make soak`: the app with speech and a window, and every frame and note accounted for."""

from __future__ import annotations

import pytest

from currency_app.benchmarking.chain import missing_programs
from tests.support.live_stream import FPS, Film
from tests.support.soak.app import soak_app

pytest.importorskip("PySide6", reason="needs the extra window")
pytestmark = pytest.mark.skipif(missing_programs() is not None, reason=str(missing_programs()))
SECONDS = 13.0
SHOWN_S = (10.5, 18.0)
"""One note of the scene and the empty room around it, seconds."""


def test_every_frame_and_every_note_is_accounted_for() -> None:
    soak = soak_app(SECONDS, Film(*SHOWN_S))
    assert soak.code == 0, soak.printed
    assert [row for row in soak.frames.rows() if not row.holds] == []
    if soak.frames.taken < SECONDS * FPS * 0.75:
        pytest.skip("this computer is too busy to read a live stream")
    assert [row for row in soak.notes.rows() if not row.holds] == []
    assert soak.notes.announced == 1
    assert soak.notes.heard == len(soak.speech_ms)
