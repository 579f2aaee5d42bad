"""The report's figures: intervals, curves, calibration, confusions and groups, on answers made by hand."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.events import Observation
from currency_app.identify import Identified
from tests.support.observations import CENTRED, box, nothing, seen
from training.dataset.manifest import LabelledImage
from training.measuring.photographs import IdentifiedImage
from training.measuring.report import groups
from training.measuring.report.cases import Case, by_source, notes, without_unreadable
from training.measuring.report.measures import (
    at_threshold,
    bootstrap,
    calibration_error,
    confusion,
    own_operating_point,
    reliability,
    risk_coverage,
)
from training.measuring.report.mistakes import worst

SIZE = (200, 100)


def case(
    name: str = "usd_20_front",
    observation: Observation | None = None,
    *,
    spoken: bool = False,
    path: str = "a.png",
    source: str = "me",
    split: str = "test",
    polygon: npt.NDArray[np.float32] | None = None,
    hidden: float | None = None,
    series: str = "",
) -> Case:
    kind = "photo" if name.startswith("usd") else "background"
    image = LabelledImage(Path(path), kind, source, name, split, polygon, "single", series)
    return Case(IdentifiedImage(image, Identified(observation or twenty(), spoken, None), SIZE), "usd", hidden)


def twenty(
    chance: float = 0.99,
    corners: npt.NDArray[np.float32] = CENTRED,
    light: float = 120.0,
    sharpness: float = 500.0,
) -> Observation:
    return seen(0, {20: chance}, corners=corners, light=light, sharpness=sharpness)


def named(kind: groups.Breakdown, one: Case) -> str:
    """The one group that a case falls into."""
    return next(group.name for group in kind.groups([one]) if group.n)


def turned(degrees: float) -> npt.NDArray[np.float32]:
    """Corners in pixels of a note turned clockwise about the picture's middle."""
    angle = math.radians(degrees)
    note = np.array([[-30, -12], [30, -12], [30, 12], [-30, 12]], np.float64)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return (note @ turn + [100, 50]).astype(np.float32)


# Intervals


def test_the_bootstrap_is_the_same_each_time_and_holds_the_mean() -> None:
    values = [1.0] * 70 + [0.0] * 30
    low, high = bootstrap(values)
    assert (low, high) == bootstrap(values)
    # The normal interval of 70 of 100 is 0.61 to 0.79.
    assert (low, high) == pytest.approx((0.61, 0.79), abs=0.02)


def test_the_bootstrap_of_one_image_or_of_equal_ones_is_their_value() -> None:
    assert bootstrap([0.4]) == pytest.approx((0.4, 0.4))
    assert bootstrap([True] * 9) == (1.0, 1.0)


# Thresholds


def mixed() -> list[Case]:
    return [
        case(observation=twenty(0.99), spoken=True),
        case(observation=twenty(0.9)),
        case("usd_5_front", twenty(0.8)),
        case(observation=twenty(0.7)),
        case(observation=nothing(0)),
        case("background", twenty(0.95), spoken=True),
        case("background", nothing(0)),
    ]


def test_risk_against_coverage_of_answers_made_by_hand() -> None:
    points = risk_coverage(mixed())
    assert [point.spoken for point in points] == [1, 2, 3, 4, 5]
    assert [point.wrong for point in points] == [0, 1, 1, 2, 2]
    assert [point.coverage for point in points] == pytest.approx([0.2, 0.2, 0.4, 0.6, 0.8])
    assert [point.risk for point in points] == pytest.approx([0, 1 / 2, 1 / 3, 1 / 2, 2 / 5])
    assert points[0].threshold == pytest.approx(0.99)
    assert points[-1].threshold == pytest.approx(0.7)


def test_coverage_grows_as_the_threshold_falls() -> None:
    rng = np.random.default_rng(5)
    names = ("usd_20_front", "usd_5_front", "background")
    cases = [case(names[rng.integers(3)], twenty(float(rng.uniform(0.5, 1)))) for _ in range(80)]
    points = risk_coverage(cases)
    assert all(a.threshold > b.threshold for a, b in itertools.pairwise(points))
    assert all(a.coverage <= b.coverage for a, b in itertools.pairwise(points))
    assert points[-1].coverage == 1.0


def test_equal_confidences_are_given_together() -> None:
    points = risk_coverage([case(observation=twenty(0.9)), case("usd_5_front", twenty(0.9))])
    assert [(point.spoken, point.wrong, point.coverage) for point in points] == [(2, 1, 1.0)]


def test_without_a_note_there_is_no_curve() -> None:
    assert risk_coverage([case("background", twenty())]) == []
    assert own_operating_point([case("background", twenty())]) is None
    assert at_threshold([], 0.5).spoken == 0


def test_a_threshold_lets_through_what_is_as_sure_or_surer() -> None:
    points = risk_coverage(mixed())
    assert at_threshold(points, points[1].threshold).spoken == 2
    assert at_threshold(points, 0.85).spoken == 3
    assert at_threshold(points, 0.0).spoken == 5
    assert at_threshold(points, 0.999).coverage == 0


def test_where_the_bundle_works_is_what_would_be_said() -> None:
    own = own_operating_point(mixed())
    assert own is not None
    assert (own.spoken, own.wrong, own.risk) == (2, 1, 0.5)
    assert own.coverage == pytest.approx(0.2)
    silent = own_operating_point([case()])
    assert silent is not None
    assert (silent.spoken, silent.coverage, silent.risk) == (0, 0.0, 0.0)


# Calibration


@pytest.mark.parametrize(
    ("confidences", "right", "error"),
    [
        ([1.0] * 10, [True] * 10, 0.0),
        ([1.0] * 10, [False] * 10, 1.0),
        ([0.5] * 10, [True] * 5 + [False] * 5, 0.0),
        ([0.9] * 10, [True] * 6 + [False] * 4, 0.3),
        ([0.9] * 5 + [0.1] * 5, [True] * 5 + [True] + [False] * 4, (0.1 + 0.1) / 2),
        ([0.62, 0.66], [True, False], 0.14),
        ([0.0], [False], 0.0),
        ([], [], 0.0),
    ],
)
def test_calibration_errors_that_are_known(confidences: list[float], right: list[bool], error: float) -> None:
    assert calibration_error(reliability(confidences, right)) == pytest.approx(error)


def test_bins_are_equally_wide_and_hold_every_answer_once() -> None:
    confidences = [0.0, 1 / 15, 0.0667, 0.5, 14 / 15, 0.95, 1.0]
    bins = reliability(confidences, [True] * len(confidences))
    assert len(bins) == 15
    assert [one.high - one.low for one in bins] == pytest.approx([1 / 15] * 15)
    assert sum(one.n for one in bins) == len(confidences)
    assert [bins[0].n, bins[1].n, bins[7].n, bins[13].n, bins[14].n] == [2, 1, 1, 1, 2]


# Confusions and mistakes


def test_confusions_are_counted_by_true_value_and_value_read() -> None:
    items = [
        case(),
        case(),
        case("usd_5_front"),
        case(observation=nothing(0)),
        case("background"),
        case("toy", nothing(0)),
    ]
    assert confusion(items, [5, 20, None]).tolist() == [[0, 1, 0], [0, 2, 1], [0, 1, 1]]


def test_the_worst_answers_come_first() -> None:
    items = [
        case(path="right.png", spoken=True),
        case(path="unsure.png", observation=twenty(0.6)),
        case(path="less-unsure.png", observation=twenty(0.8)),
        case(path="missed.png", observation=nothing(0)),
        case("usd_5_front", twenty(0.7), path="wrong.png"),
        case("background", twenty(0.97), path="room.png", spoken=True),
        case("background", nothing(0), path="empty.png"),
    ]
    ordered = [item.identified.image.path.name for item in worst(items)]
    assert ordered == ["room.png", "wrong.png", "missed.png", "unsure.png", "less-unsure.png"]
    assert len(worst(items, 2)) == 2


# What a case is


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


# Groups


def pixels(share: float) -> npt.NDArray[np.float32]:
    """Corners in pixels of a note that covers this share of the picture."""
    return np.asarray(box(0, 0, share, 1) * SIZE, np.float32)


@pytest.mark.parametrize(
    ("share", "name"),
    [(0.05, "under 1/12"), (0.1, "1/12 to 1/6"), (0.3, "1/6 to 1/3"), (0.5, "over 1/3"), (3.0, "over 1/3")],
)
def test_sizes(share: float, name: str) -> None:
    assert named(groups.by_size(), case(polygon=pixels(share))) == name


def test_only_what_is_in_the_frame_counts_as_size() -> None:
    polygon = np.asarray((box(0, 0, 0.2, 1) - [0.1, 0.0]) * SIZE, np.float32)
    assert case(polygon=polygon).share == pytest.approx(0.1, abs=1e-4)


def test_without_a_label_the_corners_found_tell_size_and_rotation() -> None:
    assert case(observation=twenty(corners=box(0, 0, 0.1, 1))).share == pytest.approx(0.1)
    assert named(groups.by_rotation(), case(observation=twenty(corners=np.roll(CENTRED, 2, axis=0)))) == (
        "180° (upside down)"
    )
    missed = case(observation=nothing(0))
    assert (missed.share, missed.angle) == (None, None)
    assert named(groups.by_size(), missed) == named(groups.by_rotation(), missed) == groups.NOT_KNOWN


def test_corners_that_are_folded_over_still_have_a_size() -> None:
    folded = box(0.2, 0.2, 0.8, 0.8)[[0, 2, 1, 3]]
    share = case(observation=twenty(corners=folded)).share
    assert share is not None
    assert 0 <= share <= 1


@pytest.mark.parametrize(
    ("degrees", "name"),
    [
        (0, "0° (upright)"),
        (22, "0° (upright)"),
        (-22, "0° (upright)"),
        (24, "45°"),
        (90, "90°"),
        (179, "180° (upside down)"),
        (-179, "180° (upside down)"),
        (-90, "270°"),
        (-45, "315°"),
    ],
)
def test_rotations(degrees: float, name: str) -> None:
    one = case(polygon=turned(degrees))
    assert one.angle == pytest.approx(degrees, abs=0.01)
    assert named(groups.by_rotation(), one) == name


@pytest.mark.parametrize(
    ("light", "name"), [(39, "under 40"), (40, "40 to 80"), (200, "160 to 230"), (240, "over 230")]
)
def test_lights(light: float, name: str) -> None:
    assert named(groups.by_light(), case(observation=twenty(light=light))) == name


@pytest.mark.parametrize(("sharp", "name"), [(0, "under 0.5"), (0.5, "0.5 to 1.65"), (4, "3 to 5"), (9e5, "over 5")])
def test_blurs(sharp: float, name: str) -> None:
    assert named(groups.by_blur(), case(observation=twenty(sharpness=sharp))) == name


@pytest.mark.parametrize(
    ("hidden", "name"),
    [
        (None, groups.NOT_KNOWN),
        (0.0, "nothing"),
        (0.05, "up to 10 %"),
        (0.1, "10 to 25 %"),
        (0.25, "25 to 40 %"),
        (0.4, "25 to 40 %"),
    ],
)
def test_covers(hidden: float | None, name: str) -> None:
    assert named(groups.by_cover(), case(hidden=hidden)) == name


def test_faces_sides_and_designs() -> None:
    items = [case(series="new"), case("usd_20_back"), case("usd_5_front"), case("usd_500_front"), case("usd_7")]
    faces = groups.by_class(["usd_5_front", "usd_20_front", "usd_20_back", "usd_50_front"]).groups(items)
    assert {group.name: (group.n, group.right) for group in faces} == {
        "usd_5_front": (1, 0),
        "usd_20_front": (1, 1),
        "usd_20_back": (1, 1),
        "usd_50_front": (0, 0),
        "usd_500_front": (1, 0),
        "usd_7": (1, 0),
    }
    sides = {group.name: (group.n, group.right, group.side_right) for group in groups.by_side().groups(items)}
    assert sides == {"front": (3, 1, 1), "back": (1, 1, 0), groups.NOT_KNOWN: (1, 0, 0)}
    assert {group.name: group.n for group in groups.by_design().groups(items)} == {"new": 1, "not told": 4}


def remarks(right: int, wrong: int) -> Sequence[str]:
    items = [case() for _ in range(right)] + [case("usd_20_front", nothing(0)) for _ in range(wrong)]
    return [group.remark for group in groups.by_class(["usd_20_front"]).groups(items)]


def test_weak_and_rare_groups_are_flagged() -> None:
    assert remarks(9, 1) == [""]
    assert remarks(17, 3) == ["under 90 %"]
    assert remarks(9, 0) == ["fewer than 10"]
    assert remarks(0, 0) == ["fewer than 10"]
