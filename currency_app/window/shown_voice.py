"""A voice whose words the window shows too."""

from __future__ import annotations

from collections.abc import Callable

from currency_app.events import Priority, Utterance
from currency_app.speech.voices.base import Voice, rate_is_elsewhere, take_back


class ShownVoice:
    """A voice that also shows what it says, save hints, which the window hears of as events.

    heard: says the words. show, hide: show words, and show them no longer; may be called from any thread.
    """

    def __init__(self, heard: Voice, show: Callable[[str], None], hide: Callable[[str], None]) -> None:
        self.name = heard.name
        self._heard = heard
        self._show = show
        self._hide = hide

    def say(self, utterance: Utterance) -> bool:
        """Say it and show it; return False if it is dropped."""
        heard = self._heard.say(utterance)
        if heard is not False and utterance.priority is not Priority.HINT:
            self._show(utterance.text)
        return heard

    def take_back(self, utterance: Utterance) -> None:
        """Silence words and show them no longer."""
        take_back(self._heard, utterance)
        self._hide(utterance.text)

    @property
    def rate_is_elsewhere(self) -> bool:
        """Whether the rate of what speaks now is set elsewhere."""
        return rate_is_elsewhere(self._heard)

    def wake(self) -> None:
        """Get the loudspeakers ready."""
        self._heard.wake()

    def wait(self, timeout_s: float) -> bool:
        """Block until everything is said, at most timeout_s seconds. Return whether it is quiet."""
        return self._heard.wait(timeout_s)

    def close(self) -> None:
        """Stop at once. Safe to call twice."""
        self._heard.close()
