"""The figures of the shipped bundle: measured of this very model, and not worse than those it must keep.

`tests/models/metrics/usd.json` holds the figures of the last accepted model, as `currency-train evaluate --record`
writes them. A retrained one may fall short of them by chance, within their 95 % intervals, but not beyond.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from currency_app.recognition.bundle import find_bundle, load_bundle, sha256_of
from tests.support.shipped import dollar_figures
from training.measuring.identified import wilson

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
