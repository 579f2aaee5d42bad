"""Measured images as the report sees them: what is true, what was read, how the note was held."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.events import Observation
from currency_app.recognition.corners import note_area, share_in_frame
from training.dataset.labels import Label, parse_label
from training.measuring.identified import IdentifiedImage, unreadable


@dataclass(frozen=True, eq=False)
class Case:
    """One image and what a bundle of one currency answers to it."""

    identified: IdentifiedImage
    """The image and the answer."""
    currency: str
    """ISO code in lower case. A note of another currency counts as none."""
    hidden: float | None = None
    """Share of the note's visible area that a hand covers, 0..1; None if unknown, as for every photograph."""

    @property
    def seen(self) -> Observation:
        """What the bundle saw."""
        return self.identified.found.observation

    @property
    def label(self) -> Label:
        """The label of the image."""
        return parse_label(self.identified.image.class_name, self.currency)

    @property
    def true(self) -> int | None:
        """The labelled value; None without a note of the currency."""
        return self.label.value

    @property
    def right(self) -> bool:
        """Whether the value read is the true one, or both are none; the side does not count."""
        return self.seen.value == self.true

    @property
    def side_right(self) -> bool:
        """Whether value and side are right."""
        return self.right and self.label.side in (None, self.seen.side)

    @property
    def spoken(self) -> bool:
        """Whether the app would say the value as sure."""
        return self.identified.found.spoken

    @property
    def wrong(self) -> bool:
        """Whether the app would say a wrong value as sure, or any value without a note."""
        return self.spoken and not self.right

    @property
    def share(self) -> float | None:
        """Share of the frame that the note covers, 0..1; None without corners.

        By the labelled corners, else by those found.
        """
        corners = self._corners()
        if corners is None:
            return None
        # The part inside the frame can only be had of a shape that is not folded over.
        inside = share_in_frame(corners) if cv2.isContourConvex(corners) else 1.0
        return min(note_area(corners) * inside, 1.0)

    @property
    def angle(self) -> float | None:
        """Degrees, -180 to 180, by which the note's top edge is turned clockwise; None without corners.

        By the labelled corners, else by those found.
        """
        corners = self._corners()
        if corners is None:
            return None
        across, down = (corners[1] - corners[0]) * self.identified.size
        return math.degrees(math.atan2(down, across))

    def _corners(self) -> npt.NDArray[Any] | None:
        polygon = self.identified.image.polygon
        if polygon is None:
            return self.seen.corners
        return (polygon / np.array(self.identified.size)).astype(np.float32)


def notes(cases: Iterable[Case]) -> list[Case]:
    """Return the cases that show a note of the currency."""
    return [case for case in cases if case.true is not None]


def without_unreadable(cases: Sequence[Case], readable: frozenset[Path]) -> list[Case]:
    """Return the cases except the notes that no person could read: see `unreadable`."""
    left_out = unreadable([case.identified.image for case in cases], readable)
    return [case for case in cases if case.true is None or case.identified.image.path not in left_out]


def by_source(cases: Sequence[Case], readable: frozenset[Path] = frozenset()) -> dict[str, list[Case]]:
    """Return the cases by "split source kind", sorted.

    readable: blurred frames that a person can read, which come once more by themselves.
    """
    grouped: dict[str, list[Case]] = {}
    for case in cases:
        image = case.identified.image
        name = f"{image.split} {image.source} {image.kind}"
        grouped.setdefault(name, []).append(case)
        if image.path in readable:
            grouped.setdefault(f"{name}, readable", []).append(case)
    return dict(sorted(grouped.items()))
