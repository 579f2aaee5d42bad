"""Split the training images into folds.

So calibration can use predictions for images that the network which made them was trained without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from currency_app.images import read_image
from training.dataset.duplicates import duplicate_pairs, groups, thumbnail
from training.dataset.manifest import LabelledImage, measurable, of_split
from training.progress import Progress

_MAX_SHARE_OF_A_CLASS = 0.5
"""A source with a larger share of the images of a class is not left out as a whole. Chosen by hand."""


def held_out(images: Sequence[LabelledImage], folds: int, progress: Progress = iter) -> list[frozenset[Path]]:
    """Return the images of split `train` in so many parts, each to be left out of one training.

    A source is left out as a whole, because its images show few notes and rooms. The exception is a source that has
    more than half of the images of a class (of a note or of the background), because without it that class could not
    be learnt. Such a source is divided among the parts, near copies staying in one part. If it has flat scans only, on
    which nothing is measured, it is in no part.

    progress: wraps the paths of the images that are compared with each other, as `training.progress.progress` does.
    """
    train = of_split(images, "train")
    dividing = _indispensable(train)
    scans_only = {image.source for image in train} - {image.source for image in train if image.kind != "scan"}
    train = [image for image in train if image.source not in dividing & scans_only]
    clusters: dict[tuple[str, Any], set[Path]] = {}
    divided = sorted({image.path for image in train if image.source in dividing})
    copies = [[divided[n] for n in group] for group in groups(duplicate_pairs(_small(divided, progress)))]
    cluster_of = {path: group[0] for group in copies for path in group}
    for image in train:
        part = cluster_of.get(image.path, image.path) if image.source in dividing else None
        clusters.setdefault((image.source, part), set()).add(image.path)
    parts: list[set[Path]] = [set() for _ in range(folds)]
    sizes: Counter[tuple[int, str]] = Counter()
    for (source, _), paths in sorted(clusters.items(), key=lambda item: (-len(item[1]), str(item[0]))):
        kind = source if source in dividing else ""
        smallest = min(range(folds), key=lambda part: sizes[part, kind])
        parts[smallest] |= paths
        sizes[smallest, kind] += len(paths)
    return [frozenset(part) for part in parts]


def measurable_of(images: Iterable[LabelledImage], part: frozenset[Path]) -> list[LabelledImage]:
    """Return the photographs of a part that show one note or none. Flat scans are none: no camera gives them."""
    found = measurable([image for image in images if image.path in part], ["train"])
    return [image for image in found if image.kind != "scan"]


def _indispensable(train: Sequence[LabelledImage]) -> set[str]:
    """Return the sources without which some class could not be learnt."""
    learnt = [image for image in train if image.kind in ("photo", "scan", "background")]
    of_class = Counter(image.class_name for image in learnt)
    of_both = Counter((image.source, image.class_name) for image in learnt)
    return {source for (source, name), count in of_both.items() if count > _MAX_SHARE_OF_A_CLASS * of_class[name]}


def _small(paths: Sequence[Path], progress: Progress) -> list[Any]:
    return [thumbnail(read_image(path)) for path in progress(paths)]
