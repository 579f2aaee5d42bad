"""The lines that other programs read: their fields, order and rounding, and where they go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from currency_app.errors import CurrencyAppError
from currency_app.eventlog import EventLog
from currency_app.events import (
    AppEvent,
    CameraBack,
    CameraLost,
    Cleared,
    Hint,
    HintKind,
    Maybe,
    NoteLeft,
    RunSummary,
    Sighting,
    Total,
    Undone,
    Unknown,
)


def lines(tmp_path: Path, *events: tuple[AppEvent, str | None]) -> list[str]:
    path = tmp_path / "events.jsonl"
    with EventLog(str(path)) as log:
        for event, text in events:
            log.on_event(event, text)
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("event", "text", "line"),
    [
        (
            Sighting(2.5333333, "USD", 20, "front", 0.99149),
            "20 dollars",
            '{"t": 2.533, "event": "sighting", "currency": "USD", "value": 20, "side": "front", "confidence": 0.991, '
            '"text": "20 dollars"}',
        ),
        (
            Sighting(2.5, "EUR", 5, None, 1.0),
            "5 euros",
            '{"t": 2.5, "event": "sighting", "currency": "EUR", "value": 5, "side": null, "confidence": 1.0, '
            '"text": "5 euros"}',
        ),
        (
            Maybe(2.53, "USD", 20, 0.71),
            "Maybe 20 dollars. Turn the note over",
            '{"t": 2.53, "event": "maybe", "currency": "USD", "value": 20, "confidence": 0.71, '
            '"text": "Maybe 20 dollars. Turn the note over"}',
        ),
        (
            Hint(1.2, HintKind.MOVE_CLOSER),
            "Move the note closer",
            '{"t": 1.2, "event": "hint", "hint": "move_closer", "text": "Move the note closer"}',
        ),
        (
            Unknown(6.4),
            "I do not know this note",
            '{"t": 6.4, "event": "unknown", "text": "I do not know this note"}',
        ),
        (
            Total(12.0, {"USD": 45}, 3),
            "Total 45 dollars, 3 notes",
            '{"t": 12.0, "event": "total", "total": {"USD": 45}, "notes": 3, "text": "Total 45 dollars, 3 notes"}',
        ),
        (
            Undone(13.0, "USD", 20),
            "Took back 20 dollars. Total 25 dollars, 2 notes",
            '{"t": 13.0, "event": "undo", "currency": "USD", "value": 20, '
            '"text": "Took back 20 dollars. Total 25 dollars, 2 notes"}',
        ),
        (Undone(14.0, None, None), None, '{"t": 14.0, "event": "undo", "currency": null, "value": null}'),
        (Cleared(15.0), None, '{"t": 15.0, "event": "clear"}'),
        (NoteLeft(11.9), None, '{"t": 11.9, "event": "note_left"}'),
        (CameraLost(3.0), None, '{"t": 3.0, "event": "camera_lost"}'),
        (CameraBack(4.0), "Back", '{"t": 4.0, "event": "camera_back", "text": "Back"}'),
    ],
)
def test_each_event_is_one_line(tmp_path: Path, event: AppEvent, text: str | None, line: str) -> None:
    assert lines(tmp_path, (event, text)) == [line]


def test_every_hint_has_its_name(tmp_path: Path) -> None:
    written = lines(tmp_path, *((Hint(0.0, kind), None) for kind in HintKind))
    assert [json.loads(line)["hint"] for line in written] == [
        "too_dark",
        "too_bright",
        "hold_still",
        "several_notes",
        "move_closer",
        "move_back",
        "move_left",
        "move_right",
        "move_up",
        "move_down",
        "tilted",
        "fingers",
        "turn_over",
        "no_note",
    ]


def test_the_summary(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with EventLog(str(path)) as log:
        log.on_end(RunSummary(19.40001, 291, 4, {"frame": {"p50": 4.1049, "p95": 5.0, "p99": 6.2}}, 7, 2))
    assert path.read_text(encoding="utf-8") == (
        '{"t": 19.4, "event": "summary", "frames": 291, "dropped": 4, '
        '"skipped": 7, "stale": 2, "latency_ms": {"frame": {"p50": 4.1, "p95": 5.0, "p99": 6.2}}}\n'
    )


def test_a_reader_sees_each_event_at_once(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    with EventLog(str(path)) as log:
        log.on_event(NoteLeft(1.0))
        assert path.read_text(encoding="utf-8").endswith("}\n")


def test_each_run_starts_its_own_file(tmp_path: Path) -> None:
    assert len(lines(tmp_path, (NoteLeft(1.0), None))) == 1
    assert len(lines(tmp_path, (NoteLeft(2.0), None))) == 1


def test_minus_is_standard_output_and_nothing_is_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for target in ("-", None):
        with EventLog(target) as log:
            log.on_event(NoteLeft(1.0))
    print("standard output is still open")
    assert capsys.readouterr().out.splitlines() == [
        '{"t": 1.0, "event": "note_left"}',
        "standard output is still open",
    ]


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    for target in (tmp_path, tmp_path / "none" / "events.jsonl", tmp_path / ("a" * 300)):
        with pytest.raises(CurrencyAppError, match=r"choose another file\.$") as caught:
            EventLog(str(target))
        assert str(target) in str(caught.value)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_reported_once() -> None:
    with EventLog("/dev/full") as log:
        with pytest.raises(CurrencyAppError, match="cannot be written to /dev/full"):
            log.on_event(NoteLeft(1.0))
        log.on_end(RunSummary(2.0, 1, 0, {}))
