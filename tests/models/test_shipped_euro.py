"""The shipped euro bundle: what it reads, what it refuses, and what it does beside the dollar's."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from currency_app.demo.scene import DemoScene
from currency_app.recognition.bundle import find_bundle, load_bundle, sha256_of
from tests.support.commands import events_of
from tests.support.sources import CHECKOUT
from training.dataset.currency import relabel_for
from training.dataset.manifest import read_data
from training.measuring.photographs import Figures
from training.pipeline import measure

BY_EYE = CHECKOUT / "docs" / "euro_by_eye.csv"
BUNDLE = load_bundle(find_bundle("eur"))
FIRST_S = 16


def _everything(items: Any) -> Any:
    """Progress that is not shown."""
    return items


@lru_cache(maxsize=1)
def _refused(data: Path) -> Figures:
    """Of the images of other money and of none."""
    return measure(BUNDLE.folder, data, relabel_for(read_data(data), "eur"), ["test", "test_web"], _everything)


@lru_cache(maxsize=1)
def _by_eye(data: Path) -> Figures:
    return measure(BUNDLE.folder, data, relabel_for(read_data(data, BY_EYE), "eur"), ["test"], _everything)


def test_it_is_the_euro() -> None:
    assert BUNDLE.currency == "EUR"
    assert BUNDLE.values == (5, 10, 20, 50, 100, 200, 500)
    assert {label.side for label in BUNDLE.labels[:-1]} == {"front", "back"}
    assert BUNDLE.names == {"en": {"one": "euro", "other": "euros"}}
    assert 1.7 < BUNDLE.note_aspect < 2.0
    assert BUNDLE.locates
    assert BUNDLE.sure >= 0.95, "it was calibrated on a few photographs"


@pytest.mark.slow
def test_its_figures_were_measured_of_this_model(data_dir: Path) -> None:
    """Within an image: another processor may round a probability at a threshold otherwise."""
    measured = BUNDLE.raw["measured"]
    assert measured["model"] == sha256_of(BUNDLE.model)
    again = _by_eye(data_dir).as_json()
    assert set(measured["notes"]) == set(again["notes"])
    for source, figures in measured["notes"].items():
        for name in ("n", "right", "given", "wrong_given"):
            assert abs(again["notes"][source][name] - figures[name]) <= 1, (source, name)


@pytest.mark.slow
def test_designs_that_it_has_learnt_are_read(data_dir: Path) -> None:
    notes = _by_eye(data_dir).notes
    learnt = [figures for name, figures in notes.items() if "learnt designs" in name]
    assert sum(figures.right for figures in learnt) >= 0.8 * sum(figures.n for figures in learnt)
    assert sum(figures.wrong for figures in notes.values()) <= 1


@pytest.mark.slow
def test_it_says_little_of_other_money_and_nothing_of_rooms(data_dir: Path) -> None:
    empty = _refused(data_dir).empty
    dollars = [figures for name, figures in empty.items() if any(s in name for s in ("aashir", "zelects", "bluebird"))]
    assert sum(figures.n for figures in dollars) > 300
    assert sum(figures.spoken for figures in dollars) <= 8
    rooms = [figures for name, figures in empty.items() if "background" in name]
    assert sum(figures.spoken for figures in rooms) == 0


@pytest.mark.slow
def test_the_clip_is_twenty_dollars_twice_also_beside_it(data_dir: Path) -> None:
    clip = data_dir / "clips" / "webcam_twenty_twice.mp4"
    sightings = [
        e for e in events_of("run", "--currency", "usd,eur", "--source", str(clip)) if e["event"] == "sighting"
    ]
    assert [(event["currency"], event["value"]) for event in sightings] == [("USD", 20), ("USD", 20)]


@pytest.mark.slow
def test_the_demonstration_says_the_same_beside_it() -> None:
    """The first two notes of it, for two bundles take twice as long."""
    shown = [part for part in DemoScene(realtime=False).schedule if part.end_s < FIRST_S]
    events = events_of("demo", "--no-realtime", "--currency", "usd,eur", "--max-seconds", str(FIRST_S))
    sightings = [event for event in events if event["event"] == "sighting"]
    assert len(shown) > 1
    assert [(event["currency"], event["value"]) for event in sightings] == [("USD", part.value) for part in shown]
