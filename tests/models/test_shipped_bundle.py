"""What the shipped bundle promises: on empty pictures, on a real clip, and in the demonstration."""

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

CLIP_S_TO_DECIDE = 1.0


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
