"""The figures of the shipped bundle: of this very model, right on photographs, no worse than those it must keep.

`tests/models/metrics/usd.json` holds the figures of the last accepted model, as `currency-train evaluate --record`
writes them. A retrained one may fall short of them by chance, within their 95 % intervals, but not beyond.

All tests that ask for `dollar_figures` stand in this file, because each process would measure them anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from currency_app.recognition.bundle import find_bundle, load_bundle, load_bundles, sha256_of
from tests.support.shipped import dollar_figures
from training.dataset.manifest import read_data
from training.measuring.identified import wilson
from training.measuring.multi_currency import measure_multi_currency

METRICS = json.loads((Path(__file__).parent / "metrics" / "usd.json").read_text(encoding="utf-8"))
BUNDLE = load_bundle(find_bundle("usd"))
MEASURED: dict[str, Any] = dict(BUNDLE.raw["measured"])
MAX_IOU_LOST = 0.03


def test_the_figures_were_measured_of_this_model() -> None:
    assert MEASURED["model"] == sha256_of(BUNDLE.model), "measure it: currency-train evaluate --record"


def test_every_source_is_still_measured() -> None:
    assert set(MEASURED["notes"]) == set(METRICS["notes"])
    assert set(MEASURED["without_note"]) == set(METRICS["without_note"])


@pytest.mark.parametrize("source", METRICS["notes"])
def test_a_source_is_read_no_worse(source: str) -> None:
    was, now = METRICS["notes"][source], MEASURED["notes"][source]
    assert now["n"] == was["n"]
    assert now["right"] / now["n"] >= wilson(was["right"], was["n"])[0]
    assert now["given"] / now["n"] >= wilson(was["given"], was["n"])[0]
    if was["mean_iou"] is not None:
        assert now["mean_iou"] >= was["mean_iou"] - MAX_IOU_LOST


def test_no_more_wrong_values_are_spoken_than_one_in_250() -> None:
    sources = [figures for name, figures in MEASURED["notes"].items() if not name.endswith("readable")]
    assert sum(f["wrong_given"] for f in sources) * 250 <= max(sum(f["given"] for f in sources), 250)


def test_no_value_is_spoken_without_a_note() -> None:
    empty = MEASURED["without_note"]
    assert sum(figures["given"] for name, figures in empty.items() if name.endswith("background")) == 0
    others = [figures for name, figures in empty.items() if name.endswith("other_currency")]
    before = sum(f["given"] for name, f in METRICS["without_note"].items() if name.endswith("other_currency"))
    n = sum(f["n"] for f in others)
    assert sum(f["given"] for f in others) <= wilson(before, n)[1] * n


@pytest.mark.slow
def test_the_figures_are_those_that_anyone_measures(data_dir: Path) -> None:
    """Within an image: another processor may round a probability at a threshold otherwise."""
    again = dollar_figures(data_dir).as_json()
    for source, figures in MEASURED["notes"].items():
        for name in ("right", "given", "wrong_given"):
            assert abs(again["notes"][source][name] - figures[name]) <= 1, (source, name)
    for source, figures in MEASURED["without_note"].items():
        assert abs(again["without_note"][source]["given"] - figures["given"]) <= 1, source


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "n", "max_wrong"),
    [("test zelects photo", 42, 3), ("test_web bluebird photo", 82, 6)],
)
def test_values_read_on_photographs(data_dir: Path, source: str, n: int, max_wrong: int) -> None:
    measured = dollar_figures(data_dir).notes[source]
    assert measured.n == n
    assert measured.n - measured.right <= max_wrong


@pytest.mark.slow
def test_wrong_values_spoken_on_photographs(data_dir: Path) -> None:
    figures = dollar_figures(data_dir)
    sources = [measured for name, measured in figures.notes.items() if not name.endswith("readable")]
    assert sum(measured.wrong for measured in sources) <= 1
    assert sum(measured.spoken for measured in sources) > sum(measured.n for measured in sources) / 2


@pytest.mark.slow
def test_nothing_is_spoken_on_photographs_without_a_note(data_dir: Path) -> None:
    spoken = {name: measured.spoken for name, measured in dollar_figures(data_dir).empty.items()}
    assert sum(spoken[name] for name in spoken if name.endswith("background")) == 0
    assert sum(spoken.values()) <= 2  # of 97 images of other currencies


@pytest.mark.slow
def test_dollars_are_read_beside_euros_as_without_them(data_dir: Path) -> None:
    # Rooms without a note are read by each bundle alone: two bundles cost twice as much.
    images = [image for image in read_data(data_dir) if image.kind != "background"]
    both = measure_multi_currency(load_bundles("usd,eur"), data_dir, images, ["test"], lambda items: items)
    alone = dollar_figures(data_dir)
    for source in ("test aashir photo, readable", "test zelects photo"):
        assert both.notes[source].spoken >= alone.notes[source].spoken - 5
        assert both.notes[source].wrong == alone.notes[source].wrong
    assert sum(figures.spoken for figures in both.empty.values()) <= 2
