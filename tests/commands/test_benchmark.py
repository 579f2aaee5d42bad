"""The figures that users are promised: which stages, which percentiles, and the verdict."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from currency_app.commands import benchmark
from currency_app.commands.benchmark import Benchmark, run_benchmark
from currency_app.demo import scene as demo
from currency_app.errors import SourceError
from currency_app.events import Frame, SourceEvent
from currency_app.recognition.bundle import load_bundle
from currency_app.testing import FakeSource
from tests.support.app_command import Command, note, write_clip
from tests.support.painted import colour_of, paint

USD = (1, 2, 5, 10, 20, 50, 100)


def pictures(count: int) -> list[SourceEvent]:
    note = paint(colour_of(USD, 20, "front"), frame=(640, 480))
    return [Frame(note if index % 50 > 20 else np.zeros_like(note), index / 15, index) for index in range(count)]


def of_p99(p99: float) -> Benchmark:
    frame = {"p50": 4.1234, "p95": 5.0, "p99": p99}
    return Benchmark("a CPU", 1, 600, {"preprocess": frame, "network": frame, "frame": frame}, 243.21)


def test_every_frame_is_measured_by_stage(tiny_bundle: Path) -> None:
    source = FakeSource(pictures(60))
    measured = run_benchmark([load_bundle(tiny_bundle)], FakeSource(pictures(5)), source, threads=1)
    assert measured.frames == 60
    assert list(measured.stages_ms) == ["preprocess", "network", "frame"]
    for percentiles in measured.stages_ms.values():
        assert 0 < percentiles["p50"] <= percentiles["p95"] <= percentiles["p99"]
    inner = measured.stages_ms["preprocess"]["p50"] + measured.stages_ms["network"]["p50"]
    assert measured.stages_ms["frame"]["p50"] > inner * 0.9
    assert measured.frames_per_second == pytest.approx(1e3 / measured.stages_ms["frame"]["p50"])
    assert source.closed


def test_warming_up_takes_a_few_frames_only(tiny_bundle: Path) -> None:
    warm_up = FakeSource(pictures(500))
    given: list[SourceEvent] = []

    class Counted(FakeSource):
        def events(self):  # type: ignore[no-untyped-def]
            for event in super().events():
                given.append(event)
                yield event

    run_benchmark([load_bundle(tiny_bundle)], Counted(warm_up.played), FakeSource(pictures(10)))
    assert 10 <= len(given) <= 30


def test_a_source_without_pictures_is_told(tiny_bundle: Path) -> None:
    with pytest.raises(SourceError, match="fake source gives no picture"):
        run_benchmark([load_bundle(tiny_bundle)], FakeSource(pictures(5)), FakeSource([]))


def test_as_json() -> None:
    entry = json.loads(json.dumps(of_p99(6.0).as_json()))
    assert entry["stages_ms"]["frame"] == {"p50": 4.12, "p95": 5.0, "p99": 6.0}
    assert {**entry, "stages_ms": None} == {
        "cpu": "a CPU",
        "threads": 1,
        "frames": 600,
        "stages_ms": None,
        "frames_per_second": 243.2,
        "budget_ms": 25,
        "within_budget": True,
    }


@pytest.mark.parametrize(("p99", "within"), [(24.9, True), (25.1, False)])
def test_the_budget_is_for_99_frames_of_100(p99: float, within: bool) -> None:
    measured = of_p99(p99)
    assert measured.within_budget is within
    assert measured.as_json()["within_budget"] is within
    last = measured.as_text().splitlines()[-1]
    assert last.startswith("The budget of 25 ms a frame " + ("holds" if within else "DOES NOT HOLD"))
    assert f"{p99:.2f} ms" in last


def test_the_budget_is_told_to_be_for_one_currency() -> None:
    frame = {"p50": 20.0, "p95": 24.0, "p99": 26.0}
    lines = {n: Benchmark("a CPU", 1, 60, {"frame": frame}, 50.0, currencies=n).as_text().splitlines() for n in (1, 2)}
    assert lines[2][:-1] == lines[1]
    assert "for one currency; here 2 were read at once" in lines[2][-1]


@pytest.mark.usefixtures("later_start")
def test_benchmark_of_a_folder(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "DemoScene", lambda realtime: FakeSource([]))
    clip = write_clip(Path("clip"), (30, note(20)))
    command.on_bundle("benchmark", "--source", str(clip), "--json")
    (entry,) = command.json()
    assert command.code == (0 if entry["within_budget"] else 1)
    assert (entry["frames"], entry["threads"], entry["budget_ms"]) == (30, 1, 25)
    command.on_bundle("benchmark", "--source", str(clip))
    assert "Frames: 30" in command.out


@pytest.mark.usefixtures("later_start")
def test_a_slow_computer_is_exit_code_1(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    stages = {"frame": {"p50": 20.0, "p95": 24.0, "p99": 26.0}}
    slow = benchmark.Benchmark("a CPU", 1, 600, stages, 50.0)
    monkeypatch.setattr(benchmark, "run_benchmark", lambda *given: slow)
    assert command.on_bundle("benchmark").code == 1
