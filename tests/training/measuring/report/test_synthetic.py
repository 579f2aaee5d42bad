"""The report's made-up pictures: what the page says of them, what they need, that they never change."""

from __future__ import annotations

from pathlib import Path

from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from tests.support.drawn_data import write_manifest
from tests.support.report_page import ReportData, headings, rows
from training.dataset.manifest import read_data
from training.measuring.report.groups import by_cover
from training.measuring.report.synthetic import composites


def test_made_up_pictures_are_told_as_such(filled: ReportData, bundle: Path) -> None:
    _, text = filled.report(bundle, made_up=8)
    section = text[text.index("<h2>Made-up") :].split("<h2>How far")[0]
    assert "These are no photographs. 8 pictures" in section
    assert [int(cells[0]) for cells in rows(section, "Notes by cover").values()][:4] != [0, 0, 0, 0]
    assert headings(section, 3) == ["By cover", "By size", "By rotation"]


def test_made_up_pictures_need_both_splits(filled: ReportData, bundle: Path) -> None:
    for splits in (["test"], ["test_web"]):
        assert "Left out: this takes scans" in filled.report(bundle, splits=splits)[1]


def test_made_up_pictures_are_the_same_each_time(filled: ReportData, bundle: Path) -> None:
    write_manifest(filled.folder, filled.rows)
    images = read_data(filled.folder)
    recognizer = Recognizer(load_bundle(bundle))
    first, again = (composites(recognizer, images, ["test", "test_web"], iter, 12) for _ in range(2))
    assert [case.hidden for case in first] == [case.hidden for case in again]
    assert [case.seen.light for case in first] == [case.seen.light for case in again]
    assert {case.label.name for case in first} == {"usd_100_back"}
    assert all(case.hidden is not None and 0 <= case.hidden <= 0.7 for case in first)
    assert sum(group.n for group in by_cover().groups(first)) == 12
    assert all(case.identified.image.polygon is not None for case in first)
