"""Notes cut flat out of scans and photographs, ready to be put into other scenes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.images import read_image
from training.dataset.manifest import LabelledImage

NOTE_ASPECT = 156 / 66
"""Width over height of a US note, millimetres."""
_MAX_WIDTH = 860
_MIN_CUT_WIDTH = 150


@dataclass(frozen=True, eq=False)
class FlatNote:
    """One note seen flat, as a pyramid of halved sizes.

    class_name: such as usd_20_front; another currency's own label for look-alikes.
    levels: uint8 [h, w, 4] BGRA each, the widest first; alpha is 0 where the photograph did not show the note.
    """

    class_name: str
    levels: tuple[npt.NDArray[Any], ...]

    def level_for(self, pixels_wide: float) -> npt.NDArray[Any]:
        """The smallest level that is still at least as wide as the note will be drawn."""
        for level in reversed(self.levels):
            if level.shape[1] >= pixels_wide:
                return level
        return self.levels[0]


def flat_note(class_name: str, image: npt.NDArray[Any]) -> FlatNote:
    """A flat note from an image that shows it to its edges, uint8 [h, w, 3] BGR or [h, w, 4] BGRA."""
    if image.shape[2] == 3:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)
    if image.shape[1] > _MAX_WIDTH:
        height = round(image.shape[0] * _MAX_WIDTH / image.shape[1])
        image = cv2.resize(image, (_MAX_WIDTH, height), interpolation=cv2.INTER_AREA)
    levels = [image]
    while levels[-1].shape[1] > 96:
        width, height = levels[-1].shape[1] // 2, max(levels[-1].shape[0] // 2, 1)
        levels.append(cv2.resize(levels[-1], (width, height), interpolation=cv2.INTER_AREA))
    return FlatNote(class_name, tuple(levels))


def cut_note(
    image: npt.NDArray[Any], polygon: npt.NDArray[np.float32], aspect: float = NOTE_ASPECT
) -> npt.NDArray[Any] | None:
    """The note inside a polygon [4, 2] of pixels, straightened to its true shape: uint8 [h, w, 4] BGRA.

    aspect: width over height of the note. None where the polygon is folded over, smaller than can be read, or shows
    under 60 % of the note.
    """
    if not cv2.isContourConvex(polygon):
        return None
    sides = np.linalg.norm(polygon - np.roll(polygon, -1, axis=0), axis=1)
    width = int(min(max(sides[0], sides[2], aspect * max(sides[1], sides[3])), _MAX_WIDTH))
    if width < _MIN_CUT_WIDTH:
        return None
    height = round(width / aspect)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    straighten = cv2.getPerspectiveTransform(polygon, flat)
    cut = cv2.warpPerspective(cv2.cvtColor(image, cv2.COLOR_BGR2BGRA), straighten, (width, height))
    return cut if cut[..., 3].mean() > 0.6 * 255 else None


def cut_notes(images: Iterable[LabelledImage], aspect: float = NOTE_ASPECT) -> list[FlatNote]:
    """Every note that can be had flat: scans as they are, photographs by their polygons. aspect: see `cut_note`."""
    notes = []
    for labelled in images:
        if labelled.kind == "scan":
            notes.append(flat_note(labelled.class_name, read_image(labelled.path)))
        elif labelled.kind == "photo" and labelled.polygon is not None:
            cut = cut_note(read_image(labelled.path), labelled.polygon, aspect)
            if cut is not None:
                notes.append(flat_note(labelled.class_name, cut))
    return notes
