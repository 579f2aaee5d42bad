"""The command line: words said, lines written, exit codes, and one line for everything that is wrong."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from currency_app import __version__
from currency_app.commands.cli import main
from currency_app.demo import scene as demo
from currency_app.testing import FakeSource
from tests.support.commands import HARMLESS, Ran
from tests.support.painted import colour_of, paint, printed, write_picture

pytestmark = pytest.mark.usefixtures("later_start")

USD = (1, 2, 5, 10, 20, 50, 100)


class Command(Ran):
    """`currency-app`, on a tiny bundle."""

    def __init__(self, bundle: Path, capfd: pytest.CaptureFixture[str]) -> None:
        super().__init__(main, "currency-app", capfd)
        self._bundle = str(bundle)

    def on_bundle(self, command: str, *arguments: str) -> Command:
        return self(command, "--currency", self._bundle, *arguments)


@pytest.fixture
def command(tiny_bundle: Path, capfd: pytest.CaptureFixture[str]) -> Command:
    return Command(tiny_bundle, capfd)


def note(value: int, side: str = "front") -> Any:
    return printed(paint(colour_of(USD, value, side)))


def dusk() -> Any:
    """A room without a note, and not too dark for a hint."""
    return np.full((48, 64, 3), 9, np.uint8)


def write_clip(folder: Path, *parts: tuple[int, Any]) -> Path:
    """A folder of pictures, which is played 15 a second: how many frames, and what they show."""
    frames = [picture for count, picture in parts for _ in range(count)]
    for index, picture in enumerate(frames):
        write_picture(folder / f"{index:04}.png", picture)
    return folder


@pytest.mark.parametrize("wrong", [["--nonsense"], ["--port", "abc"], ["extra"]])
def test_a_wrong_option_names_the_help_of_its_own_command(command: Command, wrong: list[str]) -> None:
    assert command("serve", *wrong).refused().endswith("Try `currency-app serve --help`.")


def test_run_says_and_writes_what_happens(command: Command, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip", (5, dusk()), (20, note(20)), (20, dusk()), (20, note(5, "back")))
    command.on_bundle("run", "--source", str(clip), "--voice", "text", "--events", "-")
    assert command.code == 0
    assert [line for line in command.err if "dollars" in line] == ["20 dollars", "5 dollars"]
    assert command.err[0] == "Ready. Hold a note in front of the camera"
    events = [entry for entry in command.json() if entry["event"] != "hint"]
    assert [entry["event"] for entry in events] == ["sighting", "note_left", "sighting", "summary"]
    assert (events[0]["value"], events[0]["side"]) == (20, "front")
    assert (events[2]["value"], events[2]["side"]) == (5, "back")
    assert 5 / 15 < events[0]["t"] < 1.4
    assert events[-1]["frames"] == 65


def test_run_writes_events_to_a_file_and_stops_in_time(command: Command, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip", (40, note(50)))
    command.on_bundle(
        "run", "--source", str(clip), "--voice", "off", "--events", "events.jsonl", "--max-seconds", "1.5"
    )
    assert (command.code, command.out, command.err) == (0, [], [])
    events = [json.loads(line) for line in Path("events.jsonl").read_text().splitlines()]
    assert [entry["event"] for entry in events] == ["sighting", "summary"]
    assert events[-1]["frames"] == 23


def test_run_is_the_command_where_none_is_named(command: Command, tiny_bundle: Path, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip", (20, note(20)))
    command("--voice", "text", "--source", str(clip), "--currency", str(tiny_bundle))
    assert command.code == 0
    assert command.err[-1] == "20 dollars"


@pytest.mark.parametrize("camera_faces", ["user", "note"])
@pytest.mark.parametrize("mirrored", [False, True])
def test_left_is_the_users_with_every_camera(
    command: Command, tmp_path: Path, camera_faces: str, mirrored: bool
) -> None:
    """A doubtful note at the left of the file's picture; who sees it so depends on the camera."""
    colour = [0.5 * (a + b) for a, b in zip(colour_of(USD, 20, "front"), colour_of(USD, 2, "back"), strict=True)]
    clip = write_clip(tmp_path / "clip", (12, printed(paint(colour, (0.2, 0.5), (640, 480), (0.4, 0.62)))))
    options = ["--camera-faces", camera_faces, *(["--mirrored"] if mirrored else [])]
    command.on_bundle("run", "--source", str(clip), "--voice", "text", *options)
    at_users_left = (camera_faces == "note") != mirrored
    assert command.err[-1] == ("Move the note right" if at_users_left else "Move the note left")


def test_a_camera_that_is_not_there_names_the_demonstration(command: Command) -> None:
    line = command.on_bundle("run", "--source", "99", "--voice", "off").refused()
    assert "No camera 99" in line
    assert "currency-app demo" in line


def test_events_never_replace_the_source(command: Command, tmp_path: Path) -> None:
    clip = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(clip), cv2.VideoWriter.fourcc(*"MJPG"), 15, (64, 48))
    writer.write(np.zeros((48, 64, 3), np.uint8))
    writer.release()
    before = clip.read_bytes()
    line = command.on_bundle("run", "--source", "clip.avi", "--events", str(clip), "--voice", "off").refused()
    assert "is the source itself" in line
    assert clip.read_bytes() == before


def test_a_source_that_is_not_there(command: Command) -> None:
    assert "nowhere.mp4 was found" in command.on_bundle("run", "--source", "nowhere.mp4", "--voice", "off").refused()


@pytest.mark.parametrize("name", ["clip.mp4", "clip.avi", "clip.gif", "clip"])
def test_a_source_that_is_no_video(command: Command, name: str) -> None:
    Path(name).write_text("This is a text file.\n" * 20)
    assert "not a video" in command.on_bundle("run", "--source", name, "--voice", "off").refused()


def test_one_picture_is_for_identify(command: Command) -> None:
    write_picture(Path("a.png"), note(20))
    assert "identify a.png" in command.on_bundle("run", "--source", "a.png", "--voice", "off").refused()


def test_an_empty_folder_as_a_source(command: Command) -> None:
    Path("empty").mkdir()
    assert "no pictures in empty" in command.on_bundle("run", "--source", "empty", "--voice", "off").refused()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--colour"],
        ["run", "--colour"],
        ["identify"],
        ["identify", "--colour", "a.png"],
        ["run", "extra"],
        ["nonsense"],
        ["run", "--voice", "loud"],
        ["run", "--voice"],
        ["run", "--camera-faces", "sideways"],
        ["run", "--max-seconds", "soon"],
        ["run", "--max-seconds", "0"],
        ["run", "--max-seconds", "-3"],
        ["run", "--max-seconds", "nan"],
        ["run", "--rate", "fast"],
        ["benchmark", "--threads", "0"],
        ["serve", "--port", "here"],
    ],
)
def test_a_wrong_option_is_one_line(command: Command, arguments: list[str]) -> None:
    line = command(*arguments).refused()
    assert "--help`." in line
    assert "_" not in line.split("Try")[0], "no name from the code"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--voice", "screen-reader"], "--voice text"),
        (["--voice", "text", "--rate", "1000"], "from 80 to 500"),
        (["--voice", "text", "--language", "xx"], "Choose one of"),
        (["--voice", "text", "--window"], "window is not built yet"),
        (["--voice", "text", "--events", "none/events.jsonl"], "cannot be written"),
    ],
)
def test_an_option_that_cannot_work_here_says_what_to_do(command: Command, options: list[str], said: str) -> None:
    clip = write_clip(Path("clip"), (2, note(20)))
    assert said in command.on_bundle("run", "--source", str(clip), *options).refused()


def test_what_is_not_built_yet_says_so(command: Command) -> None:
    assert "not built yet" in command("demo", "--window").refused()


def test_identify_answers_in_the_order_given(command: Command) -> None:
    write_picture(Path("b.png"), note(20))
    write_picture(Path("notes/sub/z.png"), note(5, "back"))
    write_picture(Path("notes/a.png"), dusk())
    command.on_bundle("identify", "b.png", "notes", "./notes/../b.png")
    assert (command.code, command.err) == (0, [])
    assert [line.split(" (")[0] for line in command.out] == [
        "b.png: 20 dollars, front",
        "notes/a.png: no note",
        "notes/sub/z.png: 5 dollars, back",
        "notes/../b.png: 20 dollars, front",
    ]


def test_identify_json(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One object a line; paths are joined to what was given, and links are not followed in them."""
    write_picture(Path("real/a.png"), note(20))
    Path("link").symlink_to("real")
    command.on_bundle("identify", "--json", "link", "real/a.png")
    assert (command.code, command.err) == (0, [])
    assert [entry["path"] for entry in command.json()] == [str(Path("link/a.png")), str(Path("real/a.png"))]
    for entry in command.json():
        assert list(entry) == ["path", "currency", "value", "side", "confidence", "spoken", "corners", "hint"]
        assert (entry["currency"], entry["value"], entry["side"], entry["spoken"]) == ("USD", 20, "front", True)


def bad_files() -> list[str]:
    whole = write_picture(Path("good.png"), note(20)).read_bytes()
    Path("text.jpg").write_text("This is a text file.\n" * 20)
    Path("cut.png").write_bytes(whole[: len(whole) // 2])
    Path("empty.png").touch()
    Path("hollow").mkdir()
    return ["text.jpg", "cut.png", "empty.png", "hollow", "nowhere.png"]


@pytest.mark.parametrize("index", range(5))
def test_a_bad_file_is_one_line(command: Command, index: int) -> None:
    name = bad_files()[index]
    assert name in command.on_bundle("identify", name).refused()


def test_good_files_are_answered_among_bad_ones(command: Command) -> None:
    names = bad_files()
    command.on_bundle("identify", "--json", *names[:3], "good.png", *names[3:], "good.png")
    assert command.code == 2
    assert [entry["value"] for entry in command.json()] == [20, 20]
    assert len(command.err) == len(names)
    assert all(name in line for name, line in zip(names, command.err, strict=True))


@pytest.mark.parametrize("arguments", [["run"], ["demo"], ["identify", "a.png"], ["benchmark"]])
def test_a_tampered_bundle_is_refused(
    command: Command, tiny_bundle: Path, tmp_path: Path, arguments: list[str]
) -> None:
    tampered = tmp_path / "tampered"
    shutil.copytree(tiny_bundle, tampered)
    with (tampered / "model.tflite").open("ab") as model:
        model.write(b".")
    line = command(*arguments, "--currency", str(tampered)).refused()
    assert "not the file that its bundle.json describes" in line


def test_an_unknown_currency_is_refused(command: Command) -> None:
    assert "There is no model bundle xyz" in command("identify", "--currency", "xyz", "a.png").refused()


def test_benchmark_of_a_folder(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "DemoScene", lambda realtime: FakeSource([]))
    clip = write_clip(Path("clip"), (30, note(20)))
    command.on_bundle("benchmark", "--source", str(clip), "--json")
    (entry,) = command.json()
    assert command.code == (0 if entry["within_budget"] else 1)
    assert (entry["frames"], entry["threads"], entry["budget_ms"]) == (30, 1, 25)
    command.on_bundle("benchmark", "--source", str(clip))
    assert "Frames: 30" in command.out


def test_a_slow_computer_is_exit_code_1(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    from currency_app.commands import benchmark

    stages = {"frame": {"p50": 20.0, "p95": 24.0, "p99": 26.0}}
    slow = benchmark.Benchmark("a CPU", 1, 600, stages, 50.0)
    monkeypatch.setattr(benchmark, "run_benchmark", lambda *given: slow)
    assert command.on_bundle("benchmark").code == 1


def test_the_help_and_the_version_tell_what_matters(command: Command) -> None:
    assert command("--help").code == 0
    text = " ".join(command.out)
    assert "This does not tell whether money is genuine." in text
    for name in ("run", "demo", "identify", "benchmark", "doctor"):
        assert name in text
    assert command("--version").code == 0
    assert command.out == [f"currency-app {__version__}"]
    command("run", "--help")
    assert "This does not tell whether money is genuine." in " ".join(command.out)


def test_an_interrupt_has_its_own_exit_code(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("currency_app.identify.identify_file", interrupted)
    write_picture(Path("a.png"), note(20))
    command.on_bundle("identify", "a.png")
    assert (command.code, command.out, command.err) == (130, [], [])


def python(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)


def test_it_starts_without_the_training_packages() -> None:
    done = python("-X", "importtime", "-m", "currency_app", "--help")
    assert done.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if "|" in line}
    assert "currency_app.commands.cli" in imported
    assert imported.isdisjoint({"tensorflow", "keras", "coremltools", "training", "cv2"})


def test_reading_an_image_needs_no_training_package(tiny_bundle: Path) -> None:
    write_picture(Path("a.png"), note(20))
    code = (
        "import sys; from currency_app.commands.cli import main; code = main(sys.argv[1:]); "
        "print([name for name in ('tensorflow', 'keras', 'coremltools', 'training') if name in sys.modules]); "
        "sys.exit(code)"
    )
    done = python("-c", code, "identify", "--currency", str(tiny_bundle), "a.png")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].startswith("a.png: 20 dollars, front")
    assert done.stdout.splitlines()[1] == "[]"


def test_a_reader_that_goes_away_is_no_traceback(tiny_bundle: Path) -> None:
    write_clip(Path("clip"), (30, note(20)))
    arguments = ["-m", "currency_app", "identify", "--currency", str(tiny_bundle), "clip"]
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
    assert process.returncode == 141
    assert [line for line in errors.splitlines() if HARMLESS not in line] == []
