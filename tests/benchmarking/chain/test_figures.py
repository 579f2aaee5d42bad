"""What is told of the notes that were shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from currency_app.benchmarking.chain import ChainFigures, ShownNoteTimes
from currency_app.events import RunSummary

SAID = [ShownNoteTimes(20, 10.0, 10.02, 10.12, 20, 10.18), ShownNoteTimes(5, 20.0, 20.04, 20.24, 5, 20.28)]
SUMMARY = RunSummary(30.0, 800, 7, {}, skipped=2, stale=1)


def figures(notes: list[ShownNoteTimes], *features: str) -> ChainFigures:
    return ChainFigures("a CPU", features, 1, notes, SUMMARY)


def test_stages_add_up_to_the_whole() -> None:
    found = figures(SAID).percentiles()
    assert {stage: percentiles["p50"] for stage, percentiles in found.items()} == {
        "camera": 30.0,
        "decision": 150.0,
        "speech": 50.0,
        "total": 230.0,
    }
    assert found["total"]["p95"] == pytest.approx(275.0)
    assert figures(SAID).shares() == {"camera": 0.13, "decision": 0.652, "speech": 0.217}


def test_text_says_what_each_stage_is() -> None:
    assert figures(SAID, "avx2", "avx512_vnni").as_text().splitlines() == [
        "CPU: a CPU",
        "8-bit dot product: AVX-512 VNNI",
        "Network threads: 1",
        "Notes shown: 2, said right: 2, wrong: 0",
        "Frames read: 800, missed because the computer was busy: 10",
        "camera: p50 30 ms, p95 39 ms, 13% of the whole: "
        "from the note's first picture until the app takes one of the note",
        "decision: p50 150 ms, p95 195 ms, 65% of the whole: from there until its value is sure",
        "speech: p50 50 ms, p95 59 ms, 22% of the whole: from there to the first sample of the value's speech",
        "total: p50 230 ms, p95 275 ms: note in view to speech",
        "The target of 350 ms from note to speech, every note said, holds",
    ]


@pytest.mark.parametrize(
    ("total_s", "features", "holds"),
    [(0.349, ("avx_vnni",), True), (0.351, ("avx_vnni",), False), (0.449, ("avx2",), True), (0.451, ("avx2",), False)],
)
def test_the_target_depends_on_the_processor(total_s: float, features: tuple[str, ...], holds: bool) -> None:
    found = figures([ShownNoteTimes(20, 0.0, 0.02, 0.12, 20, total_s)], *features)
    assert found.within_target is holds
    assert found.as_json()["within_target"] is holds


def test_a_busy_core_has_a_target_of_its_own() -> None:
    found = replace(figures([ShownNoteTimes(20, 0.0, 0.02, 0.12, 20, 0.55)]), busy=True)
    assert found.within_target
    assert "Another program kept one core busy" in found.as_text().splitlines()
    assert found.as_json()["busy_core"] is True


@pytest.mark.parametrize(
    ("note", "wrong", "why"),
    [
        (ShownNoteTimes(5), 0, "of which no picture was taken"),
        (ShownNoteTimes(5, 1.0, 1.1), 0, "of which no value was sure"),
        (ShownNoteTimes(5, 1.0, 1.1, 1.2, 5), 0, "but not heard"),
        (ShownNoteTimes(5, 1.0, 1.1, 1.2, 10, 1.3), 1, "but 10"),
    ],
)
def test_a_note_that_is_not_said_right_breaks_the_target(note: ShownNoteTimes, wrong: int, why: str) -> None:
    found = figures([*SAID, note], "avx512_vnni")
    assert (found.said_right, found.wrong, found.within_target) == (2, wrong, False)
    assert found.percentiles() == figures(SAID).percentiles()
    assert found.as_text().endswith("DOES NOT HOLD")
    assert f"Not said: 5, {why}" in found.as_text().splitlines()
    with pytest.raises(ValueError, match="was not said"):
        _ = note.stages_ms


def test_nothing_said_has_no_figures() -> None:
    entry = figures([ShownNoteTimes(5)]).as_json()
    assert (entry["stages_ms"], entry["shares"], entry["within_target"]) == ({}, {}, False)
    assert "camera:" not in figures([ShownNoteTimes(5)]).as_text()


def test_figures_for_programs() -> None:
    entry = figures(SAID, "avx512_vnni").as_json()
    assert {**entry, "stages_ms": None, "shares": None} == {
        "cpu": "a CPU",
        "cpu_features": ["avx512_vnni"],
        "threads": 1,
        "busy_core": False,
        "notes": 2,
        "said_right": 2,
        "wrong": 0,
        "frames": 800,
        "missed_frames": 10,
        "stages_ms": None,
        "shares": None,
        "target_ms": 350.0,
        "within_target": True,
    }
