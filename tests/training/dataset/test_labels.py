"""Class names become the network's outputs, in one order."""

from __future__ import annotations

import itertools

import pytest

from currency_app.errors import DataError
from training.dataset.labels import BACKGROUND, ordered_labels, parse_label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("usd_20_front", ("usd_20_front", 20, "front")),
        ("usd_100_back", ("usd_100_back", 100, "back")),
        ("usd_5", ("usd_5", 5, None)),
        ("eur_20_front", (BACKGROUND, None, None)),
        ("background", (BACKGROUND, None, None)),
        ("usd_20_top", (BACKGROUND, None, None)),
        ("usd_0_front", (BACKGROUND, None, None)),
        ("usd_020_front", (BACKGROUND, None, None)),
        ("usd_20_front_old", (BACKGROUND, None, None)),
        ("my_usd_20_front", (BACKGROUND, None, None)),
        ("USD_20_FRONT", (BACKGROUND, None, None)),
        ("", (BACKGROUND, None, None)),
    ],
)
def test_a_name_is_a_value_and_a_side_or_background(name: str, label: tuple[str, int | None, str | None]) -> None:
    parsed = parse_label(name, "usd")
    assert (parsed.name, parsed.value, parsed.side) == label


def test_labels_are_by_value_front_before_back_background_last() -> None:
    names = ["usd_100_back", "usd_5_front", "usd_20_back", "usd_5_back", "usd_50", "usd_20_front", "usd_100_front"]
    expected = [
        "usd_5_front",
        "usd_5_back",
        "usd_20_front",
        "usd_20_back",
        "usd_50",
        "usd_100_front",
        "usd_100_back",
        "background",
    ]
    for shuffled in itertools.islice(itertools.permutations(names), 0, None, 700):
        assert [label.name for label in ordered_labels(shuffled, "usd")] == expected


def test_each_label_is_there_once_and_other_money_is_background() -> None:
    names = ["usd_5_front", "eur_5_front", "usd_5_front", "background", "chair"]
    assert [label.name for label in ordered_labels(names, "usd")] == ["usd_5_front", "background"]
    assert [label.name for label in ordered_labels(names, "eur")] == ["eur_5_front", "background"]


@pytest.mark.parametrize("names", [[], ["background"], ["eur_5_front", "twenty"]])
def test_without_a_value_of_the_currency_there_is_nothing_to_learn(names: list[str]) -> None:
    with pytest.raises(DataError, match="name classes like usd_20_front"):
        ordered_labels(names, "usd")
