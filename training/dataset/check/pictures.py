"""Findings about what the images of a data folder show: duplicates, takes, and the notes' corners."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from training.dataset.check.findings import Finding, name_in, numbered
from training.dataset.check.inspection import ImageSummary, Inspected
from training.dataset.duplicates import groups
from training.dataset.labels import parse_label
from training.dataset.manifest import SPLITS, LabelledImage, one_row_per_image, take_of

MIN_NOTE_SHARE = 1 / 6
"""Share of its image that a note should cover: a smaller one cannot be read through a webcam."""

_MIN_TAKE_CORRELATION = 0.7
"""Correlation, from -1 to 1, of the thumbnails of frames that may be of one take. Chosen by hand."""
_TESTS = ("test", "test_web")


def picture_findings(inspected: Inspected) -> Iterator[Finding]:
    """Yield all of them, in no particular order."""
    yield from _same_across_splits(inspected)
    yield from _same_in_two_classes(inspected)
    yield from _same_in_one_split(inspected)
    yield from _torn_takes(inspected)
    yield from _corners(inspected)
    yield from _small_notes(inspected)


def _same_across_splits(inspected: Inspected) -> Iterator[Finding]:
    by_splits: dict[tuple[str, ...], list[tuple[LabelledImage, LabelledImage]]] = defaultdict(list)
    for one, other in (*inspected.duplicates, *_listed_twice(inspected, "split")):
        if one.split != other.split:
            by_splits[tuple(sorted((one.split, other.split), key=_split_order))].append((one, other))
    for splits, pairs in sorted(by_splits.items()):
        must_fix = "train" in splits and any(split in _TESTS for split in splits)
        remedy = "delete them from train, or the figures will flatter" if must_fix else "keep each picture in one split"
        text = f"{_pictures(pairs)} in {' and again in '.join(splits)}, {_pair(inspected, pairs)}: {remedy}."
        yield Finding("same_across_splits", text, must_fix=must_fix, groups=_grouped(pairs))


def _split_order(split: str) -> tuple[int, str]:
    return (SPLITS.index(split) if split in SPLITS else len(SPLITS), split)


def _same_in_two_classes(inspected: Inspected) -> Iterator[Finding]:
    classes: dict[Path, set[str]] = defaultdict(set)
    for row in inspected.rows:
        classes[row.path].add(parse_label(row.class_name, inspected.currency).name)
    pairs = [(one, other) for one, other in inspected.duplicates if not classes[one.path] & classes[other.path]]
    pairs += [
        pair
        for pair in _listed_twice(inspected, "class_name")
        if all(row.notes_in_image in ("", "single") for row in pair)
    ]
    if pairs:
        text = f"{_pictures(pairs)} there in two classes, {_pair(inspected, pairs)}: one label of each must be wrong."
        yield Finding("same_in_two_classes", text, groups=_grouped(pairs))


def _same_in_one_split(inspected: Inspected) -> Iterator[Finding]:
    pairs = [(one, other) for one, other in inspected.duplicates if one.split == other.split]
    if pairs:
        text = f"{_pictures(pairs)} more than once in one split, {_pair(inspected, pairs)}: copies teach nothing new."
        yield Finding("same_in_one_split", text, groups=_grouped(pairs))


def _listed_twice(inspected: Inspected, field: str) -> list[tuple[LabelledImage, LabelledImage]]:
    """Return pairs of rows of one image that say different things about it."""
    first: dict[Path, LabelledImage] = {}
    pairs = [(first.setdefault(row.path, row), row) for row in inspected.rows]
    return [pair for pair in pairs if getattr(pair[0], field) != getattr(pair[1], field)]


def _pictures(pairs: Sequence[tuple[LabelledImage, LabelledImage]]) -> str:
    number = len(groups(pairs))
    return f"{number} {'picture is' if number == 1 else 'pictures are'}"


def _pair(inspected: Inspected, pairs: Sequence[tuple[LabelledImage, LabelledImage]]) -> str:
    one, other = pairs[0]
    if one.path == other.path:
        return f"such as {name_in(inspected, one)}, which is listed twice"
    return f"such as {name_in(inspected, one)} and {name_in(inspected, other)}"


def _grouped(pairs: Sequence[tuple[LabelledImage, LabelledImage]]) -> tuple[tuple[LabelledImage, ...], ...]:
    return tuple(tuple(group) for group in groups(pairs))


def _torn_takes(inspected: Inspected) -> Iterator[Finding]:
    """Find takes whose images lie in more than one split.

    Both file names and pictures must agree: a camera may call all its pictures IMG, yet frames of one take look alike.
    """
    takes: dict[tuple[Path, str], dict[str, list[LabelledImage]]] = defaultdict(lambda: defaultdict(list))
    for image in one_row_per_image(inspected.rows):
        if image.kind != "scan":
            takes[image.path.parent, take_of(image.path)][image.split].append(image)
    torn = {
        take: splits for take, splits in takes.items() if len(splits) > 1 and _alike(inspected, list(splits.values()))
    }
    if torn:
        first = max(torn, key=lambda take: sum(len(images) for images in torn[take].values()))
        shares = ", ".join(f"{len(images)} in {split}" for split, images in torn[first].items())
        text = (
            f"{numbered(len(torn), 'take')} {'lies' if len(torn) == 1 else 'lie'} in more than one split, such as "
            f"{first[1]} in {first[0].name} ({shares}): keep together what was taken together."
        )
        shown = tuple(tuple(images[0] for images in splits.values()) for splits in torn.values())
        yield Finding("torn_takes", text, groups=shown)


def _alike(inspected: Inspected, parts: list[list[LabelledImage]]) -> bool:
    """Whether most pictures of the smallest part resemble one of another part."""
    smallest, *others = sorted(parts, key=len)
    of_smallest, of_others = (
        _normalised(inspected, images) for images in (smallest, [image for part in others for image in part])
    )
    return float(np.median((of_smallest @ of_others.T).max(axis=1))) >= _MIN_TAKE_CORRELATION


def _normalised(inspected: Inspected, images: Sequence[LabelledImage]) -> npt.NDArray[np.float32]:
    """Return thumbnails whose products are their correlations: float32 [images, THUMBNAIL_SIDE ** 2]."""
    levels = np.array([inspected.summaries[image.path].thumbnail.ravel() for image in images], np.float32)
    levels -= levels.mean(axis=1, keepdims=True)
    return levels / np.maximum(np.linalg.norm(levels, axis=1, keepdims=True), 1.0)


def _corners(inspected: Inspected) -> Iterator[Finding]:
    folded, mirrored = [], []
    for row in inspected.rows:
        if row.polygon is None:
            continue
        if not cv2.isContourConvex(row.polygon) or cv2.contourArea(row.polygon) < 1:
            folded.append(row)
        elif cv2.contourArea(row.polygon, oriented=True) < 0:
            mirrored.append(row)
    yield from _wrong_corners(inspected, "folded_corners", folded, "cross or fold over, so the note cannot be cut out")
    yield from _wrong_corners(
        inspected, "mirrored_corners", mirrored, "run the wrong way round, so the note is mirrored"
    )


def _wrong_corners(inspected: Inspected, kind: str, rows: Sequence[LabelledImage], what: str) -> Iterator[Finding]:
    if rows:
        text = (
            f"The corners of {numbered(len(rows), 'note')} {what}, such as in {name_in(inspected, rows[0])}: give "
            "the note's own top-left, top-right, bottom-right, bottom-left."
        )
        yield Finding(kind, text, groups=tuple((row,) for row in rows))


def _small_notes(inspected: Inspected) -> Iterator[Finding]:
    known = [row for row in inspected.rows if row.polygon is not None and cv2.isContourConvex(row.polygon)]
    covers = [(note_share(row.polygon, inspected.summaries[row.path]), row) for row in known if row.polygon is not None]
    small = sorted((item for item in covers if item[0] < MIN_NOTE_SHARE), key=lambda item: item[0])
    if small:
        text = (
            f"{len(small)} of {numbered(len(known), 'note')} with known corners "
            f"{'covers' if len(small) == 1 else 'cover'} less than a sixth of the image, "
            f"the smallest {small[0][0]:.1%} in {name_in(inspected, small[0][1])}."
        )
        yield Finding("small_notes", text, groups=tuple((row,) for _, row in small))


def note_share(polygon: npt.NDArray[np.float32], image: ImageSummary) -> float:
    """Return the share of its image, 0..1, that a note's convex polygon [4, 2] in pixels covers inside the image."""
    picture = np.array([[0, 0], [image.width, 0], [image.width, image.height], [0, image.height]], np.float32)
    covered, _ = cv2.intersectConvexConvex(polygon, picture)
    return float(covered) / (image.width * image.height)
