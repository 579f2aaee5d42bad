"""Folders of the user's account that the app reads and writes."""

from __future__ import annotations

import os
from pathlib import Path


def state_folder() -> Path:
    """Return the folder for what the app remembers between starts; it may not exist yet.

    $XDG_STATE_HOME (XDG base directory specification) or, on Windows, %LOCALAPPDATA%; without either,
    ~/.local/state. RuntimeError if none of them is set and the account has no home folder.
    """
    base = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".local" / "state") / "currency-app"
