"""Find the images that a user names: files, and folders with their sub-folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from currency_app.errors import ImageError
from currency_app.images.kinds import HEAD_BYTES, IMAGE_SUFFIXES, UNREAD_SUFFIXES, is_common_image
from currency_app.paths import printable

_FILM_OF_JPEGS = frozenset({".mjpg", ".mjpeg", ".mjpe"})
"""Endings of films that begin as a JPEG does: many of them, one after the other."""
_OF_THE_SYSTEM = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"})
"""Names, in lower case, of files that Windows and macOS put into folders by themselves, and that nobody misses."""


@dataclass(frozen=True)
class FoundImages:
    """What some files and folders hold."""

    images: Sequence[Path]
    """The images to read, in their order."""
    unread: Sequence[Path] = ()
    """Pictures in the folders of kinds that cannot be read, such as HEIC."""
    closed: Sequence[Path] = ()
    """Folders that cannot be opened: one that was named, or any in it."""
    others: Sequence[Path] = ()
    """All other files in the folders, except hidden ones."""

    def unread_sentence(self, root: str | os.PathLike[str]) -> str | None:
        """Return how many pictures and folders in a folder cannot be read, and which; None if all can."""
        if Path(root) in self.closed:
            return f"The folder {printable(str(root))} cannot be opened. Check your rights to it."
        said = []
        if self.unread:
            what, them = ("1 file", "it") if len(self.unread) == 1 else (f"{len(self.unread)} files", "them")
            names = _names_below(root, self.unread)
            said.append(f"{printable(str(root))} holds {what} that cannot be read: {names}. Save {them} as JPEG first.")
        if self.closed:
            what, them = ("1 folder", "it") if len(self.closed) == 1 else (f"{len(self.closed)} folders", "them")
            names = _names_below(root, self.closed)
            said.append(
                f"{printable(str(root))} holds {what} that cannot be opened: {names}. Check your rights to {them}."
            )
        return " ".join(said) or None

    def others_sentence(self, root: str | os.PathLike[str]) -> str | None:
        """Return how many files in a folder were passed over as no pictures, and which; None if there are none."""
        if not self.others:
            return None
        one = len(self.others) == 1
        what = "1 file that is no picture" if one else f"{len(self.others)} files that are no pictures"
        return f"{printable(str(root))} holds {what}: {_names_below(root, self.others)}. Nothing was read from there."

    def sentences(self, root: str | os.PathLike[str]) -> list[str]:
        """Return all that is to be said about what was not read in a folder."""
        return [text for text in (self.unread_sentence(root), self.others_sentence(root)) if text]


def find_images(paths: Iterable[str | os.PathLike[str]]) -> list[Path]:
    """List the files among paths, and the images in the folders among them: see `search_images`."""
    return list(search_images(paths).images)


def search_images(paths: Iterable[str | os.PathLike[str]]) -> FoundImages:
    """Find the files among paths, and what the folders among them hold.

    Files are listed whatever their ending. Folders are searched with their sub-folders, through links too; what they
    hold is sorted by name, without hidden files. An image there is known by IMAGE_SUFFIXES, in any case, or by its
    first bytes. A folder without images adds none. Paths are not resolved: an image in a folder is listed as that
    folder's path, joined with the rest. Raises ImageError for a path that does not exist or may not be looked at.
    """
    images: list[Path] = []
    unread: list[Path] = []
    closed: list[Path] = []
    others: list[Path] = []
    for item in paths:
        if not os.fspath(item):
            raise ImageError("An empty name is no image. Give an image or a folder.")
        path = Path(item)
        try:
            is_folder, exists = path.is_dir(), path.exists()
        except PermissionError as error:  # of a folder on the way to it
            raise ImageError(f"{printable(str(path))} may not be read by this account.") from error
        except (OSError, ValueError):  # a name that no file can have
            is_folder = exists = False
        if is_folder:
            files, not_opened = _walk(path)
            closed += not_opened
            for file in files:
                _list_of(file, images, unread, others).append(file)
        elif exists:
            images.append(path)
        else:
            raise ImageError(f"No file or folder {printable(str(path))} was found. Check the name.")
    return FoundImages(images, unread, closed, [path for path in others if path.name.lower() not in _OF_THE_SYSTEM])


def _walk(folder: Path) -> tuple[list[Path], list[Path]]:
    """Return the files of a folder and its sub-folders, sorted, and the folders that could not be opened."""
    files: list[Path] = []
    closed: list[Path] = []
    seen: set[tuple[int, int]] = set()

    def is_new(path: Path) -> bool:
        try:
            stat = path.stat()
        except OSError:
            return True  # os.walk reports it to `refused`
        # A link may lead back to a folder that was searched already, or round in a ring.
        place = (stat.st_dev, stat.st_ino)
        new = place not in seen
        seen.add(place)
        return new

    def refused(error: OSError) -> None:
        closed.append(Path(error.filename))

    is_new(folder)
    for parent, folders, names in os.walk(folder, onerror=refused, followlinks=True):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and is_new(Path(parent, name)))
        files += [Path(parent, name) for name in names if not name.startswith(".")]
    return sorted(files), sorted(closed)


def _list_of(file: Path, images: list[Path], unread: list[Path], others: list[Path]) -> list[Path]:
    """Return which of three lists a file in a folder belongs to."""
    suffix = file.suffix.lower()
    if suffix in IMAGE_SUFFIXES or (suffix not in _FILM_OF_JPEGS and is_common_image(_head(file))):
        return images
    return unread if suffix in UNREAD_SUFFIXES else others


def _head(file: Path) -> bytes:
    try:
        if not file.is_file():  # opening a pipe or a device could block
            return b""
        with file.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""


def _names_below(root: str | os.PathLike[str], files: Sequence[Path]) -> str:
    return ", ".join(printable(os.path.relpath(file, root)) for file in files)
