"""The swap point between the app and whatever makes words heard."""

from __future__ import annotations

from typing import Protocol

from currency_app.events import Utterance


class Voice(Protocol):
    """Makes utterances heard. `say` returns at once; the newest utterance that may speak wins.

    `tests/fakes.py` has a `FakeVoice` that keeps what it was told to say.
    """

    name: str
    """What to call it in messages, such as "system"."""

    def say(self, utterance: Utterance) -> None:
        """Start to say it, cutting off what is being said if that has a lower or equal priority, else drop it.

        Never raises for trouble with the sound: it prints one warning and falls back to text.
        """
        ...

    def wait(self, timeout_s: float) -> bool:
        """Block until nothing is being said, at most timeout_s seconds. True if it is quiet."""
        ...

    def close(self) -> None:
        """Stop at once and let everything go. Safe to call twice."""
        ...
