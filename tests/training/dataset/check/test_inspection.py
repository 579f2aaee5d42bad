"""Every image of a data folder is opened: whose notes they are, and which files no training would read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked_data import CheckedData, only
from tests.support.drawn_data import photo, room, save
from training.dataset.check.check import check
from training.dataset.check.inspection import inspect


@pytest.fixture
def data(tmp_path: Path) -> CheckedData:
    return CheckedData(tmp_path / "data")


def test_the_currency_is_the_one_that_most_images_show(data: CheckedData) -> None:
    for row in data.rows:
        row["class"] = row["class"].replace("usd_1", "eur_10")
    assert data.report().inspected.currency == "eur"
    assert set(data.report().counts) == {"eur_10_front", "eur_10_back", "background"}


def test_a_folder_per_class_is_checked_for_what_no_training_would_read(tmp_path: Path) -> None:
    for number in range(6):
        save(tmp_path / "usd_1_front" / f"take{number}-1.png", photo(1, "front", number)[0])
        save(tmp_path / "background" / f"room{number}-1.png", room(number))
    (tmp_path / "usd_5_front").mkdir()
    (tmp_path / ".cache").mkdir()
    (tmp_path / "usd_1_front" / "phone.heic").write_bytes(b"x")
    save(tmp_path / "loose.png", room(50))
    report = check(inspect(tmp_path, None, lambda items: items))
    assert only(report, "no_images").text.startswith("usd_5_front")
    assert only(report, "ignored").text.startswith("2 files will not be read")
    assert report.counts["usd_1_front"] == {"train": 5, "val": 1, "test": 0, "test_web": 0}
