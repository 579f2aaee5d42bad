"""How the moments of a run are put together, and what is refused before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from currency_app.benchmarking.chain import ShownNoteTimes, run_chain
from currency_app.benchmarking.chain.camera import NoteShowing
from currency_app.benchmarking.chain.run import WatchedRun
from currency_app.benchmarking.chain.stamp import Stamp, write_stamp
from currency_app.errors import CurrencyAppError, NoSoundError
from currency_app.events import CameraLost, Frame, NoteLeft, RunSummary, Sighting, SourceEvent
from currency_app.recognition.bundle import load_bundle
from currency_app.testing import FakeClock, FakeSource

PLAN = [NoteShowing(20, 1.0, 2.0), NoteShowing(5, 3.0, 4.0), NoteShowing(1, 5.0, 6.0)]


def frame(t: float, number: int, shown_s: float) -> Frame:
    image = np.full((48, 64, 3), 90, np.uint8)
    write_stamp(image, Stamp(100 + t, number, 100 + shown_s))
    return Frame(image, t, 0)


def sighting(t: float, value: int) -> Sighting:
    return Sighting(t, "USD", value, "front", 0.99)


def played(events: list[SourceEvent]) -> tuple[WatchedRun, FakeSource, FakeClock, Iterator[SourceEvent]]:
    clock, source = FakeClock(), FakeSource(events, dropped=3)
    watched = WatchedRun(source, last=2, clock=clock)
    return watched, source, clock, watched.events()


def test_moments_of_each_note() -> None:
    frames: list[SourceEvent] = [
        frame(0.9, 0, 0.9),
        frame(1.03, 1, 1.0),
        frame(1.1, 1, 1.0),
        CameraLost(1.2),
        frame(2.1, 0, 2.1),
    ]
    frames += [frame(3.0, 2, 3.0), frame(4.0, 0, 4.0), frame(4.1, 0, 4.1)]
    watched, source, clock, events = played(frames)
    clock.now = 100.95
    next(events)
    clock.now = 101.05
    next(events)
    clock.now = 101.15
    next(events)
    watched.on_event(sighting(1.1, 20), "20 dollars")
    watched.on_event(sighting(1.1, 10), "10 dollars")
    watched.on_event(NoteLeft(1.2), None)
    clock.now = 103.02
    assert len(list(events)) == 3, "it ends when the room is empty again after the last"
    assert watched.dropped == 3
    assert dict(watched.notes(PLAN)) == {
        1: ShownNoteTimes(20, 101.0, 101.05, 101.15, 20),
        2: ShownNoteTimes(5, 103.0, 103.02),
        3: ShownNoteTimes(1),
    }
    assert watched.texts == {1: "20 dollars"}
    watched.close()
    assert source.closed
    watched.on_end(RunSummary(4.0, 7, 3, {}))
    assert watched.summary.frames == 7


def test_only_dollars_are_drawn(tiny_bundle: Path) -> None:
    bundle = replace(load_bundle(tiny_bundle), currency="EUR")
    with pytest.raises(CurrencyAppError, match="drawn dollars: leave --currency out"):
        run_chain(bundle)


def test_missing_programs_are_named_with_what_installs_them(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoSoundError, match="apt-get install pulseaudio pulseaudio-utils"):
        run_chain(load_bundle(tiny_bundle))


def test_other_systems_are_refused(tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    with pytest.raises(CurrencyAppError, match="on Linux only"):
        run_chain(load_bundle(tiny_bundle))
