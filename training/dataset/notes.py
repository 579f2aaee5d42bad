"""Notes cut flat out of scans and photographs, ready to be put into other scenes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.images import read_image
from training.dataset.manifest import LabelledImage
from training.parallel import in_threads
from training.progress import Progress

NOTE_ASPECT = 156 / 66
"""Width over height of a US note, 156 mm by 66 mm; assumed for every currency whose recipe does not say another."""
_MAX_WIDTH = 860
"""Pixels; wider notes are made smaller. About the width of the nearest note in a picture of 320 pixels."""
_MIN_LEVEL_WIDTH = 96
"""Pixels; levels are halved until one is no wider than this. Chosen by hand."""
_MIN_CUT_WIDTH = 150
"""Pixels that a note must take up in a photograph, across, to be cut out of it. Judged by eye."""
_MIN_SHOWN = 0.6
"""Share of a note that its photograph must show for it to be cut out. Judged by eye."""


@dataclass(frozen=True, eq=False)
class FlatNote:
    """One note seen flat, as an image pyramid: each level is half as wide as the one before."""

    class_name: str
    """Such as usd_20_front; another currency's own label for a look-alike."""
    levels: tuple[npt.NDArray[Any], ...]
    """uint8 [h, w, 4] BGRA each, the widest first; alpha is 0 where the photograph did not show the note."""
    design: str = ""
    """Name of its design; empty if nobody says it."""

    def level_for(self, pixels_wide: float) -> npt.NDArray[Any]:
        """Return the smallest level that is at least as wide as the note will be drawn, else the widest."""
        for level in reversed(self.levels):
            if level.shape[1] >= pixels_wide:
                return level
        return self.levels[0]


def flat_note(class_name: str, image: npt.NDArray[Any], design: str = "") -> FlatNote:
    """Return a flat note from an image that shows it to its edges.

    image: uint8 [h, w, 3] BGR or [h, w, 4] BGRA. design: its name, if somebody says it.
    """
    if image.shape[2] == 3:
        image = cv2.cvtColor(image, cv2.COLOR_BGR2BGRA)
    if image.shape[1] > _MAX_WIDTH:
        height = round(image.shape[0] * _MAX_WIDTH / image.shape[1])
        image = cv2.resize(image, (_MAX_WIDTH, height), interpolation=cv2.INTER_AREA)
    levels = [image]
    while levels[-1].shape[1] > _MIN_LEVEL_WIDTH:
        width, height = levels[-1].shape[1] // 2, max(levels[-1].shape[0] // 2, 1)
        levels.append(cv2.resize(levels[-1], (width, height), interpolation=cv2.INTER_AREA))
    return FlatNote(class_name, tuple(levels), design)


def cut_note(
    image: npt.NDArray[Any], polygon: npt.NDArray[np.float32], aspect: float = NOTE_ASPECT
) -> npt.NDArray[Any] | None:
    """Cut out the note inside a polygon and straighten it to its true shape.

    image: uint8 [h, w, 3] BGR. polygon: float32 [4, 2] pixels. aspect: width over height of the note. Returns uint8 [h,
    w, 4] BGRA, or None if the polygon is folded over, is smaller than can be read, or shows under 60 % of the note.
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
    return cut if cut[..., 3].mean() > _MIN_SHOWN * 255 else None


def check_readable(images: Iterable[LabelledImage], progress: Progress) -> None:
    """Open every image, before work begins that needs it at its end. Raises ImageError if one cannot be read."""

    def opened(path: Path) -> None:
        read_image(path)

    in_threads(opened, list(dict.fromkeys(image.path for image in images)), progress)


def cut_notes(images: Iterable[LabelledImage], aspect: float = NOTE_ASPECT) -> list[FlatNote]:
    """Return every note that can be had flat: scans as they are, photographs by their polygons.

    aspect: width over height of the notes in photographs.
    """
    notes = []
    for labelled in images:
        if labelled.kind == "scan":
            notes.append(flat_note(labelled.class_name, read_image(labelled.path), labelled.series))
        elif labelled.kind == "photo" and labelled.polygon is not None:
            cut = cut_note(read_image(labelled.path), labelled.polygon, aspect)
            if cut is not None:
                notes.append(flat_note(labelled.class_name, cut, labelled.series))
    return notes
