"""What the report's tests read it from and read it with: a painted data folder, and a page taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.support.drawn_data import room, save, write_manifest
from tests.support.painted import colour_of, paint, write_picture
from training.dataset.manifest import read_data
from training.measuring.report.write import Summary, write_report

VALUES = (1, 2, 5, 10, 20, 50, 100)


class ReportData:
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
