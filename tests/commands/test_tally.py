"""`--count` and `--tally`: what is said after each value, and which file is written or refused."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.support.app_command import Command, dusk, note, write_clip


@pytest.fixture
def wallet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    clip = [(5, dusk()), (20, note(20)), (20, dusk()), (20, note(5, "back")), (20, dusk()), (20, note(20))]
    return str(write_clip(tmp_path / "wallet", *clip))


def rows(path: str) -> list[tuple[str, str, str]]:
    with Path(path).open(newline="", encoding="utf-8") as file:
        return [(row["value"], row["side"], row["currency"]) for row in csv.DictReader(file)]


def test_the_total_is_said_and_the_notes_are_listed_run_after_run(command: Command, wallet: str) -> None:
    for _ in range(2):
        command.on_bundle("run", "--source", wallet, "--voice", "text", "--count", "--tally", "notes.csv")
        assert command.code == 0
        assert [line for line in command.err if "dollars" in line] == [
            "20 dollars",
            "Total 20 dollars, 1 note",
            "5 dollars",
            "Total 25 dollars, 2 notes",
            "20 dollars",
            "Total 45 dollars, 3 notes",
        ]
    assert rows("notes.csv") == [("20", "front", "USD"), ("5", "back", "USD"), ("20", "front", "USD")] * 2


def test_a_file_of_something_else_is_refused_before_anything_is_read(command: Command, wallet: str) -> None:
    Path("diary.csv").write_text("Dear diary\n")
    sentence = command.on_bundle("run", "--source", wallet, "--voice", "off", "--tally", "diary.csv").refused()
    assert sentence == "currency-app: diary.csv holds something else: choose another file for the list of notes."
    assert Path("diary.csv").read_text() == "Dear diary\n"


def test_one_file_cannot_be_the_list_and_the_log(command: Command, wallet: str) -> None:
    options = ["--voice", "off", "--tally", "notes.csv", "--events", "./notes.csv"]
    assert "is the list of notes too" in command.on_bundle("run", "--source", wallet, *options).refused()
    assert not Path("notes.csv").exists()
