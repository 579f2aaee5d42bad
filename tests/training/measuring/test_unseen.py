"""What is said of designs that were left out: right, doubtful, refused, or wrong and sure."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from currency_app.identify import Identified
from tests.support.observations import BUNDLE, nothing, seen
from training.dataset.manifest import LabelledImage
from training.measuring.identified import IdentifiedImage, wilson
from training.measuring.unseen import UnseenAnswer, UnseenAtCoverage, UnseenFigures, answers_of, outcome_of

ANSWER = UnseenAnswer(
    1, True, "a.png", "train", "me", "photo", "usd_20_front", "old", True, 20, 20, 0.99, "right"
)  # fmt: skip


def item(value: int | None, chance: float = 0.99, *, spoken: bool, name: str = "usd_20_front") -> IdentifiedImage:
    image = LabelledImage(Path("a.png"), "photo", "me", name, "train", None, "single", "old")
    observation = nothing(0) if value is None else seen(0, {value: chance})
    return IdentifiedImage(image, Identified(observation, spoken, None), (200, 100))


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (item(20, spoken=True), "right"),
        (item(5, spoken=True), "wrong"),
        (item(20, BUNDLE.maybe + 0.01, spoken=False), "doubtful"),
        (item(5, 0.99, spoken=False), "doubtful"),
        (item(20, BUNDLE.maybe - 0.01, spoken=False), "refused"),
        (item(None, spoken=False), "refused"),
    ],
)
def test_what_can_be_said_of_a_note(found: IdentifiedImage, outcome: str) -> None:
    assert outcome_of(found, BUNDLE) == outcome


def test_an_answer_keeps_what_it_was_about() -> None:
    (answer,) = answers_of(2, [(item(5, spoken=True), "x/a.png", True, False)], BUNDLE)
    assert answer == UnseenAnswer(
        2, True, "x/a.png", "train", "me", "photo", "usd_20_front", "old", False, 20, 5, answer.confidence, "wrong"
    )  # fmt: skip
    assert 0.9 < answer.confidence < 1


def test_images_without_a_note_are_no_answers() -> None:
    assert answers_of(1, [(item(5, spoken=True, name="background"), "a", False, True)], BUNDLE) == []


@pytest.fixture
def figures() -> UnseenFigures:
    answers = [
        *[ANSWER] * 3,
        replace(ANSWER, outcome="wrong", value=5),
        replace(ANSWER, outcome="refused", readable=False),
        replace(ANSWER, outcome="doubtful", true_value=5, design="new, shiny"),
        *[replace(ANSWER, unseen=False, split="val")] * 4,
        replace(ANSWER, unseen=False, split="test", outcome="refused"),
        replace(ANSWER, unseen=False, split="test", outcome="wrong", readable=False),
    ]
    return UnseenFigures(tuple(answers), ("20 old", "5 new, shiny"))


def test_each_design_has_a_line_and_all_have_one(figures: UnseenFigures) -> None:
    lines = figures.unseen_lines()
    assert [line.name for line in lines] == ["5 new, shiny", "20 old", "all unseen designs"]
    assert [(line.n, line.right, line.doubtful, line.refused, line.wrong) for line in lines] == [
        (1, 0, 1, 0, 0),
        (5, 3, 0, 1, 1),
        (6, 3, 1, 1, 1),
    ]
    assert lines[1].interval == wilson(1, 5)


def test_known_designs_are_counted_by_split_without_what_nobody_can_read(figures: UnseenFigures) -> None:
    lines = {line.name: (line.n, line.right, line.refused, line.wrong) for line in figures.known_lines()}
    assert lines == {"known designs, test": (1, 0, 1, 0), "known designs, val": (4, 4, 0, 0)}


def test_programs_get_the_same_numbers(figures: UnseenFigures) -> None:
    found = figures.as_json()
    assert found["rounds"] == ["20 old", "5 new, shiny"]
    assert found["unseen"]["20 old"] == {
        "n": 5, "right": 3, "doubtful": 0, "refused": 1, "wrong": 1, "wrong_share": 0.2,
        "wrong_interval": [round(bound, 4) for bound in wilson(1, 5)], "wrong_as": {"5": 1},
    }  # fmt: skip
    assert found["known"]["known designs, val"]["n"] == 4


def test_people_get_a_line_for_each(figures: UnseenFigures) -> None:
    lines = figures.as_text().splitlines()
    assert lines[0] == "network 1 has not learnt: 20 old"
    (old,) = (line for line in lines if line.startswith("20 old"))
    assert old.split()[2:8] == ["5", "3", "0", "1", "1", "20.0%"]
    assert old.endswith("%  as 5 (1)")
    wide = len(lines[3])
    assert all(len(line.partition("  as ")[0]) == wide for line in lines[3:] if not line.endswith(":"))


def test_nothing_measured_is_no_division_by_zero() -> None:
    assert UnseenFigures((), ()).as_json()["unseen"]["all unseen designs"]["n"] == 0
    assert "all unseen designs" in UnseenFigures((), ()).as_text()


def test_every_answer_is_kept(figures: UnseenFigures) -> None:
    rows = list(csv.DictReader(io.StringIO(figures.as_csv())))
    assert len(rows) == len(figures.answers)
    assert rows[3] | {"value": "5", "outcome": "wrong", "true_value": "20", "unseen": "True"} == rows[3]
    assert rows[5]["design"] == "new, shiny"


def at(confidence: float, value: int | None = 20, *, unseen: bool = True, number: int = 1) -> UnseenAnswer:
    return replace(ANSWER, confidence=confidence, value=value, unseen=unseen, round=number)


def test_networks_are_compared_where_they_give_as_many_known_notes_a_value() -> None:
    """Each has a threshold of its own: the second is as good as the first, and less sure of everything."""
    answers = [
        *(at(chance, unseen=False) for chance in (0.99, 0.98, 0.97, 0.5)),
        *(at(chance, 5) for chance in (0.985, 0.96)),
        at(0.975),
        *(at(chance / 2, unseen=False, number=2) for chance in (0.99, 0.98, 0.97, 0.5)),
        at(0.98 / 2, 5, number=2),
        at(0.9, None, number=2),
    ]
    figures = UnseenFigures(tuple(answers), ("20 old", "20 new"))
    assert figures.at_coverage(0.5) == UnseenAtCoverage(0.5, 5, 0, 2)
    assert figures.at_coverage(0.75) == UnseenAtCoverage(0.75, 5, 1, 2)
    assert figures.at_coverage(1.0) == UnseenAtCoverage(1.0, 5, 1, 3)
    assert [point["known_given"] for point in figures.as_json()["at_coverage"]] == [0.8, 0.9, 0.95, 0.98]
    assert sum(line.endswith("%") for line in figures.as_text().splitlines()[-4:]) == 4


def test_a_network_that_sees_no_note_cannot_be_compared_there() -> None:
    figures = UnseenFigures((at(0.9, unseen=False), at(0.9, None, unseen=False), at(0.8)), ("20 old",))
    assert figures.at_coverage(0.5) == UnseenAtCoverage(0.5, 1, 0, 0)
    assert figures.at_coverage(0.95) is None
    assert figures.as_json()["at_coverage"] == []
    assert UnseenFigures((), ()).at_coverage(0.5) is None
