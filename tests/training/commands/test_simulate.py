"""`currency-train simulate`: clips, the truth beside them, and one line for everything that is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import cv2
import pytest

from tests.support.drawn_data import write_class_folders, write_data
from training.commands.cli import main
from training.simulation import clips


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CURRENCY_DATA", raising=False)


def simulate(*arguments: str) -> int:
    try:
        return main(["simulate", *arguments])
    except SystemExit as error:
        return int(error.code or 0)


def refused(capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert simulate(*arguments) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1, captured.err
    return captured.err


def test_two_drawn_clips_and_their_truth(capfd: pytest.CaptureFixture[str]) -> None:
    assert simulate("--out", "clips", "--count", "2", "--drawn-only", "--fps", "5", "--seed", "3") == 0
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == "Wrote 2 clips to clips.\n"
    assert sorted(path.name for path in Path("clips").iterdir()) == ["0001.mp4", "0002.mp4", "truth.jsonl"]
    lines = [json.loads(line) for line in Path("clips/truth.jsonl").read_text().splitlines()]
    assert len(lines) == 2 * 20
    assert " ".join(lines[0]) == "clip t note class corners cover in_view hidden light blur readable hint"
    assert {line["clip"] for line in lines} == {"0001.mp4", "0002.mp4"}
    shown = [line for line in lines if line["note"]]
    assert shown
    assert all(line["class"].startswith("usd_") and len(line["corners"]) == 4 for line in shown)
    assert not any(line["readable"] for line in lines if not line["note"])
    video = cv2.VideoCapture("clips/0002.mp4")
    frames = 0
    while True:
        there, picture = video.read()
        if not there:
            break
        assert picture.shape == (480, 640, 3)
        frames += 1
    assert frames == 20
    assert video.get(cv2.CAP_PROP_FPS) == 5


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are Unicode")
def test_a_folder_whose_name_is_no_utf_8_is_written(capfd: pytest.CaptureFixture[str]) -> None:
    assert simulate("--out", "caf\udce9", "--count", "1", "--drawn-only", "--fps", "1") == 0
    assert capfd.readouterr().err == "Wrote 1 clip to caf?.\n"
    assert Path("caf\udce9/0001.mp4").stat().st_size > 1000


def test_scenes_without_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "EMPTY_S", 4.0)
    assert simulate("--out", "clips", "--count", "1", "--drawn-only", "--fps", "5", "--kind", "empty") == 0
    lines = [json.loads(line) for line in Path("clips/truth.jsonl").read_text().splitlines()]
    assert len(lines) == 20
    assert not any(line["note"] for line in lines)


def test_real_pictures_stay_out_of_repositories(capfd: pytest.CaptureFixture[str]) -> None:
    data = str(write_data(Path("data")))
    Path("repository").mkdir()
    subprocess.run(["git", "init", "--quiet", "repository"], check=True)
    Path("repository/.gitignore").write_text("runs/\n")
    some = ("--count", "1", "--fps", "2")
    assert "lies in a git checkout" in refused(capfd, "--out", "repository/clips", "--data", data, *some)
    assert not Path("repository/clips").exists()
    assert "no folder repository/runs" in refused(capfd, "--out", "repository/runs/clips", "--data", data, *some)
    Path("repository/runs").mkdir()
    assert simulate("--out", "repository/runs/clips", "--data", data, *some) == 0
    assert "do not publish" in capfd.readouterr().err
    assert simulate("--out", "repository/clips", "--drawn-only", *some) == 0, "drawn notes are nobody's"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--out"),
        (["--out", "clips", "--count", "0"], "from 1 to 9999"),
        (["--out", "clips", "--kind", "opera"], "invalid choice"),
        (["--out", "none/clips", "--drawn-only"], "no folder none"),
        (["--out", "a.txt", "--drawn-only"], "is a file"),
        (["--out", "full", "--drawn-only"], "is not empty"),
        (["--out", "clips", "--drawn-only", "--data", "mine"], "--drawn-only needs no images: leave out --data"),
        (["--out", "clips", "--data", "nowhere"], "no data folder nowhere"),
        (["--out", "clips", "--data", "mine"], "corners"),
        (["--out", "clips", "--drawn-only", "--currency", "eur"], "no drawn notes of EUR, only of USD"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(
    capfd: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    Path("a.txt").write_text("a")
    Path("full").mkdir()
    Path("full/b.txt").write_text("b")
    write_class_folders(Path("mine"), takes=1, frames=1)
    assert said in refused(capfd, *arguments)
    assert sorted(path.name for path in Path().iterdir()) == ["a.txt", "full", "mine"]


def test_an_interrupted_simulation_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clips, "truth_as_json", lambda clip, truth: (_ for _ in ()).throw(KeyboardInterrupt))
    assert simulate("--out", "clips", "--count", "1", "--drawn-only", "--fps", "2") == 130
    assert list(Path().iterdir()) == []
