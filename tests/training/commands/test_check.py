"""`currency-train check`: how it tells what it finds in a data folder."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.checked_data import CheckedData
from tests.support.drawn_data import photo, save
from training.commands.cli import main

pytestmark = pytest.mark.usefixtures("signals_restored")


@pytest.fixture
def data(tmp_path: Path) -> CheckedData:
    return CheckedData(tmp_path / "data")


def command(capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    try:
        code = main(["check", *arguments])
    except SystemExit as error:
        code = int(error.code or 0)
    told = capfd.readouterr()
    return code, told.out, told.err


def test_one_line_a_finding_the_worst_first(data: CheckedData, capfd: pytest.CaptureFixture[str]) -> None:
    data.label("absent.png", "usd_1_front", "train")
    code, out, err = command(capfd, "--data", str(data.write()))
    lines = out.splitlines()
    assert code == 1
    assert err == ""
    assert lines[0] == "1 to mend, 2 remarks: 36 images, 2 classes of USD"
    assert [line.split(":")[0] for line in lines[1:]] == ["Mend", "Remark", "Remark"]


def test_exit_code_0_with_remarks(data: CheckedData, capfd: pytest.CaptureFixture[str]) -> None:
    assert command(capfd, "--data", str(data.write()))[0] == 0


def test_a_page_is_written_beside_the_text(
    data: CheckedData, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    data.label("absent.png", "usd_1_front", "train")
    code, out, _ = command(capfd, "--data", str(data.write()), "--out", str(tmp_path / "page.html"))
    assert code == 1
    assert out.startswith("1 to mend")
    assert "1 to mend" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_many_findings_of_a_kind_are_cut_short(data: CheckedData, capfd: pytest.CaptureFixture[str]) -> None:
    for number in range(25):
        data.label(f"absent{number}.png", "usd_1_front", "train")
    _, out, _ = command(capfd, "--data", str(data.write()))
    assert out.count("absent") == 20
    assert out.splitlines()[-1].startswith("And 5 more")


def test_json_holds_everything_with_paths_in_the_data_folder(
    data: CheckedData, capfd: pytest.CaptureFixture[str]
) -> None:
    data.label("absent.png", "usd_1_front", "train")
    code, out, _ = command(capfd, "--json", "--data", str(data.write()))
    told: dict[str, Any] = json.loads(out)
    assert code == 1
    assert told["currency"] == "USD"
    assert not told["usable"]
    assert told["images"] == 35
    assert told["findings"][0]["kind"] == "unreadable"
    assert told["findings"][0]["images"] == [["absent.png"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--data", "nowhere"], "no data folder"),
        (["--data", "empty"], "no labelled image"),
        (["--data", "data", "--currency", "eur"], "a value of eur"),
        (["--data", "data", "--out", "nowhere/page.html"], "no folder nowhere"),
        (["--data", "data", "--out", "empty"], "ends in .html"),
        (["--data", "data", "--out", "a.png"], "ends in .html"),
    ],
)
def test_bad_input_is_one_sentence(
    data: CheckedData,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    monkeypatch.chdir(data.write().parent)
    Path("empty").mkdir()
    code, out, err = command(capfd, *arguments)
    assert code == 2
    assert out == ""
    assert len(err.splitlines()) == 1
    assert said in err


def test_files_that_no_training_would_read_are_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Each of them, also on standard error, and whatever bytes are in their names."""
    names = ["a.HEIC", "b.txt", "caf\udce9.dng"]
    save(tmp_path / "usd_1_front" / "take-1.png", photo(1, "front", 1)[0])
    save(tmp_path / "usd_1_front" / "take-2.jpe.png", photo(1, "front", 2)[0])
    (tmp_path / "usd_1_front" / "take-2.jpe.png").rename(tmp_path / "usd_1_front" / "take-2.JPE")
    for name in names:
        (tmp_path / "usd_1_front" / name).touch()
    for arguments in ([], ["--json"], ["--out", str(tmp_path / "page.html")]):
        _, out, err = command(capfd, "--data", str(tmp_path), *arguments)
        assert "3 files will not be read" in err
        for text in (out, err):
            assert all(name in text for name in names[:2])
        assert "caf\ufffd.dng" in err
    assert json.loads(command(capfd, "--data", str(tmp_path), "--json")[1])["images"] == 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems' file names are Unicode")
def test_a_class_whose_name_is_no_utf_8_is_on_the_page_too(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for name in ("usd_1_front", "toys"):
        save(tmp_path / name / "take-1.png", photo(1, "front", 1)[0])
    (tmp_path / "toys").rename(tmp_path / "jou\udce9ts")
    page = tmp_path / "page.html"
    assert "Traceback" not in command(capfd, "--data", str(tmp_path), "--out", str(page))[2]
    assert "jou?ts" in page.read_text(encoding="utf-8")
