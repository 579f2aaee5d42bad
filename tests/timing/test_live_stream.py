"""Some seconds of a live stream with a busy core, ten minutes in `make nightly`: every note once, and nothing stale.

Set LIVE_STREAM_SECONDS for another length. The figures are printed.
"""

from __future__ import annotations

import os

import pytest

from tests.support.live_stream import Film, watch

SECONDS = float(os.environ.get("LIVE_STREAM_SECONDS", "7"))
SHORT_S = (10.5, 18.0)
"""One note of the scene and the empty room around it, seconds: for a short run."""
LONG_S = 60.0
"""Seconds from which memory has settled, and a machine that was busy with other tests for a while does not matter."""


@pytest.mark.slow
def test_every_note_is_announced_once_and_hardly_a_frame_is_stale(capsys: pytest.CaptureFixture[str]) -> None:
    film = Film() if SECONDS >= LONG_S else Film(*SHORT_S)
    run = watch(film, SECONDS)
    with capsys.disabled():
        print(f"\n{run}")
    assert run.code == 0
    assert run.others == []
    assert max(run.resident_mb) < 170
    announced = run.announced
    if SECONDS >= LONG_S:
        assert run.stale_share < 0.01
        assert run.growth_mb < 5
    else:  # beside other tests the app may stand still for a second, after which a note counts as another one
        announced = [value for value, before in zip(announced, [None, *announced], strict=False) if value != before]
    # One that has not left yet at the end may have been announced.
    assert announced[: len(run.expected)] == run.expected
    assert len(announced) <= len(run.expected) + 1
