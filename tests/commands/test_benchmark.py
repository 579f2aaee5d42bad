"""`currency-app benchmark`: its options and exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from currency_app import benchmarking
from currency_app.benchmarking import Benchmark
from currency_app.demo import scene as demo
from currency_app.testing import FakeSource
from tests.support.app_command import Command, note, write_clip
from tests.support.mjpeg_server import MjpegServer


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
    slow = Benchmark("a CPU", 1, 600, stages, 50.0)
    monkeypatch.setattr(benchmarking, "run_benchmark", lambda *given: slow)
    assert command.on_bundle("benchmark").code == 1


@pytest.mark.usefixtures("later_start")
def test_seconds_cut_a_folder_short(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "DemoScene", lambda realtime: FakeSource([]))
    clip = write_clip(Path("clip"), (30, note(20)))
    command.on_bundle("benchmark", "--source", str(clip), "--seconds", "0.5", "--json")
    assert command.json()[0]["frames"] == 8


@pytest.mark.usefixtures("later_start")
def test_a_live_stream_ends(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "DemoScene", lambda realtime: FakeSource([]))
    with MjpegServer(fps=40) as server:
        command.on_bundle("benchmark", "--source", server.url, "--seconds", "0.4", "--json")
    assert 2 <= command.json()[0]["frames"] <= 17


@pytest.mark.usefixtures("later_start")
def test_a_live_stream_is_read_for_twenty_seconds_unless_told(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float | None] = []

    def run_benchmark(*args: Any) -> Benchmark:
        asked.append(args[-1])
        return Benchmark("a CPU", 1, 600, {"frame": {"p50": 3.0, "p95": 4.0, "p99": 5.0}}, 50.0)

    monkeypatch.setattr(benchmarking, "run_benchmark", run_benchmark)
    with MjpegServer() as server:
        command.on_bundle("benchmark", "--source", server.url)
    command.on_bundle("benchmark", "--source", str(write_clip(Path("clip"), (1, note(20)))))
    assert asked == [20.0, None]


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "soon"])
def test_seconds_that_are_none_are_refused(command: Command, seconds: str) -> None:
    assert "seconds above 0" in command("benchmark", f"--seconds={seconds}").refused()
