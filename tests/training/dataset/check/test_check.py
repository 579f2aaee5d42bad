"""What is found in a data folder, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.checked_data import CheckedData, of_kind, only
from tests.support.drawn_data import room


@pytest.fixture
def data(tmp_path: Path) -> CheckedData:
    return CheckedData(tmp_path / "data")


def test_data_that_is_fit_for_use_has_remarks_only(data: CheckedData) -> None:
    report = data.report()
    assert report.usable
    assert {finding.kind for finding in report.findings} == {"few_images"}
    assert report.counts == {
        "usd_1_front": {"train": 4, "val": 1, "test": 0, "test_web": 0},
        "usd_1_back": {"train": 4, "val": 1, "test": 0, "test_web": 0},
        "background": {"train": 22, "val": 3, "test": 0, "test_web": 0},
    }
    assert report.summary() == "Usable, 2 remarks: 35 images, 2 classes of USD"


def test_images_that_are_missing_cut_short_or_none_must_be_fixed(data: CheckedData) -> None:
    whole = data.add_note(1, "front", "train")
    whole.write_bytes(whole.read_bytes()[:3000])
    data.add_note(1, "front", "train").write_text("hello")
    data.label("usd_1_front/absent.png", "usd_1_front", "train")
    report = data.report()
    assert not report.usable
    found = of_kind(report, "unreadable")
    assert report.findings[:3] == tuple(found)
    assert whole.name in found[0].text
    assert "absent.png" in found[2].text
    assert report.counts["usd_1_front"]["train"] == 4


def test_without_background_nothing_can_be_trained(data: CheckedData) -> None:
    data.rows = [row for row in data.rows if row["kind"] != "background"]
    report = data.report()
    assert only(report, "no_background").must_fix
    assert not of_kind(report, "few_background")


def test_background_is_held_against_five_times_an_average_class(data: CheckedData) -> None:
    for _ in range(2):
        data.add_note(1, "back", "train")
    assert "25 images without a note" in only(data.report(), "few_background").text
    assert "30 are advised" in only(data.report(), "few_background").text


def test_other_currencies_count_as_background(data: CheckedData) -> None:
    for _ in range(2):
        data.add_note(1, "back", "train")
    for _ in range(5):
        data.add("eur_20", "train", room(data.seed()), kind="other_currency")
    report = data.report()
    assert report.counts["background"]["train"] == 27
    assert not of_kind(report, "few_background")
    assert not of_kind(report, "class_name")


def test_a_class_must_have_images_to_train_on(data: CheckedData) -> None:
    data.add_note(5, "front", "test")
    finding = only(data.report(), "no_images")
    assert finding.must_fix
    assert finding.text.startswith("usd_5_front has no image")


def test_a_class_without_validation_is_a_remark_and_no_validation_at_all_is_not(data: CheckedData) -> None:
    data.add_note(5, "front", "train")
    finding = only(data.report(), "no_validation")
    assert not finding.must_fix
    assert finding.text.startswith("usd_5_front")
    for row in data.rows:
        row["split"] = "train"
    assert only(data.report(), "no_validation").must_fix


def test_few_images_and_imbalance_are_told_the_rarest_first(data: CheckedData) -> None:
    data.add_note(5, "front", "train")
    report = data.report()
    assert "usd_5_front has 1 image to" in of_kind(report, "few_images")[0].text
    assert "5 times as many images as usd_5_front" in only(report, "imbalance").text


def test_class_names_that_are_no_value(data: CheckedData) -> None:
    data.add("usd20front", "train", room(900))
    data.add("toy_money", "train", room(901))
    data.add("usd_0.5_front", "train", room(902))
    wrong, half, other = sorted(
        of_kind(data.report(), "class_name"), key=lambda finding: (not finding.must_fix, finding.text)
    )
    assert half.must_fix
    assert "values are whole numbers, so count those of all notes in a smaller unit, as in usd_500_front" in half.text
    assert wrong.must_fix
    assert wrong.text.startswith("usd20front is not a class name")
    assert not other.must_fix
    assert other.text.startswith("toy_money is no value of USD")


def test_an_unknown_split_is_never_used(data: CheckedData) -> None:
    data.add_note(1, "front", "training")
    report = data.report()
    assert "'training'" in only(report, "unknown_split").text
    assert not report.usable


@pytest.mark.parametrize(
    ("column", "word", "known"),
    [
        ("kind", "Photo", "photo, scan, background, other_currency."),
        ("notes_in_image", "1", "empty, single, multi, mixed."),
    ],
)
def test_words_that_no_training_knows_must_be_mended(data: CheckedData, column: str, word: str, known: str) -> None:
    """Images of them would be passed over in silence."""
    data.add("usd_1_front", "train", room(900), **{column: word})
    report = data.report()
    assert only(report, "unknown_word").text == f"1 label of {column} {word!r} will not be used: it is {known}"
    assert not report.usable
