"""The checks of model and speed: what they say of what was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.camera import Source
from currency_app.checks import check_speed, check_threads
from currency_app.demo import scene as demo
from currency_app.events import SourceEvent
from currency_app.testing import FakeSource
from currency_app.timing import ThreadChoice
from tests.support.still_camera import pictures


class Chooser:
    """Stands in for a ThreadChooser that has chosen."""

    def __init__(self, choice: ThreadChoice) -> None:
        self._choice = choice

    def __call__(self, bundles: object) -> Chooser:
        return self

    def choice(self) -> ThreadChoice:
        return self._choice


TWO = ThreadChoice(2, {1: {"p50": 13.64, "p95": 14.9}, 2: {"p50": 8.1, "p95": 9.0}})


def measured(monkeypatch: pytest.MonkeyPatch, p95: float, pass_ms: float = 4.0) -> tuple[bool, str, int]:
    """What check_speed says of a benchmark that finds this p95, and how many frames it was given."""
    from currency_app import benchmarking, timing
    from currency_app.recognition import bundle

    taken: list[SourceEvent] = []

    def run_benchmark(loaded: str, warm_up: Source, source: Source, threads: int) -> benchmarking.Benchmark:
        taken.extend(source.events())
        assert threads == 2
        stages_ms = {"frame": {"p50": 1.25 * pass_ms, "p95": p95, "p99": 99.0}}
        return benchmarking.Benchmark("a CPU", threads, len(taken), stages_ms, 200.0, pass_ms={"p50": pass_ms})

    monkeypatch.setattr(timing, "ThreadChooser", Chooser(TWO))

    monkeypatch.setattr(bundle, "find_bundle", lambda name: name)
    monkeypatch.setattr(bundle, "load_bundle", lambda folder: folder)
    monkeypatch.setattr(demo, "DemoScene", lambda realtime: FakeSource(pictures(90, 500)))
    monkeypatch.setattr(benchmarking, "run_benchmark", run_benchmark)
    ok, text = check_speed("usd")
    return ok, text, len(taken)


def test_speed_within_the_budget_is_measured_on_a_part_of_the_scene(monkeypatch: pytest.MonkeyPatch) -> None:
    pace = "Up to 150 frames a second of a camera are read, with extra looks"
    assert measured(monkeypatch, 6.0) == (True, f"19 of 20 frames within 6.0 ms; 25 are allowed. {pace}", 150)


def test_speed_over_the_budget_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    ok, text, _ = measured(monkeypatch, 40.0, pass_ms=30.0)
    assert not ok
    assert "40.0 ms; 25 are allowed. Up to 20 frames a second of a camera are read, without extra looks. Close" in text


@pytest.mark.parametrize(
    ("choice", "line"),
    [
        (TWO, "2; a look takes 13.6 ms with one thread, 8.1 ms with two"),
        (ThreadChoice(1, {}), "1: two need more than one processor, and time to be measured"),
    ],
)
def test_the_threads_that_were_chosen(
    monkeypatch: pytest.MonkeyPatch, tiny_bundle: Path, choice: ThreadChoice, line: str
) -> None:
    from currency_app import timing

    monkeypatch.setattr(timing, "ThreadChooser", Chooser(choice))
    assert check_threads(str(tiny_bundle)) == (True, line)
