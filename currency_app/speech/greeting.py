"""What the app says when it starts, the very first time with the disclaimer."""

from __future__ import annotations

from currency_app.paths import state_folder
from currency_app.speech.phrases import Phrases


def greeting(phrases: Phrases, *, demonstration: bool) -> str:
    """Return the words to say with the first picture, which begin with the disclaimer at the first start ever.

    An empty file in the state folder remembers the first start, and nothing else does.
    """
    ready = phrases.demonstration(phrases.demonstration_ready()) if demonstration else phrases.ready()
    try:
        mark = state_folder() / "started"
        if mark.exists():
            return ready
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        # If nothing can be written, every start counts as the first: better said too often than never.
        pass
    return f"{phrases.disclaimer()}. {ready}"
