"""What the shipped bundle promises: on real photographs, on a real clip, and in the demonstration."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from currency_app.demo.scene import DemoScene
from currency_app.identify import identify
from currency_app.recognition.bundle import find_bundle, load_bundle
from currency_app.recognition.recognizer import Recognizer
from tests.support.commands import events_of
from tests.support.shipped import dollar_figures

CLIP_S_TO_DECIDE = 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "n", "max_wrong"),
    [("test zelects photo", 42, 3), ("test_web bluebird photo", 82, 6)],
)
def test_values_read_on_photographs(data_dir: Path, source: str, n: int, max_wrong: int) -> None:
    measured = dollar_figures(data_dir).notes[source]
    assert measured.n == n
    assert measured.n - measured.right <= max_wrong


@pytest.mark.slow
def test_wrong_values_spoken_on_photographs(data_dir: Path) -> None:
    figures = dollar_figures(data_dir)
    sources = [measured for name, measured in figures.notes.items() if not name.endswith("readable")]
    assert sum(measured.wrong for measured in sources) <= 1
    assert sum(measured.spoken for measured in sources) > sum(measured.n for measured in sources) / 2


@pytest.mark.slow
def test_no_value_is_spoken_without_a_note(data_dir: Path) -> None:
    spoken = {name: measured.spoken for name, measured in dollar_figures(data_dir).empty.items()}
    assert sum(spoken[name] for name in spoken if name.endswith("background")) == 0
    assert sum(spoken.values()) <= 2  # of 97 images of other currencies


@pytest.mark.parametrize("level", [0, 3, 100, 200, 255])
@pytest.mark.parametrize("size", [(480, 640), (1, 1)])
def test_where_nothing_is_seen_there_is_no_note(level: int, size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 4, (*size, 3))
    picture = np.clip(noise + level, 0, 255).astype(np.uint8)
    assert identify(Recognizer(load_bundle(find_bundle("usd"))), picture).observation.value is None


@pytest.mark.slow
def test_the_clip_is_twenty_dollars_twice(data_dir: Path) -> None:
    clips = json.loads((data_dir / "clips" / "clips.json").read_text())
    for clip in clips:
        shown = [segment for segment in clip["segments"] if segment["note"]]
        events = events_of("run", "--source", str(data_dir / "clips" / clip["clip"]))
        sightings = [event for event in events if event["event"] == "sighting"]
        assert [f"usd_{event['value']}" for event in sightings] == [s["note"].rsplit("_", 1)[0] for s in shown]
        assert all(
            segment["start_s"] <= event["t"] <= segment["start_s"] + CLIP_S_TO_DECIDE
            for segment, event in zip(shown, sightings, strict=True)
        ), sightings


@pytest.mark.slow
def test_the_demonstration_says_each_value_once_while_its_note_is_shown() -> None:
    schedule = DemoScene(realtime=False).schedule
    sightings = [event for event in events_of("demo", "--no-realtime") if event["event"] == "sighting"]
    assert [event["value"] for event in sightings] == [shown.value for shown in schedule]
    assert all(shown.start_s <= event["t"] <= shown.end_s for shown, event in zip(schedule, sightings, strict=True)), (
        sightings
    )
    assert all(event["text"].startswith("Demonstration: ") for event in sightings)
