"""What is said when the app starts; the very first time also what it cannot tell."""

from __future__ import annotations

from currency_app.paths import state_folder
from currency_app.speech.phrases import Phrases


def greeting(phrases: Phrases, *, demonstration: bool) -> str:
    """The words for the first picture. The first start ever is remembered by an empty file, and by nothing else."""
    ready = phrases.demonstration(phrases.demonstration_ready()) if demonstration else phrases.ready()
    try:
        mark = state_folder() / "started"
        if mark.exists():
            return ready
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        # Where nothing can be kept every start counts as the first: better said too often than never.
        pass
    return f"{phrases.disclaimer()}. {ready}"
