"""Check whether a file or folder may be written, and write it whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from currency_app.errors import DataError
from training.run_lock import held, refuse_if_held

_FULL = (errno.ENOSPC, errno.EDQUOT)
"""Errors of a disk, or of an account's share of it, that has no space left."""


def check_file(target: Path, kind: str, suffixes: tuple[str, ...], *, format_name: str | None = None) -> None:
    """Raise DataError if a file could not be written there, before the work for it begins.

    kind: what the file is, for messages. suffixes: how its name may end, lower case, the usual one first. format_name:
    what a file with such a name is called, if that is not the kind.
    """
    if not target.parent.is_dir():
        raise DataError(f"There is no folder {target.parent} for the {kind}: make it first.")
    if target.is_dir() or target.suffix.lower() not in suffixes:
        raise DataError(f"{target} is not the name of a {format_name or kind}: give one that ends in {suffixes[0]}.")
    if not os.access(target.parent, os.W_OK):
        raise DataError(f"Nothing can be written into {target.parent}: choose another place for the {kind}.")


def check_page(target: Path) -> None:
    """Raise DataError if a page could not be written there."""
    check_file(target, "page", (".html", ".htm"))


def check_private_page(target: Path) -> None:
    """Raise DataError if a page with pictures of real money must not or could not be written there."""
    check_file(target, "page", (".html",))
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
    """Write a text file as `write_bytes` does; bytes of names that are no UTF-8 become question marks."""
    write_bytes(target, text.encode(errors="replace"))


def write_bytes(target: Path, data: bytes) -> None:
    """Write a file whole. Raises DataError if it cannot be written; what was there then stays."""
    try:
        with replacing(target) as fresh:
            fresh.write_bytes(data)
    except OSError as error:
        raise DataError(f"{target} cannot be written: choose another place.") from error


def put_in_place(source: Path, target: Path) -> None:
    """Copy a file or a folder to its place, whole, over what was there.

    Raises OSError if that fails; what was there then stays, as it does if the copying is interrupted.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = _beside(target, "fresh")
    _clear_leftovers(target)
    try:
        (shutil.copytree if source.is_dir() else shutil.copyfile)(source, fresh)
        _take_place(fresh, target)
    finally:
        _remove(fresh)


@contextlib.contextmanager
def changing_folder(folder: Path) -> Iterator[Path]:
    """Yield a copy of a folder to change, which takes the folder's place at the end.

    folder: need not be there yet; what it holds and nobody changes stays in it. If the block raises or is interrupted,
    the folder stays as it was. A folder that cannot be moved, such as a mounted one or the current one, is changed file
    by file at the end, in the order in which the files were written. Raises DataError if it cannot be written, or if
    another program changes it.
    """
    target, ready = folder.resolve(), False
    whole = not _stays_where_it_is(target)
    fresh = _beside(target, "fresh") if whole else target / ".fresh"
    refuse_if_held(fresh, folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if whole:
            _clear_leftovers(target)
        _remove(fresh)
        fresh.mkdir()
        with held(fresh):
            if target.is_dir():
                without = shutil.ignore_patterns(fresh.name)
                shutil.copytree(target, fresh, symlinks=True, ignore=without, dirs_exist_ok=True)
            ready = True
            yield fresh
            if whole:
                _take_place(fresh, target)
            else:
                _move_files(fresh, target)
    except OSError as error:
        if not ready or error.errno in _FULL or _is_in(error.filename, fresh) or _is_in(error.filename, target):
            raise DataError(f"{folder} cannot be written: free space, or choose another place.") from error
        raise
    finally:
        _remove(fresh)


def _take_place(fresh: Path, target: Path) -> None:
    """Move a file or folder to its place. If that fails or is interrupted, what was there is back."""
    old = _beside(target, "old")
    try:
        if target.is_dir():  # cannot be replaced in one go
            target.replace(old)
        fresh.replace(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.replace(target)
        raise
    _remove(old)


def _clear_leftovers(target: Path) -> None:
    """Remove what a killed process left beside a target; if it left the target only there, put that back."""
    _remove(_beside(target, "fresh"))
    old = _beside(target, "old")
    if old.exists() and not target.exists():
        old.replace(target)
    _remove(old)


def _move_files(fresh: Path, target: Path) -> None:
    """Move files to their places in a folder, the last written last, so that what describes others follows them.

    If that fails or is interrupted, those that were there are back.
    """
    old = target / ".old"
    _remove(old)
    shutil.copytree(target, old, symlinks=True, ignore=shutil.ignore_patterns(fresh.name))
    files = sorted((file for file in fresh.rglob("*") if not file.is_dir()), key=lambda file: file.lstat().st_mtime_ns)
    try:
        for file in files:
            place = target / file.relative_to(fresh)
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)
    except BaseException:
        shutil.copytree(old, target, symlinks=True, dirs_exist_ok=True)
        raise
    finally:
        _remove(old)


def _stays_where_it_is(folder: Path) -> bool:
    """Whether a folder is a mount point, holds the current folder, or lies in one that cannot be written to."""
    there = next((parent for parent in folder.parents if parent.is_dir()), folder)
    return folder.is_dir() and (folder.is_mount() or Path.cwd().is_relative_to(folder) or not os.access(there, os.W_OK))


def _is_in(name: object, folder: Path) -> bool:
    return isinstance(name, str) and Path(name).is_relative_to(folder)


def _beside(target: Path, word: str) -> Path:
    return target.with_name(f".{word}-{target.name}")


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
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif os.path.lexists(path):
        path.unlink()
