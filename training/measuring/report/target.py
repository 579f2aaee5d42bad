"""Where the page may be written: never where its pictures could get into a repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

from currency_app.errors import DataError
from training import web_page


def ready_to_write(target: Path) -> None:
    """Raise DataError where the page must not or could not be put: known before any image is read."""
    web_page.ready_to_write(target)
    if target.suffix.lower() != ".html":
        raise DataError(f"{target} is not the name of a page: give one that ends in .html.")
    if could_be_committed(target):
        raise DataError(
            f"{target} lies in a git checkout, where the report's pictures could be published by mistake: "
            "name a place outside it, or in a folder that git ignores, such as runs."
        )


def could_be_committed(target: Path) -> bool:
    """Whether a file, which need not be there yet, lies in a git checkout that does not ignore it."""
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
