"""What is found in the pictures of a data folder: duplicates, torn takes, and corners that cannot be right."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.support.checked_data import CheckedData, of_kind, only, recompressed
from tests.support.drawn_data import photo, room
from training.dataset.check.inspection import ImageSummary
from training.dataset.check.pictures import note_share


@pytest.fixture
def data(tmp_path: Path) -> CheckedData:
    return CheckedData(tmp_path / "data")


@pytest.mark.parametrize("split", ["test", "test_web"])
def test_a_picture_in_train_and_in_a_test_must_be_fixed(data: CheckedData, split: str) -> None:
    first = data.add_note(1, "front", "train")
    picture = cv2.imread(str(first))
    assert picture is not None
    second = data.add("usd_1_front", split, recompressed(np.asarray(picture, np.uint8)))
    report = data.report()
    finding = only(report, "same_across_splits")
    assert finding.must_fix
    assert not report.usable
    assert [[image.path for image in group] for group in finding.groups] == [[first, second]]
    assert f"in train and again in {split}, such as usd_1_front/{first.name} and" in finding.text


def test_an_image_that_is_listed_in_train_and_again_in_a_test_must_be_fixed(data: CheckedData) -> None:
    path = data.add_note(1, "front", "train")
    data.label(f"usd_1_front/{path.name}", "usd_1_front", "test")
    finding = only(data.report(), "same_across_splits")
    assert finding.must_fix
    assert f"in train and again in test, such as usd_1_front/{path.name}, which is listed twice" in finding.text


def test_an_image_of_one_note_with_two_labels_is_told(data: CheckedData) -> None:
    path = data.add_note(1, "front", "train")
    data.label(f"usd_1_front/{path.name}", "usd_1_back", "train")
    finding = only(data.report(), "same_in_two_classes")
    assert f"such as usd_1_front/{path.name}, which is listed twice: one label of each must be wrong" in finding.text


def test_a_picture_in_train_and_val_is_a_remark(data: CheckedData) -> None:
    picture = room(77)
    for split in ("val", "train"):
        data.add("background", split, picture, kind="background")
    report = data.report()
    assert report.usable
    assert "1 picture is in train and again in val" in only(report, "same_across_splits").text


def test_copies_in_one_split_are_counted_as_pictures_not_as_pairs(data: CheckedData) -> None:
    for _ in range(3):
        data.add("background", "train", room(77), kind="background")
    finding = only(data.report(), "same_in_one_split")
    assert finding.text.startswith("1 picture is more than once")
    assert [len(group) for group in finding.groups] == [3]


def test_one_picture_in_two_classes_is_told(data: CheckedData) -> None:
    picture, _ = photo(1, "front", 500)
    for class_name in ("usd_1_front", "usd_1_back"):
        data.add(class_name, "train", picture)
    assert "in two classes" in only(data.report(), "same_in_two_classes").text


def test_a_photo_of_several_notes_is_in_several_classes_rightly(data: CheckedData) -> None:
    name = "usd_1_front/both.png"
    data.add("usd_1_front", "train", photo(1, "front", 500)[0], name=name)
    data.label(name, "usd_1_back", "train", notes_in_image="mixed")
    report = data.report()
    assert not of_kind(report, "same_in_two_classes")
    assert not of_kind(report, "same_in_one_split")


def test_frames_of_one_take_in_two_splits(data: CheckedData) -> None:
    frame = room(300)
    for number, split in enumerate(("train", "train", "val")):
        moved = np.asarray(np.roll(frame, 5 * number, axis=1), np.uint8)
        data.add("usd_1_front", split, moved, name=f"usd_1_front/left-{number}.png")
    finding = only(data.report(), "torn_takes")
    assert "1 take lies in more than one split, such as left in usd_1_front (2 in train, 1 in val)" in finding.text


def test_pictures_that_only_share_a_cameras_name_are_no_take(data: CheckedData) -> None:
    for number, split in enumerate(("train", "train", "val")):
        data.add("background", split, room(300 + number), name=f"background/IMG_{number}.png", kind="background")
    assert not of_kind(data.report(), "torn_takes")


@pytest.mark.parametrize(
    ("corners", "kind"),
    [
        ("60,70 260,155 260,70 60,155", "folded_corners"),
        ("60,70 61,70 62,70 63,70", "folded_corners"),
        ("260,70 60,70 60,155 260,155", "mirrored_corners"),
        ("60,70 130,70 130,100 60,100", "small_notes"),
        ("-500,-300 -200,-300 -200,-200 -500,-200", "small_notes"),
    ],
)
def test_corners_that_cannot_be_right_or_are_small(data: CheckedData, corners: str, kind: str) -> None:
    data.add("usd_1_front", "train", photo(1, "front", 600)[0], polygon=corners)
    report = data.report()
    assert {finding.kind for finding in report.findings} - {"few_images", "few_background"} == {kind}
    assert report.usable


def test_the_share_of_a_note_counts_only_what_is_in_the_picture() -> None:
    summary = ImageSummary(np.zeros((64, 64), np.uint8), width=100, height=50)
    inside = np.array([[0, 0], [50, 0], [50, 50], [0, 50]], np.float32)
    assert note_share(inside, summary) == pytest.approx(0.5)
    assert note_share(inside - np.array([25, 0], np.float32), summary) == pytest.approx(0.25)
    assert note_share(inside[::-1].copy(), summary) == pytest.approx(0.5)
