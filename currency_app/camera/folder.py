"""A folder of pictures, played as a camera that takes 15 a second."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from currency_app.camera.pacing import Clock, Pacer, Sleep
from currency_app.errors import ImageError, SourceError
from currency_app.events import Frame, SourceEvent
from currency_app.images import read_image, search_images
from currency_app.paths import printable
from currency_app.streams import complain

FOLDER_FPS = 15.0
"""Pictures per second of source time at which a folder is played: as many as in the demonstration."""


class FolderSource:
    """The pictures of a folder as frames, in the order of `paths`.

    A picture that cannot be read is skipped, with a one-line warning on standard error and a gap in the indices.
    """

    def __init__(self, name: str, paths: Sequence[Path], pacer: Pacer | None = None) -> None:
        """pacer: plays at FOLDER_FPS and drops the pictures that the reader misses; None gives every picture."""
        self.name = name
        self.dropped = 0
        self._paths = paths
        self._pacer = pacer
        self._closed = False

    def events(self) -> Iterator[SourceEvent]:
        """Yield the pictures; t is index / FOLDER_FPS, in seconds. To be called once.

        Raises SourceError at the end if no picture could be read.
        """
        read = 0
        for index, path in enumerate(self._paths):
            if self._closed:
                return
            t, next_t = index / FOLDER_FPS, (index + 1) / FOLDER_FPS
            if self._pacer is not None and not self._pacer.wait(t, next_t):
                self.dropped += not self._closed
                continue
            try:
                image = read_image(path)
            except ImageError as error:
                complain(str(error))
                continue
            read += 1
            yield Frame(image, t, index)
        if not read and not self._closed:
            raise SourceError(f"None of the pictures in {self.name} could be read. Give another folder.")

    def close(self) -> None:
        """End `events`. Safe to call twice and from another thread."""
        self._closed = True
        if self._pacer is not None:
            self._pacer.close()


def open_folder(
    path: Path, *, realtime: bool, clock: Clock = time.monotonic, sleep: Sleep = time.sleep
) -> FolderSource:
    """Open a folder with its sub-folders, whose pictures are in natural order: 2.jpg comes before 10.jpg.

    Raises SourceError if there is no picture in them.
    """
    name = printable(str(path))
    try:
        found = search_images([path])
    except ImageError as error:
        raise SourceError(str(error)) from error
    for sentence in found.sentences(path):
        complain(sentence)
    paths = found.images
    if not paths:
        raise SourceError(f"There are no pictures in {name}. Give a folder that has some.")
    return FolderSource(name, sorted(paths, key=_natural), Pacer(clock, sleep) if realtime else None)


def _natural(path: Path) -> tuple[list[list[str | int]], Path]:
    """Return a path's key for sorting: numbers in its names count as numbers, for frames are numbered without zeros."""
    # Text and numbers take turns, so that one is never compared with the other.
    names = [re.split(r"([0-9]+)", part) for part in (*path.parts[:-1], path.stem)]
    return [[int(word) if place % 2 else word for place, word in enumerate(name)] for name in names], path
