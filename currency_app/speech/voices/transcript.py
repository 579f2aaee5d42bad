"""Words that are heard and also printed, as in the demonstration, whose values sighted helpers want to read along."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TextIO

from currency_app.events import Utterance
from currency_app.speech.voices.base import Voice
from currency_app.speech.voices.text import TextVoice


class Transcript(TextVoice):
    """A text voice that prints one and the same utterance once, however many voices hand it over."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._printed: deque[Utterance] = deque(maxlen=8)

    def say(self, utterance: Utterance) -> None:
        """Print it now, unless this very utterance, not only its words, was printed before."""
        if not any(utterance is printed for printed in self._printed):
            self._printed.append(utterance)
            super().say(utterance)


class TranscribedVoice:
    """Prints what it says.

    heard: who speaks; where it falls back to text, it must fall back to the same transcript.
    """

    def __init__(self, heard: Voice, transcript: Transcript) -> None:
        self.name = heard.name
        self._heard = heard
        self._transcript = transcript

    def say(self, utterance: Utterance) -> None:
        """Print it and say it."""
        # A copy of its own, so that the same words said again later are printed again.
        utterance = replace(utterance)
        self._transcript.say(utterance)
        self._heard.say(utterance)

    def wait(self, timeout_s: float) -> bool:
        """Block until it has been said, at most timeout_s seconds. True if it is quiet."""
        return self._heard.wait(timeout_s)

    def close(self) -> None:
        """Stop at once. Safe to call twice."""
        self._heard.close()
