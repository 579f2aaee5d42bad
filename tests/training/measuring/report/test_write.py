"""The report as a page: what it holds, that it stands alone, where it may be written, from how little it is made."""

from __future__ import annotations

import base64
import itertools
import re
from pathlib import Path

import cv2
import numpy as np
import pytest

from currency_app.errors import DataError
from currency_app.recognition.bundle import load_bundle
from tests.support.report_page import Page, ReportData, headings, rows
from training.measuring.report.write import write_report

SECTIONS = [
    "What was measured",
    "Each source by itself",
    "What was taken for what",
    "Where it is right and where not",
    "Designs that it has learnt",
    "Made-up pictures: how much fingers cover",
    "How far its confidence can be relied on",
]


def test_the_page_tells_the_figures(filled: ReportData, bundle: Path) -> None:
    summary, text = filled.report(bundle, made_up=6, command=["currency-train", "report", "--data", "a b"])
    painted = rows(text, "Images with one note")["test painted photo"]
    assert painted[:3] == ["2", "50.0%", "9.5% to 90.5%"]
    assert painted[9] == "1.00 (n 1)"
    blurred, clear = (rows(text, "Images with one note")[f"test webcam photo{more}"] for more in ("", ", readable"))
    assert (blurred[:2], clear[:2]) == (["2", "50.0%"], ["1", "100.0%"])
    without = rows(text, "Images without a note, or of another currency&#x27;s")
    assert without["test painted other_currency"][:2] == ["1", "1"]
    assert without["test painted background"][:2] == ["1", "0"]
    assert rows(text, "Images by true value and value read")["20"][:8] == ["0", "0", "1", "0", "1", "0", "0", "0"]
    faces = rows(text, "Notes by face")
    assert len([name for name in faces if name.startswith("usd_")]) == 14
    assert faces["usd_20_front"][0] == "2"
    assert faces["usd_100_back"][-1] == "fewer than 10"
    assert rows(text, "Notes by design")["20 big &lt;b&gt;head&lt;/b&gt;"][0] == "1"
    assert "currency-train report --data &#x27;a b&#x27;" in text
    assert load_bundle(bundle).raw["model"]["sha256"] in text
    assert "Do not publish" in text.split("<h2>")[0]
    assert rows(text, "Images in the data folder") == {"test": ["2", "1", "4", "0"], "test_web": ["0", "0", "0", "1"]}
    assert summary.figures.notes["test painted photo"].right == 1
    assert "report.html" in summary.as_text().splitlines()[-1]


def test_frames_that_no_person_could_read_count_in_the_headline_only(filled: ReportData, bundle: Path) -> None:
    _, text = filled.report(bundle, made_up=0)
    assert rows(text, "Notes by face")["usd_5_front"][:2] == ["1", "100.0%"]
    assert "1 frame that no person could read is left out" in text
    assert "photos/3.png" not in text


def test_the_page_stands_alone_and_can_be_heard(filled: ReportData, bundle: Path) -> None:
    _, text = filled.report(bundle, [bundle], made_up=4)
    page = Page(text)
    assert '<html lang="en">' in text
    assert "color-scheme: light dark" in text
    assert len(headings(text, 1)) == 1
    levels = [int(level) for level in re.findall(r"<h([1-6])>", text)]
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert all(source.startswith(("data:image/jpeg;base64,", "#")) for source in page.fetched)
    assert not re.search(r"@import|url\((?!#)", text)
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("svg") == len(page.drawings) == text.count("The numbers of this plot") == 5
    assert all(len(told) > 20 for told in page.drawings)
    assert page.tags.count("table") == page.tags.count("caption")
    assert not re.search(r"<th(?! scope=)[ >]", text)
    assert "b" not in page.tags  # a design is text, not a tag
    assert "currentColor" in text
    assert "#010203" not in text


def test_the_worst_answers_are_small_pictures(filled: ReportData, bundle: Path) -> None:
    _, text = filled.report(bundle, made_up=0)
    page = Page(text)
    told = {image["alt"].split(", conf")[0] for image in page.images}
    assert {"usd_20_front taken for 5, wrong", "eur_50_front taken for 50, wrong"} <= told
    for image in page.images:
        packed = np.frombuffer(base64.b64decode(image["src"].partition(",")[2]), np.uint8)
        decoded = cv2.imdecode(packed, cv2.IMREAD_COLOR)
        assert decoded is not None
        assert max(decoded.shape) <= 270
    assert "photos/1.png" in text
    assert text.count(str(filled.folder)) == 1  # where the images are, and in no picture's name


def test_a_single_note_is_enough(data: ReportData, bundle: Path) -> None:
    data.note(20, "usd_20_front")
    _, text = data.report(bundle)
    assert headings(text, 2)[: len(SECTIONS)] == SECTIONS
    assert rows(text, "Images with one note")["test painted photo"][:2] == ["1", "100.0%"]
    assert "Left out: this takes scans" in text
    assert "No image is without a note" in text


def test_without_any_note_the_page_still_tells_the_rest(data: ReportData, bundle: Path) -> None:
    data.note(None, "background")
    _, text = data.report(bundle, [bundle])
    assert headings(text, 2)[0] == SECTIONS[0]
    assert "No image shows a note" in text
    assert "Everything was right" in text


def test_a_split_without_images_is_refused(filled: ReportData, bundle: Path) -> None:
    with pytest.raises(DataError, match="No image of split val"):
        filled.report(bundle, splits=["val"])


def test_a_refused_target_is_known_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder"):
        write_report(tmp_path / "none/page.html", tmp_path, tmp_path, [], ["test"], [], lambda items: items)
