"""A voice whose rate and language can be changed while it is in use: another voice takes its place."""

from __future__ import annotations

import threading
from collections.abc import Callable

from currency_app.events import Utterance
from currency_app.speech.phrases import Phrases
from currency_app.speech.voices.around import VoiceAround
from currency_app.speech.voices.base import Voice

OpenVoice = Callable[[int | None, Phrases], Voice]
"""Opens a voice for words per minute, None for its own, and for phrases, which it makes ready in the background.

Raises VoiceError if that cannot speak."""

_QUIET_S = 2.0
"""Seconds that a change waits for what is being said to end: longer than any value."""


class ChangingVoice(VoiceAround):
    """Speaks with one voice until `change` puts another one in its place.

    open_voice: opens each of them, the first now. rate, phrases: for the first one; a rate of None means that voices of
    this kind have none, as one that prints.
    """

    def __init__(self, open_voice: OpenVoice, rate: int | None, phrases: Phrases) -> None:
        super().__init__(open_voice(rate, phrases))
        self.lock = threading.RLock()
        """Held while one voice takes the place of another; hold it to keep words and their voice together."""
        self._open_voice = open_voice
        self.rate = rate
        """Words per minute now."""
        self._closed = False

    def change(self, rate: int | None, phrases: Phrases, on_changed: Callable[[], object]) -> None:
        """Speak at another rate, or other phrases, from now on.

        It may take seconds, so call it on a thread of its own. What is being said may end first. on_changed: called
        together with the change, before anything is said with the new voice. Raises VoiceError if the new one cannot
        speak; then nothing has changed.
        """
        opened = self._open_voice(rate, phrases)
        self._heard.wait(_QUIET_S)
        with self.lock:
            closed = self._closed
            if not closed:
                opened, self._heard = self._heard, opened
                self.rate = rate
                on_changed()
        opened.close()

    def say(self, utterance: Utterance) -> bool:
        """Say it with the voice of now; see `Voice.say`."""
        with self.lock:
            return super().say(utterance)

    def close(self) -> None:
        """Stop at once. Safe to call twice."""
        with self.lock:
            self._closed = True
        super().close()
