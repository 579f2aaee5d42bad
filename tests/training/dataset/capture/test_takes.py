"""Where pictures go: nothing is overwritten, and a take stays in one split."""

from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from currency_app.errors import DataError
from tests.support.capturing import NOTE, NOW, Taken, moving
from training.dataset.capture.takes import TakeFolder
from training.dataset.manifest import read_data, take_of


def test_nothing_is_overwritten_and_each_run_is_a_take(tmp_path: Path) -> None:
    first = Taken(tmp_path, moving(6), count=3)
    kept = {path: path.read_bytes() for path in first.files}
    second = Taken(tmp_path, moving(6), count=3)
    assert len(second.files) == 6
    assert all(path.read_bytes() == content for path, content in kept.items())
    assert {take_of(path) for path in second.files} == {"20240203T040506", "20240203T040506x2"}
    assert "This is take 2 of at least 5" in second.target.summary(3)


def test_takes_never_straddle_training_and_validation(tmp_path: Path) -> None:
    for _ in range(5):
        Taken(tmp_path, moving(6), count=3)
    splits: dict[str, set[str]] = {}
    for image in read_data(tmp_path):
        splits.setdefault(take_of(image.path), set()).add(image.split)
    assert sorted(map(len, splits.values())) == [1] * 5
    assert sorted(split for (split,) in splits.values()) == ["train"] * 4 + ["val"]
    assert "There are 5 takes" in TakeFolder(tmp_path, "usd_20_front", NOW).summary(1)


def test_a_picture_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def tobytes(self) -> bytes:
            raise OSError(28, "No space left on device")

    target = TakeFolder(tmp_path, "usd_20_front", NOW)
    monkeypatch.setattr(cv2, "imencode", lambda *given: (True, Full()))
    with pytest.raises(DataError, match="disk full"):
        target.save(NOTE)
    assert list((tmp_path / "usd_20_front").iterdir()) == []


def test_a_file_in_the_way_is_left_alone(tmp_path: Path) -> None:
    target = TakeFolder(tmp_path, "usd_20_front", NOW)
    (tmp_path / "usd_20_front").write_text("mine")
    with pytest.raises(DataError, match="choose another folder"):
        target.save(NOTE)
    with pytest.raises(DataError, match="is a file"):
        TakeFolder(tmp_path, "usd_20_front", NOW)
    assert (tmp_path / "usd_20_front").read_text() == "mine"


def test_a_place_below_a_file_is_told_before_any_picture_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(DataError, match="choose another folder"):
        TakeFolder(tmp_path / "mine.txt" / "data", "usd_20_front", NOW)


def test_pictures_beside_a_manifest_are_told_to_need_a_row(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("path\n")
    taken = Taken(tmp_path, moving(6), count=3)
    assert f"{tmp_path / 'manifest.csv'} says which pictures are read" in taken.target.summary(3)
