"""The CSV file of the notes that count: what it holds, what it spares, and what happens if it cannot be written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from currency_app.errors import CurrencyAppError
from currency_app.tally import CountedNote, NoteListFile, note_list

HEAD = "time,value,side,currency\n"
NOTES = [CountedNote(1.2, "USD", 20, "front"), CountedNote(4.0, "USD", 5, None), CountedNote(7.9, "EUR", 5, "back")]
LINES = ["2026-11-25 10:00:01,20,front,USD\n", "2026-11-25 10:00:04,5,,USD\n", "2026-11-25 10:00:07,5,back,EUR\n"]


def begin() -> datetime:
    return datetime(2026, 11, 25, 10, 0, 1, 200_000)


class Listed:
    """A file of notes, and what it holds once it is written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.troubles = 0
        self.file = NoteListFile(str(path), now=begin)
        self.file.tell_trouble(self.count_trouble)

    def count_trouble(self) -> None:
        self.troubles += 1

    def show(self, *notes: CountedNote) -> str:
        self.file.show(notes, 1.2)
        self.file.wait(20.0)
        return self.path.read_text(encoding="utf-8")


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[Listed]:
    listed = Listed(tmp_path / "notes.csv")
    yield listed
    listed.file.close()


def test_each_note_is_a_line_as_soon_as_it_counts(listed: Listed) -> None:
    assert listed.path.read_text() == HEAD
    assert listed.show(NOTES[0]) == HEAD + LINES[0]
    assert listed.show(*NOTES) == HEAD + "".join(LINES)


def test_a_note_that_is_taken_back_loses_its_line(listed: Listed) -> None:
    listed.show(*NOTES)
    assert listed.show(NOTES[0]) == HEAD + LINES[0]
    assert listed.show(NOTES[0], NOTES[2]) == HEAD + LINES[0] + LINES[2]
    assert listed.show() == HEAD


def test_earlier_runs_stay_and_the_first_line_comes_once(listed: Listed) -> None:
    listed.show(*NOTES[:2])
    listed.file.close()
    again = Listed(listed.path)
    assert again.show(NOTES[2]) == HEAD + "".join(LINES)
    assert again.show() == HEAD + "".join(LINES[:2])
    again.file.close()


def test_what_a_spreadsheet_made_of_it_stays(tmp_path: Path) -> None:
    """A mark before the first line, other line ends, and no line end after the last."""
    path = tmp_path / "notes.csv"
    path.write_bytes(b"\xef\xbb\xbftime,value,side,currency\r\n2026-11-24 9:00,10,back,USD")
    listed = Listed(path)
    listed.show(NOTES[0])
    listed.file.close()
    assert path.read_bytes() == (
        b"\xef\xbb\xbftime,value,side,currency\r\n2026-11-24 9:00,10,back,USD\n" + LINES[0].encode()
    )


@pytest.mark.parametrize("content", ["Dear diary,\n", "value,time\n", "time,value,side,currency,x\n", "\n1,2\n" * 99])
def test_a_file_that_holds_something_else_is_refused_and_stays(tmp_path: Path, content: str) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(content)
    with pytest.raises(CurrencyAppError, match=r"diary\.csv holds something else: choose another file"):
        NoteListFile(str(path))
    assert path.read_text() == content


@pytest.mark.parametrize("name", ["nowhere/notes.csv", ".", "n" * 300])
def test_a_place_that_cannot_be_written_is_told_at_once(tmp_path: Path, name: str) -> None:
    with pytest.raises(CurrencyAppError, match=r"^The notes cannot be listed in .*hoose another (file|one)\.$"):
        NoteListFile(str(tmp_path / name))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device")
def test_a_device_is_no_file() -> None:
    with pytest.raises(CurrencyAppError, match="it is no file"):
        NoteListFile("/dev/full")


def test_a_line_that_somebody_wrote_meanwhile_stays(listed: Listed) -> None:
    """The note's own line cannot be cut off the end then, so a second one takes its value back."""
    listed.show(*NOTES[:2])
    with listed.path.open("a") as file:
        file.write("2026-11-25 10:01:00,100,,USD\n")
    negative = LINES[1].replace(",5,", ",-5,")
    assert listed.show(NOTES[0]) == HEAD + LINES[0] + LINES[1] + "2026-11-25 10:01:00,100,,USD\n" + negative


def test_a_folder_that_is_gone_is_told_once_and_all_is_written_when_it_is_back(tmp_path: Path) -> None:
    folder = tmp_path / "stick"
    folder.mkdir()
    listed = Listed(folder / "notes.csv")
    listed.show(NOTES[0])
    folder.rename(tmp_path / "pulled")
    for count in (2, 3):
        listed.file.show(NOTES[:count], 1.2)
        listed.file.wait(20.0)
    assert listed.troubles == 1
    (tmp_path / "pulled").rename(folder)
    assert listed.file.close()
    assert listed.path.read_text() == HEAD + "".join(LINES)


def test_a_list_that_was_removed_is_written_anew_for_this_run(listed: Listed) -> None:
    listed.show(*NOTES[:2])
    listed.path.unlink()
    assert listed.show(*NOTES) == HEAD + "".join(LINES)


class FullDisk:
    """Stands in for a disk that takes so many more bytes of a file. Only tests of full disks use it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
        self.room = room
        write = note_list.write_some

        def take(file: object, content: bytes) -> int:
            if not self.room and content:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            taken = write(file, content[: self.room])  # type: ignore[arg-type]
            self.room -= taken
            return taken

        monkeypatch.setattr(note_list, "write_some", take)


@pytest.mark.parametrize("room", [0, 1, 10, len(LINES[0]), len(LINES[0]) + 1, len(LINES[0] + LINES[1]) - 1])
def test_a_full_disk_leaves_no_half_a_line(listed: Listed, monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    disk = FullDisk(monkeypatch, room)
    assert listed.show(*NOTES[:2]) == HEAD
    assert listed.troubles == 1
    disk.room = 1000
    assert listed.show(*NOTES) == HEAD + "".join(LINES)
    assert listed.file.close()
    assert listed.troubles == 1


def test_notes_that_could_not_be_listed_are_told_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CurrencyAppError, match=r"^Not all notes could be listed in .*has free space\.$"):  # noqa: SIM117
        with NoteListFile(str(tmp_path / "notes.csv"), now=begin) as file:
            FullDisk(monkeypatch, 0)
            file.show(NOTES, 1.2)


def test_another_error_is_not_hidden_by_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(notes: Sequence[CountedNote]) -> None:
        with NoteListFile(str(tmp_path / "notes.csv"), now=begin) as file:
            FullDisk(monkeypatch, 0)
            file.show(notes, 1.2)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(NOTES)
