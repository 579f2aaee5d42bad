"""Check whether a file or folder may be written, and write it whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from currency_app.errors import DataError


def check_file(target: Path, kind: str, suffixes: tuple[str, ...], *, format_name: str | None = None) -> None:
    """Raise DataError if a file could not be written there, before the work for it begins.

    kind: what the file is, for messages. suffixes: how its name may end, lower case, the usual one first. format_name:
    what a file with such a name is called, if that is not the kind.
    """
    if not target.parent.is_dir():
        raise DataError(f"There is no folder {target.parent} for the {kind}: make it first.")
    if target.is_dir() or target.suffix.lower() not in suffixes:
        raise DataError(f"{target} is not the name of a {format_name or kind}: give one that ends in {suffixes[0]}.")


def check_page(target: Path) -> None:
    """Raise DataError if a page could not be written there."""
    check_file(target, "page", (".html", ".htm"))


def check_private_page(target: Path) -> None:
    """Raise DataError if a page with pictures of real money must not or could not be written there."""
    check_page(target)
    if target.suffix.lower() != ".html":
        raise DataError(f"{target} is not the name of a page: give one that ends in .html.")
    if could_be_committed(target):
        raise DataError(
            f"{target} lies in a git checkout, where the report's pictures could be published by mistake: "
            "name a place outside it, or in a folder that git ignores, such as runs."
        )


def check_clips_folder(folder: Path, *, real: bool) -> None:
    """Raise DataError if clips must not or could not be written there, before any is made.

    real: whether pictures of real money go into them, which must not get into a repository.
    """
    if folder.exists() and not folder.is_dir():
        raise DataError(f"{folder} is a file: name a folder for the clips.")
    if folder.is_dir() and any(folder.iterdir()):
        raise DataError(f"{folder} is not empty: name a new folder for the clips.")
    if not folder.parent.is_dir():
        raise DataError(f"There is no folder {folder.parent} for the clips: make it first.")
    if real and could_be_committed(folder / "truth.jsonl"):
        raise DataError(
            f"{folder} lies in a git checkout, where pictures of real notes could be published by mistake: "
            "name a place outside it, or in a folder that git ignores, such as runs; or add --drawn-only."
        )


def check_exports_folder(folder: Path) -> None:
    """Raise DataError if exports could not be written there, before any is made."""
    there = next(parent for parent in (folder, *folder.absolute().parents) if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise DataError(f"Nothing can be written into {folder}: choose another folder with --out.")


def could_be_committed(target: Path) -> bool:
    """Whether a file, which need not exist yet, lies in a git checkout that does not ignore it."""
    folder = target.parent.resolve()
    there = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    if not any((parent / ".git").exists() for parent in (there, *there.parents)):
        return False
    try:
        asked = subprocess.run(
            ["git", "-C", str(there), "check-ignore", "--quiet", "--", str(folder / target.name)],
            capture_output=True,
            check=False,
        )
    except OSError:  # no git to ask, so nothing is known to be ignored
        return True
    return asked.returncode != 0


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Yield a path beside the target to write to; what is there takes the target's place at the end.

    If the block raises, the target stays as it was and nothing is left beside it. The path ends like the target,
    because some writers choose the format by a name's ending.
    """
    fresh = target.with_name(f".fresh-{target.name}")
    try:
        yield fresh
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def write_text(target: Path, text: str) -> None:
    """Write a text file whole. Raises DataError if it cannot be written; what was there then stays."""
    try:
        with replacing(target) as fresh:
            fresh.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DataError(f"{target} cannot be written: choose another place.") from error


def write_bytes(target: Path, data: bytes) -> None:
    """Write a file whole. Raises DataError if it cannot be written; what was there then stays."""
    try:
        with replacing(target) as fresh:
            fresh.write_bytes(data)
    except OSError as error:
        raise DataError(f"{target} cannot be written: choose another place.") from error


def put_in_place(source: Path, target: Path) -> None:
    """Copy a file or a folder to its place, whole, over what was there.

    Raises OSError if that fails; what was there then stays.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = (target.with_name(f".{word}-{target.name}") for word in ("fresh", "old"))
    _remove(fresh)  # of a copy that was cut short
    try:
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, fresh)
        if target.is_dir():  # cannot be replaced in one go
            target.replace(old)
        fresh.replace(target)
    except OSError:
        _remove(fresh)
        if old.exists():
            old.replace(target)
        raise
    _remove(old)


@contextlib.contextmanager
def filling_folder(folder: Path, work: str) -> Iterator[Path]:
    """Yield a new folder to fill, which takes the place of `folder` at the end.

    folder: not there yet, or empty. work: what fills it, for messages. If the block raises, nothing is left. Raises
    DataError if it cannot be written.
    """
    part = folder.with_name(f".{folder.name}.part")
    try:
        part.mkdir()
    except FileExistsError as error:
        raise DataError(f"{part} is in the way: another {work} writes there, or one was cut off. Remove it.") from error
    except OSError as error:
        raise DataError(f"{folder} cannot be written: choose another place.") from error
    try:
        yield part
        if folder.is_dir():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        raise DataError(f"{folder} cannot be written: choose another place.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
