"""All of a plan, played to the shipped bundle with drawn notes: what is recorded, judged and printed."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from currency_app.demo.notes import draw_note
from currency_app.errors import DataError
from currency_app.recognition.bundle import find_bundle
from tests.support.drawn_data import room, write_data
from training.measuring.presentations.measure import PresentationFigures, measure_presentations
from training.measuring.presentations.recorder import RecorderSettings, recordings
from training.measuring.presentations.tasks import Kind, MeasurementPlan

pytestmark = pytest.mark.slow

PLAN = MeasurementPlan(slow=2, fast=1, empty_hours=20 / 3600, scene_s=10.0, users=1, photos=1, splits=("test", "train"))


def progress(items: Iterable[Any], total: int | None = None) -> Iterable[Any]:
    return items


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> RecorderSettings:
    folder = tmp_path_factory.mktemp("presentations")
    data = write_data(folder / "data")
    write_clip(data / "clips")
    return RecorderSettings(find_bundle("usd"), data, PLAN, folder / "kept")


@pytest.fixture(scope="module")
def measured(recorder: RecorderSettings) -> PresentationFigures:
    return measure_presentations(recorder, progress)


def write_clip(folder: Path) -> None:
    """A drawn ten in front of a room, from 1 to 3 of 4 seconds."""
    folder.mkdir()
    writer = cv2.VideoWriter(str(folder / "ten.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 15, (640, 480))
    note = draw_note(10, "front", 380, 1)
    for index in range(60):
        frame = cv2.resize(room(3), (640, 480))
        if 15 <= index < 45:
            frame[150 : 150 + note.shape[0], 130 : 130 + note.shape[1]] = note
        writer.write(frame)
    writer.release()
    segments = [(None, 0.0, 1.0), ("usd_10_front", 1.0, 3.0), (None, 3.0, 4.0)]
    parts = [{"note": note, "start_s": start, "end_s": end} for note, start, end in segments]
    clips = [{"clip": "ten.avi", "fps": 15, "frames": 60, "segments": parts}]
    (folder / "clips.json").write_text(json.dumps(clips), encoding="utf-8")


def test_every_kind_is_measured(measured: PresentationFigures) -> None:
    kinds = [figures.kind for figures in measured.notes]
    assert kinds == ["real clips", "moved train room 0", Kind.SLOW.value, Kind.FAST.value]
    assert [figures.notes for figures in measured.notes] == [1, 1, 2, 1]
    assert measured.empty is not None
    assert measured.empty.hours == pytest.approx(20 / 3600)
    assert measured.empty.scenes >= 3
    assert measured.loop is not None
    assert measured.loop.users == 1


def test_the_clips_note_is_said_once_and_in_time(measured: PresentationFigures) -> None:
    clip = measured.notes[0]
    assert (clip.wrong, clip.missed, clip.twice) == (0, 0, 0)
    assert 0 < clip.delay_median_s < 1.0


def test_no_wrong_value_is_said(measured: PresentationFigures) -> None:
    assert [figures.wrong for figures in measured.notes] == [0, 0, 0, 0]


def test_a_higher_threshold_says_later(measured: PresentationFigures) -> None:
    own = [point for point in measured.trade if point.own]
    assert len(own) == 1
    said = [point.delay_median_s for point in measured.trade if not math.isnan(point.delay_median_s)]
    assert said == sorted(said)
    first, last = measured.trade[0], measured.trade[-1]
    assert last.missed > first.missed or last.delay_median_s > first.delay_median_s
    assert [point.missed for point in measured.trade] == sorted(point.missed for point in measured.trade)


def test_the_figures_are_printed_and_written(measured: PresentationFigures) -> None:
    text = measured.as_text()
    assert "real clips" in text
    assert "at most" in text
    again = json.loads(json.dumps(measured.as_json()))
    assert again["without_note"]["scenes"] >= 3
    assert len(again["notes"]) == 4
    assert measured.tracker_ms < 1.0


def test_recordings_are_kept_and_made_once(recorder: RecorderSettings, measured: PresentationFigures) -> None:
    kept = sorted(recorder.kept.rglob("*.npz"))
    assert len(kept) == 1 + 1 + 2 + 1 + 2
    before = [path.stat().st_mtime_ns for path in kept]
    tasks = recorder.stock().tasks()
    played = [recording for _, recording in recordings(recorder, tasks, progress)]
    assert [path.stat().st_mtime_ns for path in kept] == before
    assert [recording.name for recording in played] == [task.name for task in tasks]


def test_the_same_task_gives_the_same_frames(recorder: RecorderSettings) -> None:
    for task in recorder.stock().tasks():
        if task.kind in (Kind.PHOTO, Kind.FAST):
            once, again = (next(iter(recorder.stock().frames(task)))[0].image for _ in range(2))
            np.testing.assert_array_equal(once, again)


@pytest.mark.parametrize(
    "text",
    [
        '[{"clip": "a.avi"}]',
        "[" * 100_000,
        '[{"clip": "a.avi", "segments": [{"note": null, "start_s": 0, "end_s": 1' + "0" * 400 + "}]}]",
    ],
    ids=["no segments", "brackets", "no such second"],
)
def test_a_clips_table_that_is_damaged_is_refused(recorder: RecorderSettings, tmp_path: Path, text: str) -> None:
    data = write_data(tmp_path / "data")
    (data / "clips").mkdir()
    (data / "clips" / "clips.json").write_text(text)
    with pytest.raises(DataError, match=r"clips\.json cannot be read"):
        replace(recorder, data=data).stock()
