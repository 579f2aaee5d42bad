"""The figures that users are promised: which stages, which percentiles, and the verdict."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from currency_app.benchmarking import Benchmark, run_benchmark
from currency_app.errors import SourceError
from currency_app.events import Frame, SourceEvent
from currency_app.recognition.bundle import load_bundle
from currency_app.testing import FakeSource
from tests.support.painted import colour_of, paint

USD = (1, 2, 5, 10, 20, 50, 100)


def pictures(count: int) -> list[SourceEvent]:
    note = paint(colour_of(USD, 20, "front"), frame=(640, 480))
    return [Frame(note if index % 50 > 20 else np.zeros_like(note), index / 15, index) for index in range(count)]


def of_p99(p99: float) -> Benchmark:
    frame = {"p50": 4.1234, "p95": 5.0, "p99": p99}
    stages = {"preprocess": frame, "network": frame, "frame": frame}
    one_pass = {"p50": 3.0, "p95": 4.0, "p99": 5.0}
    return Benchmark("a CPU", 1, 600, stages, 243.21, pass_ms=one_pass, cpu_features=("avx2", "avx512_vnni"))


def test_every_frame_is_measured_by_stage(tiny_bundle: Path) -> None:
    source = FakeSource(pictures(60))
    measured = run_benchmark([load_bundle(tiny_bundle)], FakeSource(pictures(5)), source, threads=1)
    assert measured.frames == 60
    assert 0 < measured.pass_ms["p50"] <= measured.pass_ms["p95"] <= measured.pass_ms["p99"]
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
        "cpu_features": ["avx2", "avx512_vnni"],
        "threads": 1,
        "frames": 600,
        "stages_ms": None,
        "pass_ms": {"p50": 3.0, "p95": 4.0, "p99": 5.0},
        "frame_passes": {"p50": 1.37, "p95": 1.67, "p99": 2.0},
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


def test_a_frame_is_compared_with_a_pass() -> None:
    lines = of_p99(6.0).as_text().splitlines()
    assert lines[1] == "8-bit dot product: AVX-512 VNNI"
    assert "one pass of the network: p50 3.00 ms, p95 4.00 ms, p99 5.00 ms" in lines
    assert "A frame costs 1.37 passes, the slowest in a hundred 2.00" in lines


def test_it_ends_after_so_many_seconds_of_the_source(tiny_bundle: Path) -> None:
    source = FakeSource(pictures(60))
    measured = run_benchmark([load_bundle(tiny_bundle)], FakeSource(pictures(5)), source, seconds=2.0)
    assert measured.frames == 31
    assert source.closed
