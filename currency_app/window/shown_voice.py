"""A voice whose words the window shows too."""

from __future__ import annotations

from collections.abc import Callable

from currency_app.events import Priority, Utterance
from currency_app.speech.voices import Voice, VoiceAround


class ShownVoice(VoiceAround):
    """A voice that also shows what it says, save hints, which the window hears of as events.

    heard: says the words. show, hide: show words, and show them no longer; may be called from any thread.
    """

    def __init__(self, heard: Voice, show: Callable[[str], None], hide: Callable[[str], None]) -> None:
        super().__init__(heard)
        self._show = show
        self._hide = hide

    def say(self, utterance: Utterance) -> bool:
        """Say it and show it; return False if it is dropped."""
        heard = super().say(utterance)
        if heard is not False and utterance.priority is not Priority.HINT:
            self._show(utterance.text)
        return heard

    def take_back(self, utterance: Utterance) -> None:
        """Silence words and show them no longer."""
        super().take_back(utterance)
        self._hide(utterance.text)
