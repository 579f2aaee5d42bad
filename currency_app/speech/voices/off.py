"""No words at all."""

from __future__ import annotations

from currency_app.events import Utterance


class OffVoice:
    """Says nothing, for those who read the event log alone."""

    def __init__(self) -> None:
        self.name = "off"

    def say(self, utterance: Utterance) -> None:
        """Nothing."""

    def wait(self, timeout_s: float) -> bool:
        """Always quiet."""
        return True

    def close(self) -> None:
        """Nothing to let go."""
