"""`currency-app run`: words said, lines written, and sources that are refused."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.commands import run
from tests.support.app_command import USD, Command, dusk, note, write_clip
from tests.support.painted import colour_of, paint, printed, write_picture

pytestmark = pytest.mark.usefixtures("later_start")


def test_run_says_and_writes_what_happens(command: Command, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip", (5, dusk()), (20, note(20)), (20, dusk()), (20, note(5, "back")))
    command.on_bundle("run", "--source", str(clip), "--voice", "text", "--events", "-")
    assert command.code == 0
    assert [line for line in command.err if "dollars" in line] == ["20 dollars", "5 dollars"]
    assert command.err[0] == "Ready. Hold a note in front of the camera"
    events = [entry for entry in command.json() if entry["event"] != "hint"]
    assert [entry["event"] for entry in events] == ["sighting", "total", "note_left", "sighting", "total", "summary"]
    assert (events[0]["value"], events[0]["side"]) == (20, "front")
    assert (events[3]["value"], events[3]["side"]) == (5, "back")
    assert 5 / 15 < events[0]["t"] < 1.4
    assert events[-1]["frames"] == 65


@pytest.mark.parametrize(
    ("options", "locale", "ready", "value"),
    [
        ([], "fr_FR.UTF-8", "Prêt. Tenez un billet devant la caméra", "vingt dollars"),
        (["--language", "es"], "fr_FR.UTF-8", "Listo. Sostén un billete frente a la cámara", "veinte dólares"),
        (["--language", "auto"], "POSIX", "Ready. Hold a note in front of the camera", "20 dollars"),
    ],
)
def test_the_words_are_in_the_language_and_the_kinds_of_events_are_not(
    command: Command,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: list[str],
    locale: str,
    ready: str,
    value: str,
) -> None:
    monkeypatch.setenv("LC_ALL", locale)
    clip = write_clip(tmp_path / "clip", (2, dusk()), (15, note(20)))
    command.on_bundle("run", "--source", str(clip), "--voice", "text", "--events", "-", *options)
    assert (command.err[0], command.err[-1]) == (ready, value)
    sighting = next(entry for entry in command.json() if entry["event"] == "sighting")
    assert (sighting["value"], sighting["side"], sighting["text"]) == (20, "front", value)


def test_run_writes_events_to_a_file_and_stops_in_time(command: Command, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip", (40, note(50)))
    command.on_bundle(
        "run", "--source", str(clip), "--voice", "off", "--events", "events.jsonl", "--max-seconds", "1.5"
    )
    assert (command.code, command.out, command.err) == (0, [], [])
    events = [json.loads(line) for line in Path("events.jsonl").read_text().splitlines()]
    assert [entry["event"] for entry in events] == ["sighting", "total", "summary"]
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


def test_events_never_replace_a_picture_of_the_source(command: Command, tmp_path: Path) -> None:
    picture, log = tmp_path / "pictures" / "a.PNG", tmp_path / "pictures" / "log.jsonl"
    picture.parent.mkdir()
    picture.write_bytes(cv2.imencode(".png", np.zeros((48, 64, 3), np.uint8))[1].tobytes())
    before = picture.read_bytes()
    options = ["run", "--source", "pictures", "--voice", "off", "--events"]
    assert "is a picture of the source" in command.on_bundle(*options, str(picture)).refused()
    assert picture.read_bytes() == before
    for _ in range(2):
        assert command.on_bundle(*options, str(log)).code == 0, "a log of an earlier run is replaced"


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


def test_black_pictures_are_a_covered_camera_and_not_too_dark(command: Command, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip", (60, np.zeros((48, 64, 3), np.uint8)), (20, note(20)))
    command.on_bundle("run", "--source", str(clip), "--voice", "text", "--events", "-")
    assert command.err[:2] == ["The camera sees nothing. Open its cover", "The camera can see again"]
    assert [entry["event"] for entry in command.json()] == [
        "camera_covered",
        "camera_uncovered",
        "sighting",
        "total",
        "summary",
    ]


@pytest.mark.parametrize(
    ("words", "introduce"),
    [
        ([], None),
        (["--welcome"], True),
        (["--no-welcome"], False),
        (["--voice", "off"], False),
        (["--source", "clip.mp4"], False),
        (["--source", "clip.mp4", "--welcome"], True),
    ],
)
def test_the_first_start_with_a_camera_is_introduced_or_whoever_asks(
    command: Command, monkeypatch: pytest.MonkeyPatch, words: list[str], introduce: bool | None
) -> None:
    asked = []
    monkeypatch.setattr(run, "run_session", lambda *rest, **named: asked.append(named["introduce"]))
    command("run", *words)
    assert asked == [introduce]
