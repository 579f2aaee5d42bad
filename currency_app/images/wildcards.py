"""Expand wildcards, for shells that leave it to the program, such as those of Windows."""

from __future__ import annotations

import glob
import os
from collections.abc import Sequence
from pathlib import Path

_QUOTES = "'\""


def named_paths(text: str) -> list[str]:
    """Return the files and folders that one word of a command line names, sorted if it has wildcards.

    A word that is the name of something there stands for it, whatever letters it has. Otherwise *, ? and [...] stand
    for any letters, ** for any folders, and quotes around it are dropped: cmd.exe hands on single quotes, and a
    double one after a backslash. A word that matches nothing is returned as it is. What lies in a folder that is named
    too is left out, for a folder stands for all that it holds.
    """
    if _exists(text):
        return [text]
    bare = text.strip(_QUOTES)
    if bare and _exists(bare):
        return [bare]
    for pattern in (bare, _without_sets(bare)):
        # Path.glob takes no absolute patterns, and changes how a path was written.
        found = sorted(glob.glob(pattern, recursive=True)) if _has_wildcards(pattern) else []  # noqa: PTH207
        if found:
            return _outermost(found)
    return [text]


def _outermost(names: Sequence[str]) -> list[str]:
    """Return the names without those of what lies in a folder among them, as "**" finds both."""
    folders = {Path(name) for name in names if os.path.isdir(name)}  # noqa: PTH112 -- Path.is_dir may raise
    return [name for name in names if folders.isdisjoint(Path(name).parents)]


def _has_wildcards(pattern: str) -> bool:
    return glob.has_magic(pattern) and "\0" not in pattern  # no file's name has a zero


def _without_sets(pattern: str) -> str:
    """Return a pattern in which [ is an ordinary letter, as it is in the names that browsers give downloads."""
    return pattern.replace("[", "[[]")


def _exists(text: str) -> bool:
    try:
        return os.path.lexists(text)
    except (OSError, ValueError):
        return False
