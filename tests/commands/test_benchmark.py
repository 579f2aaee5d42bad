"""`currency-app benchmark`: its options and exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from currency_app import benchmarking
from currency_app.benchmarking import Benchmark, chain, start
from currency_app.benchmarking.chain import ChainFigures, ShownNoteTimes
from currency_app.benchmarking.peers import ComparedPeers
from currency_app.benchmarking.start import StartFigures
from currency_app.demo import scene as demo
from currency_app.events import RunSummary
from currency_app.testing import FakeSource
from tests.benchmarking.test_peers import FakeComparison
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


@pytest.mark.usefixtures("later_start")
class TestCompare:
    """`benchmark --compare`: what compares is a plug-in, here a fake."""

    @pytest.fixture
    def found(self, monkeypatch: pytest.MonkeyPatch) -> FakeComparison:
        fake = FakeComparison()

        def compare_peers(bundle: Any, source: Any, threads: int) -> ComparedPeers:
            source.close()
            return ComparedPeers("a CPU", ("avx2",), source.name, 16, fake(bundle, [], threads))

        monkeypatch.setattr(benchmarking, "compare_peers", compare_peers)
        return fake

    def test_prints_the_table(self, command: Command, found: FakeComparison) -> None:
        command.on_bundle("benchmark", "--compare", "--threads", "2")
        assert (command.code, command.out[-1], found.threads) == (0, "the table", 2)

    def test_prints_json(self, command: Command, found: FakeComparison) -> None:
        command.on_bundle("benchmark", "--compare", "--json")
        assert command.json() == [
            {"cpu": "a CPU", "cpu_features": ["avx2"], "source": "demonstration", "pictures": 16, "runtimes": []}
        ]

    def test_is_exit_code_1_if_the_promise_does_not_hold(self, command: Command, found: FakeComparison) -> None:
        found.holds = False
        assert command.on_bundle("benchmark", "--compare").code == 1

    def test_refuses_what_does_not_go_with_it(self, command: Command, found: FakeComparison) -> None:
        assert "leave --seconds out" in command.on_bundle("benchmark", "--compare", "--seconds", "3").refused()

    def test_is_for_one_currency(self, command: Command, found: FakeComparison) -> None:
        assert "give one --currency" in command("benchmark", "--compare", "--currency", "usd,eur").refused()


@pytest.mark.usefixtures("later_start")
class TestChain:
    """`benchmark --chain`: what runs it is a fake here."""

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int, int, bool]]:
        asked: list[tuple[str, int, int, bool]] = []

        def run_chain(bundle: Any, notes: int, threads: int, *, busy: bool) -> ChainFigures:
            asked.append((bundle.currency, notes, threads, busy))
            heard_s = 0.3 if notes < 50 else 0.6
            said = [ShownNoteTimes(20, 0.0, 0.02, 0.12, 20, heard_s)]
            return ChainFigures("a CPU", ("avx2",), threads, said, RunSummary(9.0, 200, 0, {}), busy)

        monkeypatch.setattr(chain, "run_chain", run_chain)
        return asked

    def test_shows_ten_notes_unless_told(self, command: Command, asked: list[Any]) -> None:
        assert command.on_bundle("benchmark", "--chain").code == 0
        command.on_bundle("benchmark", "--chain", "3", "--threads", "2")
        assert asked == [("USD", 10, 1, False), ("USD", 3, 2, False)]
        assert command.out[-1].endswith("holds")

    def test_is_exit_code_1_over_the_target(self, command: Command, asked: list[Any]) -> None:
        command.on_bundle("benchmark", "--chain", "50", "--json")
        assert command.code == 1
        assert command.json()[0]["within_target"] is False

    def test_a_busy_core_has_a_target_of_its_own(self, command: Command, asked: list[Any]) -> None:
        assert command.on_bundle("benchmark", "--chain", "50", "--busy").code == 0
        assert asked == [("USD", 50, 1, True)]
        assert "600 ms" in command.out[-1]
        assert "--busy is for --chain" in command.on_bundle("benchmark", "--busy").refused()

    @pytest.mark.parametrize("options", [("--source", "clip.mp4"), ("--seconds", "3")])
    def test_refuses_what_does_not_go_with_it(
        self, command: Command, asked: list[Any], options: tuple[str, str]
    ) -> None:
        assert "leave --source and --seconds out" in command.on_bundle("benchmark", "--chain", *options).refused()

    def test_is_for_one_currency(self, command: Command, asked: list[Any]) -> None:
        assert "leave --currency out" in command("benchmark", "--chain", "--currency", "usd,eur").refused()

    def test_is_no_comparison(self, command: Command) -> None:
        assert "not allowed with" in command.on_bundle("benchmark", "--chain", "3", "--compare").refused()


@pytest.mark.parametrize(("sound_ms", "code"), [(900.0, 0), (2100.0, 1)])
def test_a_slow_start_is_exit_code_1(
    sound_ms: float, code: int, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, str]] = []

    def run_starts(count: int, currency: str) -> StartFigures:
        asked.append((count, currency))
        return StartFigures("a CPU", (), "on the display", "auto", [{"ready": 800.0, "sound": sound_ms}])

    monkeypatch.setattr(start, "run_starts", run_starts)
    assert command("benchmark", "--start", "3", "--json").code == code
    assert command.json()[0]["total_ms"]["p50"] == sound_ms
    assert command("benchmark", "--start").code == code
    assert "total: p50" in command.out[-2]
    assert asked == [(3, "usd"), (10, "usd")]


def test_the_start_shows_a_camera_of_its_own(command: Command) -> None:
    assert "leave --source and --seconds out" in command("benchmark", "--start", "--source", "0").refused()
