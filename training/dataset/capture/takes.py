"""Where new pictures go: a class's folder, under names that say which take they belong to."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from currency_app.errors import DataError
from currency_app.images import FoundImages, find_images, search_images
from training.dataset.labels import BACKGROUND, name_like, parse_label
from training.dataset.manifest import MANIFEST, take_of
from training.writable import check_exports_folder

TAKES_FOR_VALIDATION = 5
"""How many takes a class needs before one of them is kept for validation."""
_JPEG_QUALITY = 92
"""0..100, as OpenCV counts it; chosen by hand."""


class TakeFolder:
    """One take of one class: its pictures are out/class/take-0001.jpg, take-0002.jpg and so on.

    The name up to its last hyphen is the take, as `training.dataset.manifest` reads it, so that the pictures of a take
    never lie in both training and validation. A take is named by the time at which it began: later takes sort behind
    earlier ones, which therefore stay in the split that they were in.

    Raises DataError for a name that is no class, or if a file is in the way. Nothing is made before the first save.
    """

    def __init__(self, out: Path, class_name: str, now: datetime) -> None:
        if class_name != BACKGROUND and parse_label(class_name, class_name[:3]).value is None:
            currency = class_name[:3].lower() if re.match("[A-Za-z]{3}_", class_name) else "usd"
            raise DataError(f"{class_name!r} is not a class: {name_like(class_name, currency)}, or {BACKGROUND}.")
        self.folder = out / class_name
        for place in (out, self.folder):
            if place.exists() and not place.is_dir():
                raise DataError(f"{place} is a file: give a folder.")
        check_exports_folder(self.folder)
        self._manifest = out / MANIFEST
        self.take = self._unused(f"{now:%Y%m%dT%H%M%S}")
        self._number = 0

    def _unused(self, take: str) -> str:
        there = {take_of(path) for path in self._pictures()}
        return next(name for name in (take, *(f"{take}x{n}" for n in range(2, 10_000))) if name not in there)

    def _pictures(self) -> list[Path]:
        return find_images([self.folder]) if self.folder.is_dir() else []

    def summary(self, taken: int) -> str:
        """Return what has come of a take of so many pictures, and what to do next."""
        found = search_images([self.folder]) if self.folder.is_dir() else FoundImages([])
        takes = len({take_of(path) for path in found.images})
        unread = found.unread_sentence(self.folder)
        there = f"Took {taken} picture{'' if taken == 1 else 's'}: {self.folder / self.take}-*.jpg."
        there = f"{there} {unread}" if unread else there
        if self._manifest.is_file():
            return f"{there} {self._manifest} says which pictures are read: add a row for each of these."
        if takes < TAKES_FOR_VALIDATION:
            return (
                f"{there} This is take {takes} of at least {TAKES_FOR_VALIDATION}: every fifth is kept for validation."
            )
        return f"{there} There are {takes} takes."

    def save(self, image: npt.NDArray[np.uint8]) -> Path:
        """Write a picture, whole or not at all, and never over another.

        image: uint8 [h, w, 3] BGR. Raises DataError if it cannot be written.
        """
        packed, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
        self._number += 1
        path = self.folder / f"{self.take}-{self._number:04d}.jpg"
        try:
            if not packed:
                raise OSError
            self.folder.mkdir(parents=True, exist_ok=True)
            stream = path.open("xb")
        except OSError as error:
            raise DataError(f"{path} cannot be written: choose another folder.") from error
        try:
            with stream:
                stream.write(data.tobytes())
        except BaseException as error:
            path.unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise DataError(f"{path} cannot be written: is the disk full?") from error
            raise
        return path
