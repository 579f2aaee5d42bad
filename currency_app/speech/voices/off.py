"""A voice without any words."""

from __future__ import annotations

from currency_app.events import Utterance


class OffVoice:
    """Says nothing, for users who read only the event log."""

    def __init__(self) -> None:
        self.name = "off"

    def say(self, utterance: Utterance) -> bool:
        """Do nothing, and return True: nothing more important is being said."""
        return True

    def wake(self) -> None:
        """Do nothing."""

    def wait(self, timeout_s: float) -> bool:
        """Return True at once, since it is always quiet."""
        return True

    def close(self) -> None:
        """Do nothing."""
