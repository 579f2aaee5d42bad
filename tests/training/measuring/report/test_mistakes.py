"""The worst answers of a bundle, in the order in which the page shows them."""

from __future__ import annotations

from tests.support.observations import nothing
from tests.support.report_cases import case, twenty
from training.measuring.report.mistakes import worst


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
