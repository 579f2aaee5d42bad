"""A data folder made for one currency as a model of another takes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.drawn_data import write_class_folders, write_data
from training.dataset.currency import has_locations, relabel_for, value_unknown
from training.dataset.labels import right_outputs
from training.dataset.manifest import LabelledImage, labels_to_learn, measurable, read_data


def row(class_name: str, kind: str = "other_currency", source: str = "someone", split: str = "train") -> LabelledImage:
    return LabelledImage(Path(f"{class_name}.jpg"), kind, source, class_name, split, None, "")


@pytest.mark.parametrize(
    ("class_name", "kind", "source", "seen"),
    [
        ("eur_20_front", "other_currency", "carlos", ("photo", "single")),
        ("eur_20", "other_currency", "carlos", ("photo", "single")),
        ("eur_20_front", "other_currency", "carlos_scan", ("scan", "")),
        ("eur_20_front", "other_currency", "my_scans", ("scan", "")),
        ("eur_20_front", "scan", "carlos", ("scan", "")),
        ("eur_20_front", "photo", "carlos_scan", ("photo", "")),
        ("usd_20_front", "photo", "bluebird", ("other_currency", "")),
        ("usd_20_front", "scan", "bluebird", ("other_currency", "")),
        ("usd_20_front", "other_currency", "bluebird", ("other_currency", "")),
        ("eur_mixed", "other_currency", "christine", ("untold", "")),
        ("inr_eur_mixed", "other_currency", "drishh", ("untold", "")),
        ("eur_20_top", "photo", "carlos", ("untold", "")),
        ("europe", "other_currency", "maps", ("other_currency", "")),
        ("chair", "photo", "rooms", ("other_currency", "")),
        ("background", "background", "rooms", ("background", "")),
        ("background", "photo", "rooms", ("photo", "")),
    ],
)
def test_each_row_has_the_kind_that_it_has_for_the_currency(
    class_name: str, kind: str, source: str, seen: tuple[str, str]
) -> None:
    (found,) = relabel_for([row(class_name, kind, source)], "eur")
    assert (found.kind, found.notes_in_image) == seen
    assert (found.class_name, found.source, found.split) == (class_name, source, "train")


def test_the_currency_that_a_folder_is_made_for_sees_it_as_it_is(tmp_path: Path) -> None:
    rows = read_data(write_data(tmp_path))
    assert relabel_for(rows, "usd") == rows


def test_of_the_shared_images_dollars_change_nothing(data_dir: Path) -> None:
    rows = read_data(data_dir)
    assert [(a.path, a.kind, a.notes_in_image) for a in relabel_for(rows, "usd")] == [
        (b.path, b.kind, b.notes_in_image) for b in rows
    ]


def test_notes_without_a_value_are_neither_learnt_nor_measured_as_empty() -> None:
    rows = relabel_for(
        [row("eur_20"), row("eur_mixed"), row("eur_mixed", split="test"), row("jpy_5", split="test")], "eur"
    )
    assert [label.name for label in labels_to_learn(rows, "eur")] == ["eur_20", "background"]
    assert [image.class_name for image in measurable(rows, ["train", "test"])] == ["eur_20", "jpy_5"]
    assert [image.class_name for image in value_unknown(rows, ["test"])] == ["eur_mixed"]


def test_a_value_whose_sides_are_told_somewhere_has_no_output_without_one() -> None:
    names = ["eur_20", "eur_20_front", "eur_20_back", "eur_5", "eur_50_front", "eur_50", "background"]
    labels = labels_to_learn([row(name) for name in names], "eur")
    assert [label.name for label in labels] == ["eur_5", "eur_20_front", "eur_20_back", "eur_50_front", "background"]
    right = {name: [labels[place].name for place in right_outputs(name, labels)] for name in [*names, "usd_5", "eur_7"]}
    assert right == {
        "eur_20": ["eur_20_front", "eur_20_back"],
        "eur_20_front": ["eur_20_front"],
        "eur_20_back": ["eur_20_back"],
        "eur_5": ["eur_5"],
        "eur_50_front": ["eur_50_front"],
        "eur_50": ["eur_50_front"],
        "background": ["background"],
        "usd_5": ["background"],
        "eur_7": ["background"],
    }


def test_scans_and_corners_tell_where_notes_are(tmp_path: Path) -> None:
    rows = read_data(write_data(tmp_path))
    photos = [replace(image, polygon=None) for image in rows if image.kind != "scan"]
    assert has_locations(rows, "usd")
    assert has_locations([image for image in rows if image.kind != "scan"], "usd")
    assert not has_locations(photos, "usd")
    assert not has_locations([replace(image, split="val") for image in rows], "usd"), "only what is learnt from counts"
    assert not has_locations(rows, "eur")


def test_in_class_folders_a_scan_is_named_so(tmp_path: Path) -> None:
    folder = write_class_folders(tmp_path / "mine", takes=5)
    (folder / "usd_5_front" / "take0-0.png").rename(folder / "usd_5_front" / "Scan.png")
    (folder / "background" / "room0-0.png").rename(folder / "background" / "scanner.png")
    rows = read_data(folder)
    scans = [image for image in rows if image.kind == "scan"]
    (scan,) = scans
    assert (scan.path.name, scan.class_name, scan.split) == ("Scan.png", "usd_5_front", "train")
    assert (scan.source, scan.notes_in_image) == ("mine_scan", "")
    assert {image.kind for image in rows if image.class_name == "background"} == {"background"}
    assert has_locations(rows, "usd")
    held_out = {image.path.name for image in rows if image.class_name == "usd_5_front" and image.split == "val"}
    assert held_out == {"take4-0.png", "take4-1.png"}, "a scan is no take"
