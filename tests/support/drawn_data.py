"""Data folders to learn from, made of drawn notes: no picture of real money is in them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.arrays import Image
from currency_app.demo.notes import draw_note

COLUMNS = ("path", "kind", "source", "class", "split", "polygon", "series", "notes_in_image")


def room(seed: int, width: int = 160, height: int = 120) -> Image:
    """Smooth colours without a note."""
    coarse = np.random.default_rng(seed).integers(30, 226, (5, 6, 3), dtype=np.uint8)
    return np.asarray(cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC), np.uint8)


def put_into(picture: Image, note: Image, polygon: npt.NDArray[np.float32]) -> Image:
    """The picture with a note put where its corners are, in pixels: top-left, top-right, bottom-right, bottom-left."""
    height, width = note.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    place = cv2.getPerspectiveTransform(flat, polygon)
    size = (picture.shape[1], picture.shape[0])
    there = cv2.warpPerspective(np.full(note.shape[:2], 255, np.uint8), place, size)
    moved = cv2.warpPerspective(note, place, size, borderMode=cv2.BORDER_REPLICATE)
    return np.where(there[..., None] > 127, moved, picture).astype(np.uint8)


def photo(value: int, side: str, seed: int) -> tuple[Image, npt.NDArray[np.float32]]:
    """A drawn note held askew in a room, and its corners in pixels."""
    rng = np.random.default_rng(seed)
    width, height = 320, 240
    corners = np.array([[60, 70], [260, 70], [260, 155], [60, 155]], np.float32)
    corners += rng.uniform(-12, 12, (4, 2)).astype(np.float32)
    return put_into(room(seed, width, height), draw_note(value, side, 300, seed), corners), corners


def likeness(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> float:
    """Correlation, -1 to 1, of the grey levels of two pictures, BGR or BGRA, brought to the size of a small note."""
    grey = [cv2.cvtColor(np.ascontiguousarray(picture[..., :3]), cv2.COLOR_BGR2GRAY) for picture in (one, other)]
    small = [cv2.resize(picture, (96, 41), interpolation=cv2.INTER_AREA).ravel() for picture in grey]
    return float(np.asarray(np.corrcoef(small))[0, 1])


def save(path: Path, picture: Image) -> Path:
    """Save a picture as PNG; returns its path."""
    packed, data = cv2.imencode(".png", picture)
    assert packed
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.tobytes())
    return path


def as_text(polygon: npt.NDArray[np.float32]) -> str:
    """Corners as a manifest has them."""
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in polygon)


def write_manifest(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A manifest of these rows, whose missing columns are empty; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return folder


def write_data(folder: Path, values: Sequence[int] = (5, 20)) -> Path:
    """A data folder with a manifest: scans and photographs of both sides of each value, rooms, foreign money.

    Each class has a photograph in train, val and test; a test photograph shows two notes.
    """
    rows: list[dict[str, str]] = []
    for value in values:
        for side in ("front", "back"):
            name = f"usd_{value}_{side}"
            save(folder / f"scans/{name}.png", draw_note(value, side, 400, 50))
            rows.append(
                {"path": f"scans/{name}.png", "kind": "scan", "source": "drawn", "class": name, "split": "train"}
            )
            for seed, split in enumerate(("train", "val", "test")):
                picture, polygon = photo(value, side, seed)
                path = f"photos/{name}_{split}.png"
                save(folder / path, picture)
                rows.append(
                    {
                        "path": path,
                        "kind": "photo",
                        "source": f"room {seed}",
                        "class": name,
                        "split": split,
                        "polygon": as_text(polygon),
                        "notes_in_image": "single",
                    }
                )
    for seed, split in enumerate(("train", "train", "val", "test")):
        save(folder / f"rooms/{seed}.png", room(100 + seed))
        rows.append(
            {
                "path": f"rooms/{seed}.png",
                "kind": "background",
                "source": "rooms",
                "class": "background",
                "split": split,
            }
        )
        save(folder / f"foreign/{seed}.png", draw_note(100, "front", 200, seed)[:, ::-1])
        rows.append(
            {
                "path": f"foreign/{seed}.png",
                "kind": "other_currency",
                "source": "abroad",
                "class": "xyz_100_front",
                "split": split,
            }
        )
    two, _ = photo(values[0], "front", 7)
    save(folder / "photos/two.png", two)
    rows += [
        {
            "path": "photos/two.png",
            "kind": "photo",
            "source": "room 2",
            "class": f"usd_{value}_front",
            "split": "test",
            "notes_in_image": "mixed",
        }
        for value in values[:2]
    ]
    return write_manifest(folder, rows)


def write_class_folders(folder: Path, values: Sequence[int] = (5, 20), takes: int = 5, frames: int = 2) -> Path:
    """A folder per class, as a person takes pictures: several frames of several takes."""
    for value in values:
        for take in range(takes):
            for frame in range(frames):
                picture, _ = photo(value, "front", 10 * take + frame)
                save(folder / f"usd_{value}_front" / f"take{take}-{frame}.png", picture)
    for take in range(takes):
        for frame in range(frames):
            save(folder / "background" / f"room{take}-{frame}.png", room(10 * take + frame))
    return folder
