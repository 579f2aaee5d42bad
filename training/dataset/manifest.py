"""Read a data folder: a `manifest.csv`, or a folder per class named by its label."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from currency_app.errors import DataError
from currency_app.images import find_images
from currency_app.paths import printable, readable_name
from training.checkout import find_checkout
from training.dataset.labels import BACKGROUND, Label, ordered_labels
from training.dataset.table import read_table
from training.writable import write_bytes

VALUE_UNKNOWN = "untold"
"""The kind of images of a currency's notes whose labels do not say the value: see `currency.relabel_for`."""

SPLITS = ("train", "val", "test", "test_web")
"""Every split that training and measuring use."""

MANIFEST = "manifest.csv"
"""Name of a data folder's own table. In a folder that has it, images that it does not list are not read."""
KINDS = ("photo", "scan", "background", "other_currency")
"""Every kind of image that a manifest may name."""
NOTES_IN_IMAGE = ("", "single", "multi", "mixed")
"""Every word that a manifest may have for how many notes an image shows."""

_MAX_COORDINATE = 1e6
"""Pixels from a picture's corner beyond which no corner of a note in it can lie. Chosen by hand."""
_NEEDED = ("path", "kind", "source", "class", "split", "polygon", "notes_in_image")
"""The columns that a manifest must have; `series` may be there too."""


@dataclass(frozen=True, eq=False)
class LabelledImage:
    """One labelled note in an image, or one image without a note: a row of a manifest."""

    path: Path
    """The image file."""
    kind: str
    """photo, scan, background or other_currency; also `VALUE_UNKNOWN` once `relabel_for` has seen it."""
    source: str
    """Whose pictures these are, such as the name of a published data set."""
    class_name: str
    """Such as usd_20_front."""
    split: str
    """train, val, test or test_web."""
    polygon: npt.NDArray[np.float32] | None
    """float32 [4, 2] pixels: the note's own top-left, top-right, bottom-right, bottom-left; None if unknown."""
    notes_in_image: str
    """single, multi (several of one class), mixed, or an empty string for scans and images without a note."""
    series: str = ""
    """The note's design, in the data folder's own words; empty if the manifest does not say it."""


def find_data(name: str | None) -> Path:
    """Return the data folder: the one named, else $CURRENCY_DATA, else ../shared/data beside the checkout.

    The checkout is the one that the current folder lies in, else the one that this code lies in. Raises DataError if
    there is none.
    """
    if name is not None and not name.strip():
        raise DataError("--data is empty: name the folder of the images, or leave it out.")
    named = name or os.environ.get("CURRENCY_DATA")
    if named:
        if not Path(named).is_dir():
            raise DataError(f"There is no data folder {named}: check the path.")
        return Path(named)
    checkout = find_checkout()
    if checkout is None or not (checkout.parent / "shared" / "data").is_dir():
        raise DataError(
            "There are no training images: give their folder with --data DIR or in $CURRENCY_DATA, or stand in a "
            "checkout that has them beside it, in ../shared/data."
        )
    return checkout.parent / "shared" / "data"


def read_data(folder: Path, manifest: Path | None = None) -> list[LabelledImage]:
    """Return every labelled image of a data folder. Raises DataError, in one sentence, if it cannot be read.

    manifest: a table to read in place of the folder's own; its paths are relative to the folder all the same.
    """
    if manifest is not None:
        if not manifest.is_file():
            raise DataError(f"There is no manifest {manifest}: check the path.")
        images = _from_manifest(manifest, folder)
        if not images:
            raise DataError(f"{manifest} holds no labelled image: it has no rows.")
        return images
    manifest = folder / MANIFEST
    if os.path.lexists(manifest) and not manifest.is_file():
        raise DataError(f"{manifest} is no file that can be read: replace or remove it.")
    images = _from_manifest(manifest, folder) if manifest.is_file() else _from_class_folders(folder)
    if not images:
        raise DataError(f"{folder} holds no labelled image: it needs a manifest.csv or a folder per class.")
    return images


def of_split(images: Iterable[LabelledImage], *splits: str) -> list[LabelledImage]:
    """Return the images of these splits, in their order."""
    return [image for image in images if image.split in splits]


def labels_to_learn(images: Iterable[LabelledImage], currency: str) -> tuple[Label, ...]:
    """Return the outputs of a network that learns from these images' split `train`: see `ordered_labels`."""
    return ordered_labels([image.class_name for image in of_split(images, "train")], currency)


def one_row_per_image(images: Iterable[LabelledImage]) -> list[LabelledImage]:
    """Return the first row of each image: an image with three notes has three rows."""
    return list({image.path: image for image in reversed(list(images))}.values())[::-1]


def measurable(images: Sequence[LabelledImage], splits: Sequence[str]) -> list[LabelledImage]:
    """Return the images of these splits that show one note whose value is labelled, or no note."""
    return [
        image
        for image in one_row_per_image(image for image in images if image.split in splits)
        if image.notes_in_image in ("", "single") and image.kind != VALUE_UNKNOWN
    ]


def write_manifest(manifest: Path, folder: Path, images: Iterable[LabelledImage]) -> None:
    """Write rows of a data folder as a table that `read_data` takes.

    Raises DataError if it cannot be written, or see `check_names`.
    """
    rows = list(images)
    check_names(folder, rows)
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow((*_NEEDED, "series"))
    for image in rows:
        path = _path_in_table(folder, image)
        corners = [] if image.polygon is None else [f"{x:.1f},{y:.1f}" for x, y in image.polygon]
        row = (path, image.kind, image.source, image.class_name, image.split, " ".join(corners))
        writer.writerow((*row, image.notes_in_image, image.series))
    write_bytes(manifest, table.getvalue().encode())


def check_names(folder: Path, images: Iterable[LabelledImage]) -> None:
    """Raise DataError for an image of a data folder whose names are no UTF-8, which no table can hold."""
    for image in images:
        names = _path_in_table(folder, image), image.class_name, image.source
        wrong = next((name for name in names if readable_name(name) != name), None)
        if wrong is not None:
            raise DataError(f"No table can hold the name {printable(wrong)}, which is no UTF-8: rename that first.")


def _path_in_table(folder: Path, image: LabelledImage) -> str:
    path = image.path.relative_to(folder) if image.path.is_relative_to(folder) else image.path.absolute()
    return path.as_posix()


def _from_manifest(manifest: Path, folder: Path) -> list[LabelledImage]:
    """Read a manifest, or return the rows that were read before if the file has not changed since."""
    try:
        file = manifest.stat()
    except OSError as error:
        raise DataError(f"{manifest} cannot be read: {error.strerror or error}. Check its name and rights.") from error
    return list(_rows(manifest, folder, (file.st_dev, file.st_ino, file.st_mtime_ns, file.st_size)))


@lru_cache(maxsize=4)
def _rows(manifest: Path, folder: Path, version: tuple[int, ...]) -> tuple[LabelledImage, ...]:
    """Read a manifest. version: what changes whenever its file does; only tells entries of the cache apart."""
    rows = read_table(manifest, _NEEDED)
    return tuple(_labelled(folder, f"{manifest}, line {number}", row) for number, row in rows)


def _labelled(folder: Path, where: str, row: dict[str, str]) -> LabelledImage:
    empty = [name for name in ("path", "kind", "source", "class", "split") if not row[name]]
    if empty:
        raise DataError(f"{where}: there is no {empty[0]}.")
    return LabelledImage(
        path=image_path(folder, row["path"], where),
        kind=row["kind"],
        source=row["source"],
        class_name=row["class"],
        split=row["split"],
        polygon=_polygon(row["polygon"], where),
        notes_in_image=row["notes_in_image"],
        series=row.get("series", ""),
    )


def image_path(folder: Path, text: str, where: str) -> Path:
    """Return the path of an image that a table of a data folder names.

    One written on Windows has backslashes, which other systems take for letters. where: table and line, for messages.
    Raises DataError if it cannot be a path.
    """
    if "\0" in text:
        raise DataError(f"{where}: the path {text!r} holds a zero byte: write the file's name.")
    path = folder / text
    return folder / text.replace("\\", "/") if "\\" in text and not path.exists() else path


def _polygon(text: str, where: str) -> npt.NDArray[np.float32] | None:
    if not text:
        return None
    try:
        corners = np.array([[float(number) for number in corner.split(",")] for corner in text.split()], np.float32)
    except ValueError:
        corners = np.zeros(0, np.float32)
    if corners.shape != (4, 2) or not (np.abs(corners) <= _MAX_COORDINATE).all():
        raise DataError(f"{where}: the polygon {text!r} is not four corners like 'x,y x,y x,y x,y'.")
    return corners


def _from_class_folders(folder: Path) -> list[LabelledImage]:
    """Read a folder per class; every fifth take of a class, by file name, is kept for validation.

    A take is what comes before the last - or _ in a file's name, so that frames of one take stay in one split. A file
    whose name begins with "scan" shows the note flat, to its edges; it is no take, and always learnt from.
    """
    images = []
    try:
        class_folders = sorted(path for path in folder.iterdir() if path.is_dir())
    except OSError as error:
        raise DataError(f"{folder} cannot be opened: let this account read it, or copy it again.") from error
    for class_folder in class_folders:
        background = class_folder.name == BACKGROUND
        files = find_images([class_folder])
        scans = [] if background else [file for file in files if file.name.lower().startswith("scan")]
        takes = sorted({take_of(file) for file in files if file not in scans})
        held_out = set(takes[4::5])
        images += [
            LabelledImage(
                path=file,
                kind="background" if background else "scan" if file in scans else "photo",
                source=f"{folder.name}_scan" if file in scans else folder.name,
                class_name=class_folder.name,
                split="val" if file not in scans and take_of(file) in held_out else "train",
                polygon=None,
                notes_in_image="" if background or file in scans else "single",
            )
            for file in files
        ]
    return images


def take_of(file: Path) -> str:
    """Return the take that a picture belongs to: its file's name up to the last - or _."""
    stem = file.stem
    cut = max(stem.rfind("-"), stem.rfind("_"))
    return stem[:cut] if cut > 0 else stem
