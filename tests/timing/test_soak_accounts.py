"""A soak counts what goes missing, and tells growth and slowness from chance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.soak.accounting import TakenFrame, account_frames, account_notes, read_frames
from tests.support.soak.camera import ShownNote
from tests.support.soak.figures import Row, Span, latency_row, resource_rows, table
from tests.support.soak.plots import curve
from tests.support.soak.sampling import Sample

FRAMES = [TakenFrame(number, number + 7, number / 30, 0.0, 0.0) for number in range(300)]
SUMMARY = {"frames": 300, "skipped": 0, "stale": 0, "dropped": 0}
SHOWN = [ShownNote(20, 37, 97), ShownNote(5, 157, 217)]


def frame_rows(taken: list[TakenFrame], **summary: int) -> dict[str, Row]:
    return {row.what: row for row in account_frames(taken, {**SUMMARY, **summary}, 60.0).rows()}


def broken(rows: dict[str, Row]) -> list[str]:
    return [name for name, row in rows.items() if not row.holds]


def test_frames_that_all_came_are_accounted_for() -> None:
    assert broken(frame_rows(FRAMES)) == []


def test_frames_that_were_dropped_and_counted_are_accounted_for() -> None:
    assert broken(frame_rows(FRAMES[:100] + FRAMES[102:], frames=298, dropped=2)) == []
    assert broken(frame_rows(FRAMES[:100] + FRAMES[102:], frames=298)) == ["frames not accounted for"]


def test_frames_that_nobody_counts_are_noticed() -> None:
    assert broken(frame_rows(FRAMES, frames=299)) == ["frames not accounted for"]
    assert broken(frame_rows(FRAMES, frames=299, stale=1)) == [], "it was stale before it was read"
    assert broken(frame_rows(FRAMES, frames=299, skipped=1)) == []
    assert broken(frame_rows(FRAMES, frames=301)) == ["frames not accounted for"]


def test_a_picture_that_was_never_grabbed_is_lost() -> None:
    later = [TakenFrame(f.index, f.picture + 1, f.t, 0.0, 0.0) for f in FRAMES[100:]]
    assert broken(frame_rows(FRAMES[:100] + later)) == ["frames lost"]


def test_a_frame_twice_is_noticed() -> None:
    again = [*FRAMES[:100], TakenFrame(100, FRAMES[99].picture, 3.33, 0.0, 0.0), *FRAMES[101:]]
    assert "frames twice or backwards" in broken(frame_rows(again))


def test_the_frame_after_the_end_is_not_read() -> None:
    after = [*FRAMES, TakenFrame(300, 307, 60.01, 0.0, 0.0)]
    assert broken(frame_rows(after)) == []


def test_frames_are_known_by_their_stamps(tmp_path: Path) -> None:
    file = tmp_path / "frames"
    file.write_text("0 1000 0.000000 1.0 1.1\n1 -1 0.033333 1.2 1.3\n2 3000 0.066667 1.4 1.5\n")
    assert [frame.picture for frame in read_frames(file, [1000, 2000, 3000])] == [0, -1, 2]


def sighting(t: float, value: int) -> dict[str, Any]:
    return {"t": t, "event": "sighting", "value": value, "text": f"{value} dollars"}


def total(amount: int, notes: int) -> dict[str, Any]:
    return {"t": 0.0, "event": "total", "total": {"USD": amount}, "notes": notes}


LEFT = {"t": 0.0, "event": "note_left"}
SAID = [sighting(2.0, 20), total(20, 1), LEFT, sighting(6.0, 5), total(25, 2), LEFT]
HEARD = {2.0: 2.1, 6.0: 6.1}


def note_rows(events: list[dict[str, Any]], heard: dict[float, float] | None = None) -> list[str]:
    account = account_notes(SHOWN, events, FRAMES, HEARD if heard is None else heard)
    return broken({row.what: row for row in account.rows()})


def test_notes_that_were_said_once_are_accounted_for() -> None:
    assert note_rows(SAID) == []
    assert note_rows([*SAID, sighting(9.0, 100)]) == [], "it had not gone when the run ended"


@pytest.mark.parametrize(
    ("events", "wrong"),
    [
        (SAID[:3], ["notes lost"]),
        ([sighting(2.0, 50), *SAID[1:]], ["values wrong", "notes lost", "totals wrong"]),
        ([sighting(0.2, 20), *SAID[1:]], ["values wrong", "notes lost", "values neither heard nor printed"]),
        ([*SAID[:3], sighting(2.5, 20), total(40, 2), *SAID[3:]], None),
        ([SAID[0], SAID[1], *SAID[3:]], ["notes that never left"]),
        ([SAID[0], total(21, 1), *SAID[2:]], ["totals wrong"]),
        ([*SAID[:2], {"t": 3.0, "event": "camera_lost"}, *SAID[2:]], ["other events"]),
    ],
)
def test_what_goes_wrong_with_a_note_is_noticed(events: list[dict[str, Any]], wrong: list[str] | None) -> None:
    found = note_rows(events)
    assert "notes said twice" in found if wrong is None else found == wrong


def test_a_value_that_was_printed_is_not_lost() -> None:
    account = account_notes(SHOWN, SAID, FRAMES, {2.0: 2.1}, ["5 dollars"])
    assert (account.heard, account.printed, account.unheard) == (1, 1, 0)
    account = account_notes(SHOWN, SAID, FRAMES, {}, ["5 dollars", "5 dollars"])
    assert (account.heard, account.printed, account.unheard) == (0, 1, 1)


def test_a_value_that_was_not_heard_is_noticed() -> None:
    assert note_rows(SAID, {2.0: 2.1}) == ["values neither heard nor printed"]


def samples(growth_mb: float = 0.0, handles: int = 0, threads: int = 0) -> list[Sample]:
    """Twenty minutes; what grows does so evenly."""
    return [
        Sample(s, 150 + growth_mb * s / 1200, 13 + handles * s // 1200 + s % 3, 9 + threads * s // 1200, 1, 0.1 * s)
        for s in range(1200)
    ]


@pytest.mark.parametrize(
    ("held", "wrong"),
    [
        (samples(), []),
        (samples(growth_mb=6), []),
        (samples(growth_mb=8), ["memory"]),
        (samples(handles=4), ["handles"]),
        (samples(threads=2), ["threads"]),
        ([], ["memory, handles, threads"]),
    ],
)
def test_only_what_grows_once_warm_is_noticed(held: list[Sample], wrong: list[str]) -> None:
    assert [row.what for row in resource_rows(held, Span.of(1200.0)) if not row.holds] == wrong


def test_a_run_that_becomes_slow_is_noticed() -> None:
    span = Span.of(1200.0)
    steady = [(float(s), 10.0) for s in range(1200)]
    assert latency_row("frame", steady, span).holds
    assert not latency_row("frame", [(s, ms + 3 * (s > 900)) for s, ms in steady], span).holds
    assert not latency_row("frame", steady[:800], span).holds, "nothing was measured at the end"


def test_a_short_run_is_compared_in_shorter_windows() -> None:
    assert Span.of(1200.0) == Span(300.0, 300.0, 1200.0)
    assert Span.of(3600.0) == Span(300.0, 300.0, 3600.0)
    assert Span.of(40.0) == Span(10.0, 10.0, 40.0)


def test_the_table_says_what_does_not_hold() -> None:
    lines = table("title", [Row("a", "1", ""), Row("bcd", "2 of 3", "0", holds=False)]).splitlines()
    assert lines == ["title", "a    1", "bcd  2 of 3  0  DOES NOT HOLD"]


def test_a_curve_has_a_point_for_each_stretch() -> None:
    assert curve([], 0.5) == []
    points = curve([(float(s), float(s)) for s in range(1200)], 0.5)
    assert len(points) == 120
    assert points[0][0] == pytest.approx(0.083, abs=0.01)
