"""The doctor on fakes: one line for each check, its cure, and the exit code."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from currency_app.camera import Source
from currency_app.commands import doctor
from currency_app.commands.doctor import (
    Check,
    check_camera,
    check_screen_reader,
    check_speed,
    check_threads,
    default_checks,
    run_doctor,
)
from currency_app.demo import scene as demo
from currency_app.errors import BundleError, SourceError
from currency_app.events import CameraLost, Frame, SourceEvent
from currency_app.speech import screen_reader
from currency_app.testing import FakeScreenReader, FakeSource
from currency_app.timing import ThreadChoice
from tests.support.app_command import Command


def run(*checks: Check) -> tuple[int, list[str]]:
    stream = io.StringIO()
    code = run_doctor(stream, checks=checks)
    return code, stream.getvalue().splitlines()


GOOD = Check("camera", lambda: (True, "camera 0, 640x480"))


def absent() -> tuple[bool, str]:
    raise SourceError("No camera 0 was found. Plug one in.")


def test_all_well() -> None:
    assert run(GOOD, Check("speed", lambda: (True, "7 ms"))) == (
        0,
        ["ok    camera: camera 0, 640x480", "ok    speed: 7 ms", "Ready."],
    )


def test_needed_failures_give_their_cure_and_exit_code_1() -> None:
    code, lines = run(Check("camera", absent), Check("speed", lambda: (False, "60 ms. Close other programs.")))
    assert code == 1
    assert lines == [
        "FAIL  camera: No camera 0 was found. Plug one in.",
        "FAIL  speed: 60 ms. Close other programs.",
        "Not ready: camera, speed.",
    ]


def test_what_is_not_needed_is_a_note() -> None:
    speech = Check("speech", lambda: (False, "espeak-ng is missing."), without="Text is printed instead.")
    assert run(GOOD, speech) == (
        0,
        ["ok    camera: camera 0, 640x480", "note  speech: espeak-ng is missing. Text is printed instead.", "Ready."],
    )


def test_unexpected_trouble_is_one_line_and_the_rest_go_on() -> None:
    def broken() -> tuple[bool, str]:
        raise ImportError("libfoo.so:\n not found")

    code, lines = run(Check("model", broken), GOOD)
    assert code == 1
    assert lines[0].startswith("FAIL  model: ImportError: libfoo.so: not found. ")
    assert lines[1].startswith("ok    camera")


def pictures(level: int, count: int = 20) -> list[SourceEvent]:
    image = np.full((480, 640, 3), level, dtype=np.uint8)
    return [Frame(image, i / 30, i) for i in range(count)]


def look(events: list[SourceEvent]) -> tuple[bool, str, FakeSource]:
    source = FakeSource(events)

    def open_camera() -> Source:
        return source

    ok, text = check_camera(open_camera)
    return ok, text, source


def test_camera_tells_its_size_and_is_let_go() -> None:
    ok, text, source = look(pictures(90))
    assert (ok, text) == (True, "fake source, 640x480")
    assert source.closed


def test_black_pictures_name_the_cover() -> None:
    ok, text, _ = look(pictures(1))
    assert not ok
    assert "cover" in text


def test_first_dark_pictures_do_not_count() -> None:
    assert look(pictures(0, 5) + pictures(90))[0]


@pytest.mark.parametrize("events", [[], [CameraLost(0.0)]])
def test_camera_without_pictures(events: list[SourceEvent]) -> None:
    with pytest.raises(SourceError, match="gives no picture"):
        look(events)


def test_default_checks_cover_all_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from currency_app.recognition import bundle

    def damaged(name: str) -> None:
        raise BundleError("The bundle is damaged: install it again.")

    monkeypatch.setattr(bundle, "find_bundle", damaged)
    checks = default_checks(open_camera=lambda: FakeSource(pictures(90)))
    names = ["camera", "language", "speech", "screen reader", "model", "threads", "speed"]
    assert [check.name for check in checks] == names
    assert [check.name for check in checks if check.without] == ["speech"]
    code, lines = run(*(check for check in checks if check.name not in ("speech", "screen reader")))
    assert code == 1
    assert lines == [
        "ok    camera: fake source, 640x480",
        "ok    language: English (en), by LC_ALL=C.UTF-8.",
        "FAIL  model: The bundle is damaged: install it again.",
        "FAIL  threads: The bundle is damaged: install it again.",
        "FAIL  speed: The bundle is damaged: install it again.",
        "Not ready: model, threads, speed.",
    ]


class Chooser:
    """Stands in for a ThreadChooser that has chosen."""

    def __init__(self, choice: ThreadChoice) -> None:
        self._choice = choice

    def __call__(self, bundles: object) -> Chooser:
        return self

    def choice(self) -> ThreadChoice:
        return self._choice


TWO = ThreadChoice(2, {1: {"p50": 13.64, "p95": 14.9}, 2: {"p50": 8.1, "p95": 9.0}})


@pytest.mark.parametrize(
    ("language", "line"), [("fr-CA", "ok    language: French (fr-CA)."), ("xx", "FAIL  language: There are no phrases")]
)
def test_the_language_is_checked(tiny_bundle: Path, language: str, line: str) -> None:
    checks = default_checks(str(tiny_bundle), language=language)
    code, lines = run(*(check for check in checks if check.name == "language"))
    assert code == (0 if line.startswith("ok") else 1)
    assert lines[0].startswith(line)


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


@pytest.mark.parametrize(
    ("reader", "line"),
    [
        (None, "None is running that takes words from here, so the app speaks by itself."),
        (FakeScreenReader(), "fake screen reader is running, and the app speaks through it."),
    ],
)
def test_the_screen_reader_is_named(
    monkeypatch: pytest.MonkeyPatch, reader: FakeScreenReader | None, line: str
) -> None:
    monkeypatch.setattr(screen_reader, "screen_reader_finder", lambda stream: lambda: reader)
    assert check_screen_reader() == (True, line)


def test_the_doctor_looks_at_what_the_user_has_kept(
    kept_file: Path, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    kept_file.parent.mkdir()
    kept_file.write_text('source = "7"\nlanguage = "fr"\nrate = 9000\n')
    opened = []

    def checks(currency: str, *, language: str, open_camera: Callable[[], Source]) -> list[Check]:
        opened.append((currency, language))
        return [Check("camera", lambda: check_camera(open_camera))]

    monkeypatch.setattr(doctor, "default_checks", checks)
    command("doctor")
    assert opened == [("usd", "fr")]
    assert command.out[0].startswith("note  settings: The setting rate must be a number from 80 to 500, or auto. ")
    assert command.out[0].endswith("The usual values take their place.")
    assert command.out[1].startswith("FAIL  camera: No camera 7 was found.")
    kept_file.write_text("rate = 200")
    command("doctor", "--language", "es", "--currency", "eur")
    assert opened[1] == ("eur", "es")
    assert command.out[0] == f"ok    settings: kept in {kept_file}; `currency-app settings` lists them"
