"""A voice that is heard and also printed, as in the demonstration, so that sighted helpers can read along."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TextIO

from currency_app.events import Utterance
from currency_app.speech.voices.around import VoiceAround
from currency_app.speech.voices.base import Voice
from currency_app.speech.voices.text import TextVoice


class Transcript(TextVoice):
    """A text voice that prints each utterance object once, however many voices pass it on."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._printed: deque[Utterance] = deque(maxlen=8)  # more than are ever on their way at once

    def say(self, utterance: Utterance) -> bool:
        """Print it now, unless this very object, not only its words, was printed before."""
        if not any(utterance is printed for printed in self._printed):
            self._printed.append(utterance)
            super().say(utterance)
        return True


class TranscribedVoice(VoiceAround):
    """Says each utterance with another voice and prints it too.

    Args:
        heard: the voice that speaks; if it falls back to text, that must be this transcript.
        transcript: prints the words.
    """

    def __init__(self, heard: Voice, transcript: Transcript) -> None:
        super().__init__(heard)
        self._transcript = transcript

    def say(self, utterance: Utterance) -> bool:
        """Say it and print it; return False, and print nothing, if it is dropped, for a dropped hint comes again."""
        # A copy, so that an utterance object that is said again later is printed again.
        utterance = replace(utterance)
        heard = super().say(utterance)
        if heard:
            self._transcript.say(utterance)
        return heard
