"""Open every image of a data folder once and keep what a report needs of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from currency_app.arrays import Image
from currency_app.errors import DataError, ImageError
from currency_app.images import read_image, search_images
from training.dataset.duplicates import duplicate_pairs, thumbnail
from training.dataset.labels import parse_label
from training.dataset.manifest import MANIFEST, LabelledImage, one_row_per_image, read_data
from training.parallel import in_threads
from training.progress import Progress


@dataclass(frozen=True)
class ImageSummary:
    """What is kept of an image that was opened."""

    thumbnail: Image
    """uint8 [THUMBNAIL_SIDE, THUMBNAIL_SIDE] grey: see `duplicates.thumbnail`."""
    width: int
    """Pixels of the upright image."""
    height: int
    """Pixels of the upright image."""


@dataclass(frozen=True)
class Inspected:
    """A data folder whose images have all been opened."""

    folder: Path
    """Where it is."""
    currency: str
    """ISO code in lower case."""
    rows: Sequence[LabelledImage]
    """Every label on every image that can be read."""
    unreadable: Sequence[tuple[LabelledImage, str]]
    """The first row of each image that cannot be read, and in one sentence what is wrong with it."""
    summaries: dict[Path, ImageSummary]
    """What is kept of each image that was read, by its path."""
    duplicates: Sequence[tuple[LabelledImage, LabelledImage]]
    """Pairs of images, by their first rows, that show the same picture."""
    empty_folders: Sequence[str]
    """Names of class folders without an image."""
    ignored: Sequence[Path]
    """Files that the data folder holds and no training will read."""


def inspect(folder: Path, currency: str | None, progress: Progress) -> Inspected:
    """Open every image of a data folder.

    currency: ISO code in lower case; None for the one that most images show. progress: shows how many are done. Raises
    DataError if the folder cannot be read as labelled images, or none is labelled with a value.
    """
    rows = read_data(folder)
    currency = currency or main_currency(rows)
    if not any(parse_label(row.class_name, currency).value for row in rows):
        raise DataError(f"No image is labelled with a value of {currency}: name classes like {currency}_20_front.")
    images = one_row_per_image(rows)
    summaries = in_threads(_summarised, [image.path for image in images], progress)
    read = [
        (image, summary) for image, summary in zip(images, summaries, strict=True) if isinstance(summary, ImageSummary)
    ]
    summary_of = {image.path: summary for image, summary in read}
    duplicates = duplicate_pairs([summary.thumbnail for _, summary in read])
    by_class_folder = not (folder / MANIFEST).is_file()
    return Inspected(
        folder=folder,
        currency=currency,
        rows=[row for row in rows if row.path in summary_of],
        unreadable=[
            (image, summary) for image, summary in zip(images, summaries, strict=True) if isinstance(summary, str)
        ],
        summaries=summary_of,
        duplicates=[(read[one][0], read[other][0]) for one, other in duplicates],
        empty_folders=_empty_folders(folder, rows) if by_class_folder else [],
        ignored=_ignored(folder) if by_class_folder else [],
    )


def main_currency(rows: Iterable[LabelledImage]) -> str:
    """Return the currency that most of the notes are of, ISO code in lower case; usd if there is none."""
    codes = Counter(
        row.class_name[:3]
        for row in rows
        if row.kind in ("photo", "scan") and parse_label(row.class_name, row.class_name[:3]).value
    )
    return codes.most_common(1)[0][0] if codes else "usd"


def _summarised(path: Path) -> ImageSummary | str:
    """Return what is kept of an image, or what is wrong with it."""
    try:
        image = read_image(path)
    except ImageError as error:
        return str(error)
    return ImageSummary(thumbnail(image), width=image.shape[1], height=image.shape[0])


def _empty_folders(folder: Path, rows: Iterable[LabelledImage]) -> list[str]:
    filled = {row.class_name for row in rows}
    return sorted(path.name for path in _visible(folder) if path.is_dir() and path.name not in filled)


def _ignored(folder: Path) -> list[Path]:
    """Return images beside the class folders, and files in them that are of no known image kind."""
    beside = search_images([folder]).images
    in_classes = [search_images([path]) for path in _visible(folder) if path.is_dir()]
    unknown = [path for found in in_classes for path in (*found.unread, *found.closed, *found.others)]
    return sorted([*(path for path in beside if path.parent == folder), *unknown])


def _visible(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if not path.name.startswith(".")]
