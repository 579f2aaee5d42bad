"""Groups of notes by size, rotation, light, blur, cover, face, side and design, and the remarks on them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from tests.support.observations import CENTRED, box, nothing
from tests.support.report_cases import SIZE, case, twenty
from training.measuring.report import groups
from training.measuring.report.cases import Case


def named(kind: groups.Breakdown, one: Case) -> str:
    """The one group that a case falls into."""
    return next(group.name for group in kind.groups([one]) if group.n)


def turned(degrees: float) -> npt.NDArray[np.float32]:
    """Corners in pixels of a note turned clockwise about the picture's middle."""
    angle = math.radians(degrees)
    note = np.array([[-30, -12], [30, -12], [30, 12], [-30, 12]], np.float64)
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    return (note @ turn + [100, 50]).astype(np.float32)


def pixels(share: float) -> npt.NDArray[np.float32]:
    """Corners in pixels of a note that covers this share of the picture."""
    return np.asarray(box(0, 0, share, 1) * SIZE, np.float32)


@pytest.mark.parametrize(
    ("share", "name"),
    [(0.05, "under 1/12"), (0.1, "1/12 to 1/6"), (0.3, "1/6 to 1/3"), (0.5, "over 1/3"), (3.0, "over 1/3")],
)
def test_sizes(share: float, name: str) -> None:
    assert named(groups.by_size(), case(polygon=pixels(share))) == name


def test_without_a_label_the_corners_found_tell_size_and_rotation() -> None:
    assert case(observation=twenty(corners=box(0, 0, 0.1, 1))).share == pytest.approx(0.1)
    assert named(groups.by_rotation(), case(observation=twenty(corners=np.roll(CENTRED, 2, axis=0)))) == (
        "180° (upside down)"
    )
    missed = case(observation=nothing(0))
    assert (missed.share, missed.angle) == (None, None)
    assert named(groups.by_size(), missed) == named(groups.by_rotation(), missed) == groups.NOT_KNOWN


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


def test_faces_and_sides() -> None:
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


def remarks(right: int, wrong: int) -> Sequence[str]:
    items = [case() for _ in range(right)] + [case("usd_20_front", nothing(0)) for _ in range(wrong)]
    return [group.remark for group in groups.by_class(["usd_20_front"]).groups(items)]


def test_weak_and_rare_groups_are_flagged() -> None:
    assert remarks(9, 1) == [""]
    assert remarks(17, 3) == ["under 90 %"]
    assert remarks(9, 0) == ["fewer than 10"]
    assert remarks(0, 0) == ["fewer than 10"]
