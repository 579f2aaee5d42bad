"""Cases: what is right and wrong, which nobody can read, and how the note is held."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.support.observations import box, nothing
from tests.support.report_cases import SIZE, case, twenty
from training.measuring.report.cases import by_source, notes, without_unreadable


def test_a_case_tells_right_from_wrong() -> None:
    assert case(spoken=True).right
    assert not case(spoken=True).wrong
    other_side = case("usd_20_back")
    assert other_side.right
    assert not other_side.side_right
    assert case("usd_5_front", spoken=True).wrong
    assert not case("usd_5_front").wrong
    assert case("background", spoken=True).wrong
    assert case("eur_20_front", nothing(0)).right
    assert [item.true for item in notes([case(), case("background"), case("eur_20_front")])] == [20]


def test_frames_that_no_person_could_read_are_left_out_where_that_was_judged() -> None:
    blurred = [case(path="clear.png", source="cam"), case(path="blurred.png", source="cam")]
    others = [
        case(path="other.png", source="web"),
        case(path="val.png", source="cam", split="val"),
        case("background", nothing(0), path="room.png", source="cam"),
    ]
    readable = frozenset({Path("clear.png")})
    kept = [item.identified.image.path.name for item in without_unreadable([*blurred, *others], readable)]
    assert kept == ["clear.png", "other.png", "val.png", "room.png"]
    assert len(without_unreadable([*blurred, *others], frozenset())) == 5
    assert {name: len(items) for name, items in by_source(blurred, readable).items()} == {
        "test cam photo": 2,
        "test cam photo, readable": 1,
    }


def test_only_what_is_in_the_frame_counts_as_size() -> None:
    polygon = np.asarray((box(0, 0, 0.2, 1) - [0.1, 0.0]) * SIZE, np.float32)
    assert case(polygon=polygon).share == pytest.approx(0.1, abs=1e-4)


def test_corners_that_are_folded_over_still_have_a_size() -> None:
    folded = box(0.2, 0.2, 0.8, 0.8)[[0, 2, 1, 3]]
    share = case(observation=twenty(corners=folded)).share
    assert share is not None
    assert 0 <= share <= 1
