"""The report's parts on designs and play money."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.report_cases import case
from tests.support.report_page import ReportData, headings, rows
from training.dataset.designs import Design, DesignList
from training.export.bundle import describe
from training.measuring.report.designs import by_design

LISTED = DesignList(Path("usd.toml"), (Design("old", (5, 20)), Design("new", (5, 20))))
COUNTS = [
    {"value": 20, "side": "front", "design": "1996 big head", "images": 13, "sources": 2},
    {"value": 20, "side": "front", "design": None, "images": 4, "sources": 1},
    {"value": 5, "side": "back", "design": "pre-1996 small head", "images": 2, "sources": 1},
]


def test_notes_are_divided_by_value_and_then_the_oldest_design_first() -> None:
    items = [case(series="new"), case(), case("usd_5_front", series="new"), case(series="old"), case("background")]
    kind = by_design(items, LISTED)
    assert [(group.name, group.n) for group in kind.groups(items[:-1])] == [
        ("5 new", 1),
        ("20 old", 1),
        ("20 new", 1),
        ("20 not named", 1),
    ]


def test_the_page_tells_what_the_bundle_has_learnt(filled: ReportData, bundle: Path, tmp_path: Path) -> None:
    taught = shutil.copytree(bundle, tmp_path / "taught")
    describe(taught, designs=COUNTS)
    _, text = filled.report(taught, made_up=0)
    learnt = rows(text, "Training images by face and design, and after a slash their sources")
    assert learnt == {"20 front": ["-", "13 / 2", "-", "-", "4 / 1"], "5 back": ["2 / 1", "-", "-", "-", "-"]}
    assert "5 pre-1996 small head (2 images)" in text
    assert "20 1996 big head (" not in text


def test_an_older_bundle_does_not_say_it(filled: ReportData, bundle: Path) -> None:
    _, text = filled.report(bundle, made_up=0)
    assert "The bundle does not say it" in text


def test_play_money_stands_by_itself(data: ReportData, bundle: Path) -> None:
    data.note(20, "usd_20_front")
    data.note(50, "play_money", kind="other_currency")
    data.note(None, "play_money", kind="other_currency")
    summary, text = data.report(bundle)
    assert rows(text, "Play money by split and source") == {"test painted": ["2", "1, as 50 (1)"]}
    assert "No image is without a note" in text
    assert summary.figures.as_json()["play_money"]["test painted"]["given_as"] == {"50": 1}


def test_without_play_money_nothing_is_said_of_it(data: ReportData, bundle: Path) -> None:
    data.note(20, "usd_20_front")
    _, text = data.report(bundle)
    assert "Play money" not in headings(text, 2)
