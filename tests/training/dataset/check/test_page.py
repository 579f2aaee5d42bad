"""The report on a data folder as a page: what it holds, and that it stands alone."""

from __future__ import annotations

import base64
import re
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np

from tests.support.checked_data import CheckedData
from tests.support.drawn_data import as_text, photo, room
from training.dataset.check.page import write_page


class Page(HTMLParser):
    """What a page is made of: names of tags, attributes of images, everything that it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.images: list[dict[str, str]] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag == "img":
            self.images.append(given)
        self.fetched += [given[name] for name in ("src", "href") if name in given]


def test_the_page_stands_alone_and_can_be_heard(tmp_path: Path) -> None:
    data = CheckedData(tmp_path / "data")
    picture, corners = photo(1, "front", 700)
    for split in ("train", "test"):
        data.add("usd_1_front", split, picture, polygon=as_text(corners))
    data.add("<b>toy</b>", "train", room(701), name="toys/one.png")
    data.label("absent.png", "usd_1_front", "train")
    target = tmp_path / "page.html"
    target.write_text("an older page")
    write_page(target, data.report())
    text = target.read_text(encoding="utf-8")
    page = Page(text)
    assert page.tags.count("h1") == 1
    assert page.tags.count("h2") == 2
    assert {"caption", "th", "main", "title"} <= set(page.tags)
    assert '<html lang="en">' in text
    assert "b" not in page.tags  # a class name is text, not a tag
    assert all(source.startswith("data:image/jpeg;base64,") for source in page.fetched)
    assert {image["alt"] for image in page.images} == {"usd_1_front, train", "usd_1_front, test", "<b>toy</b>, train"}
    assert "Not readable: usd_1_front, train, absent.png" in text
    for image in page.images:
        packed = np.frombuffer(base64.b64decode(image["src"].partition(",")[2]), np.uint8)
        decoded = cv2.imdecode(packed, cv2.IMREAD_COLOR)
        assert decoded is not None
        assert max(decoded.shape) <= 180
    assert str(tmp_path) not in re.sub("<h3>.*</h3>", "", text)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "page.html"]
