"""A folder of pictures as a source: order, time, orientation, and pictures that cannot be read."""

from __future__ import annotations

import errno
import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from currency_app.camera.folder import open_folder
from currency_app.errors import SourceError
from currency_app.events import Frame
from currency_app.testing import FakeClock


def save(path: Path, level: int, orientation: int | None = None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    if orientation is not None:
        exif[0x0112] = orientation
    Image.fromarray(np.full((6, 8, 3), level, dtype=np.uint8)).save(path, exif=exif)


def frames(folder: Path) -> list[Frame]:
    return [event for event in open_folder(folder, realtime=False).events() if isinstance(event, Frame)]


def level(frame: Frame) -> int:
    return int(frame.image[0, 0, 0])


def test_pictures_come_sorted_with_sub_folders_15_a_second(tmp_path: Path) -> None:
    save(tmp_path / "b.png", 20)
    save(tmp_path / "a.png", 10)
    save(tmp_path / "c" / "a.PNG", 30)
    (tmp_path / "notes.txt").write_text("no picture")
    seen = frames(tmp_path)
    assert [level(frame) for frame in seen] == [10, 20, 30]
    assert [frame.t for frame in seen] == pytest.approx([0, 1 / 15, 2 / 15])


def test_numbers_without_zeros_are_in_natural_order(tmp_path: Path) -> None:
    names = ["1", "2", "9", "10", "11", "100", "part 2/frame-9", "part 2/frame-10", "part 10/frame-1"]
    for index in (4, 8, 0, 7, 2, 5, 3, 6, 1):
        save(tmp_path / f"{names[index]}.png", index)
    assert [level(frame) for frame in frames(tmp_path)] == list(range(9))


def test_equal_numbers_and_other_digits_have_an_order_too(tmp_path: Path) -> None:
    names = ["a", "a01", "a1", "a1b", "a2", "a\u00b2"]
    for index in (3, 1, 5, 0, 4, 2):
        save(tmp_path / f"{names[index]}.png", index)
    assert [level(frame) for frame in frames(tmp_path)] == [0, 1, 2, 3, 4, 5]


def test_phone_picture_is_turned_upright(tmp_path: Path) -> None:
    save(tmp_path / "a.jpg", 10, orientation=6)
    assert frames(tmp_path)[0].image.shape == (8, 6, 3)


def test_unreadable_picture_gets_one_line_and_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path / "a.png", 10)
    (tmp_path / "b.png").write_bytes(b"junk")
    save(tmp_path / "c.png", 30)
    seen = frames(tmp_path)
    assert [(frame.index, level(frame)) for frame in seen] == [(0, 10), (2, 30)]
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "b.png" in err


def test_folder_without_a_readable_picture_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"junk")
    with pytest.raises(SourceError, match="None of the pictures"):
        frames(tmp_path)


def test_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    with pytest.raises(SourceError, match="There are no pictures in"):
        open_folder(tmp_path, realtime=False)


def test_real_time_drops_for_a_slow_reader(tmp_path: Path) -> None:
    for i in range(15):
        save(tmp_path / f"{i:02}.png", i)
    clock = FakeClock()
    source = open_folder(tmp_path, realtime=True, clock=clock, sleep=clock.sleep)
    seen = []
    for event in source.events():
        seen.append(event)
        clock.sleep(0.2)
    assert source.dropped == 15 - len(seen) == pytest.approx(10, abs=1)


def test_close_in_the_middle_ends_the_pictures(tmp_path: Path) -> None:
    for i in range(3):
        save(tmp_path / f"{i}.png", i)
    source = open_folder(tmp_path, realtime=False)
    events = source.events()
    next(events)
    source.close()
    assert list(events) == []


def test_warnings_that_cannot_be_written_keep_no_picture_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    save(tmp_path / "b.png", 20)
    (tmp_path / "a.png").write_text("no picture")
    (tmp_path / "notes.heic").touch()
    monkeypatch.setattr(sys, "stderr", Full())
    assert [level(frame) for frame in frames(tmp_path)] == [20]
