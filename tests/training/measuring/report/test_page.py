"""The report as a page: what it holds, that it stands alone, where it may be written, from how little it is made."""

from __future__ import annotations

import base64
import itertools
import re
import shutil
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from currency_app.errors import DataError
from currency_app.recognition.bundle import load_bundle
from currency_app.recognition.recognizer import Recognizer
from tests.support.drawn_data import room, save, write_manifest
from tests.support.painted import colour_of, paint, write_picture
from training.dataset.manifest import read_data
from training.export.bundle import describe
from training.measuring.report.groups import by_cover
from training.measuring.report.synthetic import composites
from training.measuring.report.write import Summary, write_report

VALUES = (1, 2, 5, 10, 20, 50, 100)
SECTIONS = [
    "What was measured",
    "Each source by itself",
    "What was taken for what",
    "Where it is right and where not",
    "Made-up pictures: how much fingers cover",
    "How far its confidence can be relied on",
]


class Data:
    """A data folder of painted notes that the tiny bundle reads, with one row after another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[Mapping[str, str]] = []

    def note(self, painted: int | None, name: str, **columns: str) -> Path:
        """A photograph that shows this value's front, and what it is labelled as."""
        place = f"photos/{len(self.rows)}.png"
        kind = "photo" if name.startswith("usd") else "background"
        notes = "single" if kind == "photo" else ""
        row = {
            "path": place,
            "kind": kind,
            "source": "painted",
            "class": name,
            "split": "test",
            "notes_in_image": notes,
        }
        self.rows.append({**row, **columns})
        return write_picture(
            self.folder / place, paint(None if painted is None else colour_of(VALUES, painted, "front"))
        )

    def row(self, place: str, **columns: str) -> None:
        save(self.folder / place, room(len(self.rows)))
        self.rows.append({"path": place, "source": "drawn", **columns})

    def scene_parts(self) -> None:
        """A scan and a room, of which pictures can be made up."""
        self.row("scans/one.png", kind="scan", split="test_web", **{"class": "usd_100_back"})
        self.row("rooms/one.png", kind="background", split="test", **{"class": "background"})

    def report(self, bundle: Path, compared: Iterable[Path] = (), **options: Any) -> tuple[Summary, str]:
        write_manifest(self.folder, self.rows)
        target = self.folder.parent / "report.html"
        images = read_data(self.folder)
        splits = options.pop("splits", ["test", "test_web"])
        summary = write_report(
            target, bundle, self.folder, images, splits, list(compared), lambda items: items, **options
        )
        return summary, target.read_text(encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path / "data")


@pytest.fixture(scope="module")
def bundle(tiny_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny bundle, which looks once: in a closer look its notes would not have the size that it knows."""
    copy = shutil.copytree(tiny_bundle, tmp_path_factory.mktemp("report") / "usd")
    describe(copy, second_look=None)
    return copy


@pytest.fixture
def filled(data: Data) -> Data:
    """Right, wrong and missed answers, of two sources, one with a list of what is readable."""
    data.note(20, "usd_20_front", polygon="16,12 48,12 48,36 16,36", series="big <b>head</b>")
    data.note(5, "usd_20_front")
    data.note(5, "usd_5_front", source="webcam")
    data.note(None, "usd_5_front", source="webcam")
    data.note(None, "background")
    data.note(50, "eur_50_front", kind="other_currency")
    data.scene_parts()
    (data.folder / "webcam_readable.csv").write_text("path,readable\nphotos/2.png,1\nphotos/3.png,0\n")
    return data


class Page(HTMLParser):
    """Headings by level, tags, ids and what the page would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.images: list[dict[str, str]] = []
        self.fetched: list[str] = []
        self.drawings: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        if tag == "img":
            self.images.append(found)
        if found.get("role") == "img":
            self.drawings.append(found["aria-label"])
        self.fetched += [found[name] for name in ("src", "href", "xlink:href") if name in found]


def headings(text: str, level: int) -> list[str]:
    return re.findall(f"<h{level}>(.*?)</h{level}>", text)


def rows(text: str, caption: str) -> dict[str, list[str]]:
    """The rows of a table by their headings, each of its cells."""
    body = text[text.index(f"<caption>{caption}</caption>") :].split("</table>", maxsplit=1)[0]
    found = {}
    for line in body.splitlines():
        first = re.search(r'<th scope="row">(.*?)</th>', line)
        if first:
            found[first[1]] = re.findall(r"<td.*?>(.*?)</td>", line)
    return found


# What it holds


def test_the_page_tells_the_figures(filled: Data, bundle: Path) -> None:
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
    assert rows(text, "Notes by design")["big &lt;b&gt;head&lt;/b&gt;"][0] == "1"
    assert "currency-train report --data &#x27;a b&#x27;" in text
    assert load_bundle(bundle).raw["model"]["sha256"] in text
    assert "Do not publish" in text.split("<h2>")[0]
    assert rows(text, "Images in the data folder") == {"test": ["2", "1", "4", "0"], "test_web": ["0", "0", "0", "1"]}
    assert summary.figures.notes["test painted photo"].right == 1
    assert "report.html" in summary.as_text().splitlines()[-1]


def test_frames_that_no_person_could_read_count_in_the_headline_only(filled: Data, bundle: Path) -> None:
    _, text = filled.report(bundle, made_up=0)
    assert rows(text, "Notes by face")["usd_5_front"][:2] == ["1", "100.0%"]
    assert "1 frame that no person could read is left out" in text
    assert "photos/3.png" not in text


def test_made_up_pictures_are_told_as_such(filled: Data, bundle: Path) -> None:
    _, text = filled.report(bundle, made_up=8)
    section = text[text.index("<h2>Made-up") :].split("<h2>How far")[0]
    assert "These are no photographs. 8 pictures" in section
    assert [int(cells[0]) for cells in rows(section, "Notes by cover").values()][:4] != [0, 0, 0, 0]
    assert headings(section, 3) == ["By cover", "By size", "By rotation"]


def test_the_page_stands_alone_and_can_be_heard(filled: Data, bundle: Path) -> None:
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


def test_the_worst_answers_are_small_pictures(filled: Data, bundle: Path) -> None:
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


def test_other_bundles_stand_beside_it(filled: Data, bundle: Path) -> None:
    _, text = filled.report(bundle, [bundle], made_up=0)
    assert "Beside other bundles" in headings(text, 2)
    beside = rows(text, "Readable notes of all sources together")
    assert list(beside) == ["tiny, mobilenet_v2 1.0, 32 px (this report)", "tiny, mobilenet_v2 1.0, 32 px"]
    first, second = beside.values()
    assert first[:6] == second[:6]
    assert first[0] == "4"
    assert float(first[-1]) > 0
    assert "tiny, mobilenet_v2 1.0, 32 px" in next(told for told in Page(text).drawings if "time per frame" in told)


def test_a_bundle_of_another_currency_is_refused(filled: Data, bundle: Path, tmp_path: Path) -> None:
    other = shutil.copytree(bundle, tmp_path / "eur")
    describe(other, currency="EUR")
    with pytest.raises(DataError, match="reads EUR, not USD"):
        filled.report(bundle, [other])


# From how little it is made


def test_a_single_note_is_enough(data: Data, bundle: Path) -> None:
    data.note(20, "usd_20_front")
    _, text = data.report(bundle)
    assert headings(text, 2)[:6] == SECTIONS
    assert rows(text, "Images with one note")["test painted photo"][:2] == ["1", "100.0%"]
    assert "Left out: this takes scans" in text
    assert "No image is without a note" in text


def test_without_any_note_the_page_still_tells_the_rest(data: Data, bundle: Path) -> None:
    data.note(None, "background")
    _, text = data.report(bundle, [bundle])
    assert headings(text, 2)[0] == SECTIONS[0]
    assert "No image shows a note" in text
    assert "Everything was right" in text


def test_made_up_pictures_need_both_splits(filled: Data, bundle: Path) -> None:
    for splits in (["test"], ["test_web"]):
        assert "Left out: this takes scans" in filled.report(bundle, splits=splits)[1]


def test_a_split_without_images_is_refused(filled: Data, bundle: Path) -> None:
    with pytest.raises(DataError, match="No image of split val"):
        filled.report(bundle, splits=["val"])


def test_made_up_pictures_are_the_same_each_time(filled: Data, bundle: Path) -> None:
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


# Where it may be written


def test_a_refused_target_is_known_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no folder"):
        write_report(tmp_path / "none/page.html", tmp_path, tmp_path, [], ["test"], [], lambda items: items)
