"""The report's figures: intervals, curves, calibration and confusions, on answers made by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tests.support.observations import nothing
from tests.support.report_cases import case, twenty
from training.measuring.report.cases import Case
from training.measuring.report.measures import (
    at_threshold,
    bootstrap,
    calibration_error,
    confusion,
    own_operating_point,
    reliability,
    risk_coverage,
)


def test_the_bootstrap_is_the_same_each_time_and_holds_the_mean() -> None:
    values = [1.0] * 70 + [0.0] * 30
    low, high = bootstrap(values)
    assert (low, high) == bootstrap(values)
    # The normal interval of 70 of 100 is 0.61 to 0.79.
    assert (low, high) == pytest.approx((0.61, 0.79), abs=0.02)


def test_the_bootstrap_of_one_image_or_of_equal_ones_is_their_value() -> None:
    assert bootstrap([0.4]) == pytest.approx((0.4, 0.4))
    assert bootstrap([True] * 9) == (1.0, 1.0)


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
