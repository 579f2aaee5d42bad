"""A data folder with pictures to check, and what is found in it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from currency_app.arrays import Image
from tests.support.drawn_data import as_text, photo, room, save, write_manifest
from training.dataset.check.check import check
from training.dataset.check.findings import Finding, Report
from training.dataset.check.inspection import inspect


class CheckedData:
    """A data folder with a manifest: two classes of 1 dollar and rooms, in train and val, that is fit for use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[dict[str, str]] = []
        self._seed = 0
        for side in ("front", "back"):
            for split, number in (("train", 4), ("val", 1)):
                for _ in range(number):
                    self.add_note(1, side, split)
        for split, number in (("train", 22), ("val", 3)):
            for _ in range(number):
                self.add("background", split, room(self.seed()), kind="background")

    def seed(self) -> int:
        self._seed += 1
        return self._seed

    def add(self, class_name: str, split: str, picture: Image, name: str = "", **columns: str) -> Path:
        """Save a picture and give it a row."""
        name = name or f"{class_name}/picture{self.seed()}.png"
        self.label(name, class_name, split, **columns)
        return save(self.folder / name, picture)

    def label(self, name: str, class_name: str, split: str, **columns: str) -> None:
        kind = {"kind": "photo", "source": "drawn", "notes_in_image": "single"}
        self.rows.append({"path": name, "class": class_name, "split": split, **kind, **columns})

    def add_note(self, value: int, side: str, split: str) -> Path:
        picture, corners = photo(value, side, self.seed())
        return self.add(f"usd_{value}_{side}", split, picture, polygon=as_text(corners))

    def write(self) -> Path:
        return write_manifest(self.folder, self.rows)

    def report(self, currency: str | None = None) -> Report:
        return check(inspect(self.write(), currency, lambda items: items))


def of_kind(report: Report, kind: str) -> list[Finding]:
    return [finding for finding in report.findings if finding.kind == kind]


def only(report: Report, kind: str) -> Finding:
    (finding,) = of_kind(report, kind)
    return finding


def recompressed(picture: Image, quality: int = 40, scale: float = 0.6) -> Image:
    """The same picture as another site would serve it."""
    smaller = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, packed = cv2.imencode(".jpg", smaller, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)
