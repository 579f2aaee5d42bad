"""Single images and what a bundle answers to them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from currency_app.events import Observation
from currency_app.identify import Identified, identify
from currency_app.images import read_image
from currency_app.recognition.bundle import Bundle
from currency_app.recognition.corners import convex_iou
from currency_app.recognition.recognizer import Recognizer
from training.dataset.labels import parse_label
from training.dataset.manifest import LabelledImage, image_path
from training.dataset.table import read_table


@dataclass(frozen=True, eq=False)
class IdentifiedImage:
    """One labelled image and what a bundle answers to it."""

    image: LabelledImage
    """The image and its labels."""
    found: Identified
    """The answer."""
    size: tuple[int, int]
    """Width and height of the image, pixels."""

    def true_value(self, currency: str) -> int | None:
        """Return the labelled value; None without a note of the currency."""
        return parse_label(self.image.class_name, currency).value

    def iou(self) -> float | None:
        """Return the IoU of the corners found with those labelled, 0..1; None without a label, 0 if none were found."""
        observation: Observation = self.found.observation
        if self.image.polygon is None:
            return None
        if observation.corners is None:
            return 0.0
        return convex_iou(self.image.polygon / np.array(self.size, np.float32), observation.corners)


def doubtful_value(found: Identified, bundle: Bundle) -> int | None:
    """Return the value that would be spoken as doubtful; None if there is none, or it is sure or refused."""
    seen = found.observation
    return None if found.spoken or seen.refused or seen.confidence < bundle.maybe else seen.value


def identify_all(
    recognizer: Recognizer, images: Iterable[LabelledImage], progress: Callable[..., Any]
) -> list[IdentifiedImage]:
    """Read every image by the recognizer. progress: wraps the list, as tqdm does."""
    identified = []
    for image in progress(list(images)):
        picture = read_image(image.path)
        identified.append(IdentifiedImage(image, identify(recognizer, picture), (picture.shape[1], picture.shape[0])))
    return identified


def unreadable(images: Iterable[LabelledImage], readable: frozenset[Path]) -> frozenset[Path]:
    """Return the images that no person could read.

    readable: frames that a person judged readable. A source and split without any of them was not judged: all of its
    images count as readable.
    """
    images = list(images)
    rated = {(image.source, image.split) for image in images if image.path in readable}
    return frozenset(i.path for i in images if (i.source, i.split) in rated and i.path not in readable)


def read_readable(data: Path) -> frozenset[Path]:
    """Return the frames that `*_readable.csv` of a data folder calls readable.

    Its columns are path and readable (1 or 0). Raises DataError, in one sentence, if it cannot be read as such a table.
    """
    found = set()
    for table in sorted(data.glob("*_readable.csv")):
        for number, row in read_table(table, ("path", "readable")):
            if row["readable"] == "1":
                found.add(image_path(data, row["path"], f"{table}, line {number}"))
    return frozenset(found)


def wilson(right: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share, 0..1; 0 to 1 if n is 0.

    Wilson, "Probable inference", J. Am. Stat. Assoc. 22, 1927.
    """
    if n == 0:
        return 0.0, 1.0
    z2 = 1.96**2
    middle = (right + z2 / 2) / (n + z2)
    half = 1.96 / (n + z2) * math.sqrt(right * (n - right) / n + z2 / 4)
    return max(middle - half, 0.0), min(middle + half, 1.0)
