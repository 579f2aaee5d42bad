"""Play money is counted by itself, with the values that would be spoken."""

from __future__ import annotations

from pathlib import Path

import pytest

from currency_app.identify import Identified
from tests.support.observations import nothing, seen
from training.dataset.manifest import LabelledImage
from training.measuring.identified import IdentifiedImage
from training.measuring.photographs import figures
from training.measuring.play_money import PlayMoneyFigures, play_money, play_money_figures


def image(name: str = "play_money", split: str = "train", path: str = "a.png", source: str = "toys") -> LabelledImage:
    return LabelledImage(Path(path), "other_currency", source, name, split, None, "")


def item(value: int | None, *, spoken: bool, split: str = "train", name: str = "play_money") -> IdentifiedImage:
    observation = nothing(0) if value is None else seen(0, {value: 0.99})
    return IdentifiedImage(image(name, split), Identified(observation, spoken, None), (200, 100))


ITEMS = [
    item(100, spoken=True),
    item(1, spoken=True),
    item(100, spoken=True),
    item(5, spoken=False),
    item(None, spoken=False, split="test"),
]


def test_all_of_it_is_measured_whatever_its_split() -> None:
    toys = [image(path="a.png"), image(path="a.png"), image(path="b.png", split="test")]
    assert play_money([image("eur_5_front"), *toys, image("background")]) == [toys[0], toys[2]]


def test_values_that_would_be_spoken_are_counted() -> None:
    assert play_money_figures([*ITEMS, item(5, spoken=True, name="eur_5_front")]) == {
        "test toys": PlayMoneyFigures(1, {}),
        "train toys": PlayMoneyFigures(4, {1: 1, 100: 2}),
    }


@pytest.mark.parametrize(
    ("spoken", "words"), [({}, "0"), ({100: 2}, "2, as 100 (2)"), ({1: 1, 100: 2}, "3, as 1 (1), 100 (2)")]
)
def test_what_is_spoken_in_words(spoken: dict[int, int], words: str) -> None:
    assert PlayMoneyFigures(4, spoken).in_words() == words


def test_it_has_lines_of_its_own_and_is_in_no_other() -> None:
    found = figures(ITEMS, "usd")
    assert (found.empty, found.notes) == ({}, {})
    assert found.as_json()["play_money"]["train toys"] == {"n": 4, "given": 3, "given_as": {"1": 1, "100": 2}}
    assert found.as_text().splitlines()[-1].split(maxsplit=3)[2:] == ["4", "3, as 1 (1), 100 (2)"]
    assert "play_money" not in figures([], "usd").as_json()
