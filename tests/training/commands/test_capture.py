"""`currency-train capture`: a recording becomes pictures, and every mistake one sentence."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.capturing import swayed
from tests.support.drawn_data import room, save
from training.commands.cli import main

pytestmark = pytest.mark.usefixtures("signals_restored")


def command(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(["capture", *arguments])
    except SystemExit as error:
        code = int(error.code or 0)
    told = capfd.readouterr()
    return code, told.out, told.err


@pytest.fixture
def recording(tmp_path: Path) -> str:
    for index in range(60):
        save(tmp_path / "recording" / f"{index:03d}.png", swayed(index))
    return str(tmp_path / "recording")


def test_a_recording_becomes_pictures(tmp_path: Path, recording: str, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "mine"
    code, told, err = command(
        capfd, "--out", str(out), "--class", "eur_10_back", "--source", recording, "--count", "4", "--voice", "text"
    )
    assert code == 0
    assert told.startswith(f"Took 4 pictures: {out / 'eur_10_back'}")
    assert err.splitlines()[0].startswith("4 pictures to take. Hold the note flat")
    assert len(list((out / "eur_10_back").iterdir())) == 4


def test_where_no_picture_was_good_enough_it_says_why(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for index in range(40):
        save(tmp_path / "smooth" / f"{index:03d}.png", np.asarray(cv2.blur(room(index), (31, 31)), np.uint8))
    given = ("--out", str(tmp_path / "mine"), "--class", "background", "--source", str(tmp_path / "smooth"))
    code, told, err = command(capfd, *given, "--voice", "off")
    assert code == 2
    assert told == ""
    assert err.startswith("currency-train: No picture was taken")
    assert "Too blurred" in err
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--class", "twenty"], "'twenty' is not a class: name it like usd_20_front, or background"),
        (["--class", "kwd_0.5_front"], "in a smaller unit, as in kwd_500_front"),
        (["--class", "usd_20_front", "--count", "0"], "not a number from 1"),
        (["--class", "usd_20_front", "--count", "some"], "not a number from 1"),
        (["--class", "usd_20_front", "--source", "absent.mp4"], "No file or folder absent.mp4"),
        (["--class", "usd_20_front", "--voice", "loud"], "invalid choice"),
        ([], "--class"),
    ],
)
def test_bad_input_is_one_sentence_and_makes_nothing(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = command(capfd, "--out", "mine", *arguments)
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert said in err
    assert not Path("mine").exists()
