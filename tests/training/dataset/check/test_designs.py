"""Designs of notes in a data folder: the table, names that nobody knows, and too few images."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.checked_data import CheckedData, of_kind, only
from training.dataset.check.page import write_page

OLD, NOW = "pre-1996 small head", "current"


@pytest.fixture
def data(tmp_path: Path) -> CheckedData:
    """Five fronts of one dollar as it is now, of which one is in `val`; nobody says what the backs are."""
    data = CheckedData(tmp_path / "data")
    for row in data.rows:
        row["series"] = NOW if row["class"] == "usd_1_front" else ""
    return data


def test_without_names_nothing_is_said_of_designs(tmp_path: Path) -> None:
    report = CheckedData(tmp_path / "data").report()
    assert report.as_json()["designs"] == []
    assert "design" not in report.as_text()


def test_images_to_train_on_are_counted_by_face_and_design(data: CheckedData) -> None:
    report = data.report()
    assert report.as_json()["designs"] == [
        {"value": 1, "side": "front", "design": NOW, "images": 4, "sources": 1},
        {"value": 1, "side": "back", "design": None, "images": 4, "sources": 1},
    ]
    *_, caption, heads, front, back = report.as_text().splitlines()
    assert caption.endswith("their sources:")
    assert re.split(r"\s{2,}", heads) == ["face", OLD, "1996 big head", "2004-2013 colour", NOW, "not named"]
    assert re.split(r"\s{2,}", front) == ["1 front", "-", "-", "-", "4 / 1", "-"]
    assert front.index("4 / 1") == heads.index(NOW)
    assert re.split(r"\s{2,}", back) == ["1 back", "-", "-", "-", "-", "4 / 1"]


def test_designs_that_will_not_be_learnt_are_named(data: CheckedData) -> None:
    finding = only(data.report(), "few_of_design")
    assert not finding.must_fix
    assert finding.text.endswith(f"1 {OLD} (no image), 1 {NOW} (4 images).")


def test_a_name_that_the_list_lacks_is_told_with_those_that_it_has(data: CheckedData) -> None:
    data.rows[0]["series"] = "curent"
    report = data.report()
    finding = only(report, "design_name")
    assert finding.text.startswith("'curent' is no design of USD, so 1 label with it count")
    assert f"{OLD}, 1996 big head" in finding.text
    assert [report.name(image) for (image,) in finding.groups] == [data.rows[0]["path"]]
    assert {"value": 1, "side": "front", "design": None, "images": 1, "sources": 1} in report.as_json()["designs"]


def test_a_design_that_the_value_does_not_have_is_told(data: CheckedData) -> None:
    data.rows[0]["series"] = "1996 BIG head"
    assert only(data.report(), "design_value").text == (
        "usd_1_front has 1 label of '1996 big head', which has no such value."
    )


def test_a_currency_without_a_list_may_call_them_anything(data: CheckedData) -> None:
    for row in data.rows:
        row["class"] = row["class"].replace("usd", "zed")
        row["series"] = row["series"].replace(NOW, "my own word")
    report = data.report()
    assert report.as_json()["designs"][0]["design"] == "my own word"
    assert not [finding for finding in report.findings if "design" in finding.kind]


def test_words_for_other_currencies_notes_do_not_matter(data: CheckedData) -> None:
    data.rows[-1] |= {"class": "eur_5_front", "kind": "other_currency", "series": "Europa"}
    assert not of_kind(data.report(), "design_name")


def test_the_page_has_the_table_too(data: CheckedData, tmp_path: Path) -> None:
    data.rows[0]["series"] = "<b>old</b>"
    (data.folder / "designs_usd.toml").write_text('[[designs]]\nname = "<b>old</b>"\n[[designs]]\nname = "current"\n')
    write_page(tmp_path / "page.html", data.report())
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<caption>Images to train on by face and design" in text
    assert '<th scope="col">&lt;b&gt;old&lt;/b&gt;</th>' in text
    assert '<tr><th scope="row">1 front</th><td>1 / 1</td><td>3 / 1</td><td>-</td></tr>' in text
