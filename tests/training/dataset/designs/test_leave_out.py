"""What is left out of which training, so that every design is unseen once and every value stays known."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from training.dataset.currency import relabel_for
from training.dataset.designs.counts import MIN_KNOWN
from training.dataset.designs.leave_out import ValueDesign, leave_out_rounds, shows, without_designs
from training.dataset.designs.names import name_designs, read_design_list
from training.dataset.manifest import LabelledImage, of_split, read_data


def notes(
    value: int, design: str, count: int = MIN_KNOWN, *, split: str = "train", side: str = "front", how: str = "single"
) -> list[LabelledImage]:
    name = f"usd_{value}_{side}"
    paths = [Path(f"{name} {design} {split} {how} {number}.png") for number in range(count)]
    return [LabelledImage(path, "photo", "me", name, split, None, how, design) for path in paths]


def rounds(*rows: list[LabelledImage]) -> list[set[tuple[int, str]]]:
    found = leave_out_rounds([image for group in rows for image in group], "usd")
    return [{(one.value, one.design) for one in left_out} for left_out in found]


def test_each_design_is_left_out_once_and_one_of_a_value_at_a_time() -> None:
    designs = [(value, design) for value in (5, 10, 20) for design in "abc"]
    found = rounds(*(notes(*one) for one in designs))
    assert len(found) == 3
    assert sorted(one for left_out in found for one in left_out) == designs
    assert all(len({value for value, _ in left_out}) == len(left_out) for left_out in found)


def test_values_leave_out_different_designs_as_far_as_possible() -> None:
    """So that the looks of what is missing are known from notes of other values."""
    found = rounds(*(notes(value, design) for value in (5, 10, 20) for design in "abc"))
    assert all({design for _, design in left_out} == set("abc") for left_out in found)


def test_images_are_shared_out_among_the_rounds() -> None:
    rows = [notes(5, "a", 100), notes(5, "b"), notes(10, "c", 100), notes(10, "d")]
    assert rounds(*rows) == [{(5, "a"), (10, "d")}, {(5, "b"), (10, "c")}]


def test_a_value_of_one_design_stays() -> None:
    assert rounds(notes(1, "a", 100), notes(5, "a"), notes(5, "b")) == [{(5, "a")}, {(5, "b")}]


def test_a_design_stays_if_no_other_is_known_well_enough() -> None:
    """The few of the other are left out all the same: their value is known without them."""
    few_to_learn = [*notes(5, "b", MIN_KNOWN - 1), *notes(5, "b", 1, split="test")]
    assert rounds(notes(5, "a"), few_to_learn) == [{(5, "b")}]


def test_too_few_images_are_not_measured() -> None:
    assert rounds(notes(5, "a"), notes(5, "b", MIN_KNOWN - 1)) == []


def test_only_single_notes_can_be_measured() -> None:
    assert rounds(notes(5, "a"), notes(5, "b", 100, how="multi")) == [{(5, "a")}]


def test_every_side_stays_known() -> None:
    back = notes(5, "a", 1, side="back")
    assert rounds(notes(5, "a"), back, notes(5, "b")) == [{(5, "b")}]
    assert rounds(notes(5, "a"), back, notes(5, "b"), notes(5, "b", 1, side="back")) == [{(5, "a")}, {(5, "b")}]


def test_notes_without_a_name_are_no_design() -> None:
    assert rounds(notes(5, "a"), notes(5, "", 100)) == []


LEFT_OUT = frozenset({ValueDesign(5, "a")})


def test_other_notes_are_kept() -> None:
    kept = [*notes(5, "b"), *notes(20, "a"), *notes(20, "")]
    kept.append(LabelledImage(Path("room.png"), "background", "me", "background", "train", None, ""))
    assert without_designs([*kept, *notes(5, "a"), *notes(5, "a", split="val")], LEFT_OUT, "usd") == kept


def test_what_may_be_the_left_out_design_is_not_learnt() -> None:
    assert without_designs(notes(5, ""), LEFT_OUT, "usd") == []


def test_an_image_with_one_such_note_among_others_is_not_learnt() -> None:
    (hidden,) = notes(5, "a", 1, how="mixed")
    beside = [replace(note, path=hidden.path) for note in notes(20, "a", 1, how="mixed")]
    assert without_designs([*beside, hidden], LEFT_OUT, "usd") == []


def test_a_design_is_that_of_its_value() -> None:
    assert [shows(image, LEFT_OUT, "usd") for image in (*notes(5, "a", 1), *notes(20, "a", 1), *notes(5, "b", 1))] == [
        True,
        False,
        False,
    ]


@pytest.mark.images
def test_of_the_dollar_all_that_can_be_is_left_out(data_dir: Path) -> None:
    listed = read_design_list(data_dir, "usd")
    images = name_designs(relabel_for(read_data(data_dir), "usd"), "usd", listed)
    found = leave_out_rounds(images, "usd")
    assert len(found) in (3, 4)
    assert Counter(one.value for left_out in found for one in left_out) == {5: 3, 10: 3, 20: 2, 50: 3, 100: 2}
    faces = {image.class_name for image in of_split(images, "train") if image.class_name.startswith("usd")}
    for left_out in found:
        kept = of_split(without_designs(images, left_out, "usd"), "train")
        assert {image.class_name for image in kept if image.class_name.startswith("usd")} == faces
