"""A bundle with a network for numerals: how it is read and refused, and what it does to stills and films."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from currency_app.arrays import Image
from currency_app.errors import BundleError
from currency_app.events import Observation
from currency_app.identify import identify
from currency_app.recognition.bundle import load_bundle, sha256_of
from currency_app.recognition.recognizer import Recognizer
from currency_app.testing import FakeNetwork, FakeNumerals
from currency_app.tracking.tracker import Tracker
from tests.recognition.numerals.test_reading_numerals import FIVE, NOTE, NOTHING, RULE, TWENTY, note_picture
from tests.recognition.test_bundle import good, write
from tests.support.observations import bundle_of
from tests.support.played_network import film, place

BUNDLE = replace(bundle_of((5, 20), size=(96, 96)), numerals=RULE)
SURE_OF_FIVE = [0.998, 0.0, 0.0, 0.0, 0.002]


def numerals_entry(folder: Path, **changes: Any) -> dict[str, Any]:
    file = folder / "numerals.tflite"
    file.write_bytes(b"reads numerals")
    entry: dict[str, Any] = {
        "model": {"file": file.name, "sha256": sha256_of(file), "precision": "fp16"},
        "values": [5, 20],
        "priors": [0.2, 0.2, 0.3, 0.3],
        "margin": 0.025,
        "width": 280,
        "height": 119,
        "crop_width": 64,
        "crop_height": 48,
        "least_support": 0.1,
    }
    return entry | changes


def test_a_bundle_says_how_numerals_are_read(tmp_path: Path) -> None:
    rule = load_bundle(write(tmp_path, good() | {"numerals": numerals_entry(tmp_path)})).numerals
    assert rule is not None
    assert (rule.model.name, rule.values, rule.width, rule.min_support) == ("numerals.tflite", (5, 20), 280, 0.1)


def test_a_bundle_without_reads_none(tmp_path: Path) -> None:
    assert load_bundle(write(tmp_path, good())).numerals is None


@pytest.mark.parametrize(
    "changes",
    [
        {"priors": [0.5, 0.5]},
        {"priors": [0.0, 0.2, 0.4, 0.4]},
        {"crop_width": 281},
        {"height": 10**6},
        {"least_support": 2},
        {"values": None},
        {"model": {"file": "numerals.tflite", "sha256": "0" * 64}},
        {"model": {"file": "model.tflite"}},
    ],
)
def test_a_damaged_entry_is_refused_in_a_sentence(tmp_path: Path, changes: dict[str, Any]) -> None:
    folder = write(tmp_path, good() | {"numerals": numerals_entry(tmp_path, **changes)})
    with pytest.raises(BundleError, match=r"install the model bundle again\.$"):
        load_bundle(folder)


def recognizer(
    shown: list[float], check: bool = True, looks: Sequence[float] = SURE_OF_FIVE
) -> tuple[Recognizer, FakeNumerals]:
    network: Any = FakeNetwork(repeat((looks, place(NOTE))))
    numerals = FakeNumerals(shown)
    return (
        Recognizer(BUNDLE, network=network, others=False, search=False, check_numerals=check, numerals=numerals),
        numerals,
    )


@pytest.mark.parametrize(("shown", "spoken"), [(FIVE, True), (NOTHING, True), (TWENTY, False)])
def test_a_still_is_spoken_unless_its_numerals_are_another_values(shown: list[float], spoken: bool) -> None:
    found = identify(recognizer(shown)[0], note_picture())
    assert (found.observation.value, found.spoken, found.observation.refused) == (5, spoken, not spoken)


def test_without_numerals_a_value_must_be_surer_than_with_them() -> None:
    """A tenth of the doubt that a sure value may have: the bundle is sure from 0.95 on."""
    for shown, certainty, spoken in ((FIVE, 0.98, True), (NOTHING, 0.98, False), (NOTHING, 0.996, True)):
        read, _ = recognizer(shown, looks=[certainty, 0.0, 0.0, 0.0, 1 - certainty])
        assert identify(read, note_picture()).spoken is spoken


def test_numerals_can_be_left_unread() -> None:
    reader, numerals = recognizer(TWENTY, check=False)
    assert identify(reader, note_picture()).spoken
    assert numerals.asked == 0


def announced(observations: list[Observation]) -> list[str]:
    tracker = Tracker(BUNDLE)
    return [type(event).__name__ for seen in observations for event in tracker.update(seen)]


def frames(count: int) -> list[Image]:
    return [note_picture() for _ in range(count)]


def test_a_note_of_a_film_is_announced_after_one_look_at_its_numerals() -> None:
    reader, numerals = recognizer(FIVE)
    assert announced(film(reader, *frames(30))) == ["Sighting"]
    assert numerals.asked == 1


def test_a_note_with_other_numerals_is_neither_announced_nor_doubted() -> None:
    reader, numerals = recognizer(TWENTY)
    seen = film(reader, *frames(60))
    assert all(one.refused for one in seen if one.looked)
    assert announced(seen) == []
    assert 2 <= numerals.asked < 20


def test_the_next_note_of_a_film_is_checked_anew() -> None:
    nothing = [0.0, 0.0, 0.0, 0.0, 1.0]
    shown, gone = (SURE_OF_FIVE, place(NOTE)), (nothing, place(NOTE, 0.0))
    network: Any = FakeNetwork(chain([shown] * 8, [gone] * 30, repeat(shown)))
    numerals = FakeNumerals(FIVE)
    reader = Recognizer(BUNDLE, network=network, others=False, search=False, numerals=numerals)
    moving = [np.roll(note_picture(), 40 * index, axis=1) for index in range(60)]
    film(reader, *moving)
    assert numerals.asked == 2
