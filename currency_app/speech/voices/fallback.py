"""A voice that always gets the words out: speech while it works, printed lines when it does not."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from currency_app.errors import NoSpeechError, VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.voices.base import Voice, take_back
from currency_app.speech.voices.wanted import ErrorHandler


class FallbackVoice:
    """Speaks with a first voice until that fails, and then with a second one that cannot fail.

    The second voice also gives one warning, the first time. Most failures may pass: headphones are plugged in again, a
    busy machine has time again. So after `retry_s` seconds the first voice gets another chance, unless what it needs is
    missing for good, which NoSpeechError tells.

    Args:
        open_first: makes the first voice; its argument is the function to call with what could not be heard.
        fallback: the second voice.
        retry_s: seconds until the first voice is tried again after a failure that may pass.
        clock: returns seconds, as time.monotonic does.
    """

    def __init__(
        self,
        open_first: Callable[[ErrorHandler], Voice],
        fallback: Voice,
        *,
        retry_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fallback = fallback
        self._retry_s = retry_s
        self._clock = clock
        self._fallback_until = -math.inf
        self._warned = False
        self._first = open_first(self._on_speech_error)
        self.name = self._first.name

    def say(self, utterance: Utterance) -> bool:
        """Say it with the first voice, or with the fallback while the first does not work; see `Voice.say`."""
        return self._working().say(utterance)

    def take_back(self, utterance: Utterance) -> None:
        """Take words back from the first voice; what the second one has printed stays."""
        take_back(self._first, utterance)

    def wake(self) -> None:
        """Get the voice ready that will speak next."""
        self._working().wake()

    def wait(self, timeout_s: float) -> bool:
        """Block until both voices are quiet, at most timeout_s seconds. Return whether they are."""
        deadline = time.monotonic() + timeout_s
        return self._first.wait(timeout_s) and self._fallback.wait(max(0.0, deadline - time.monotonic()))

    def close(self) -> None:
        """Stop at once. Safe to call twice."""
        self._first.close()
        self._fallback.close()

    def _working(self) -> Voice:
        return self._fallback if self._clock() < self._fallback_until else self._first

    def _on_speech_error(self, utterance: Utterance | None, error: VoiceError | None) -> None:
        if error is not None:
            may_pass = not isinstance(error, NoSpeechError)
            self._fallback_until = self._clock() + self._retry_s if may_pass else math.inf
            if not self._warned:
                self._warned = True
                self._fallback.say(why_printed(error))
        if utterance is not None:
            self._fallback.say(utterance)


def why_printed(error: Exception) -> Utterance:
    """Return the warning that comes before words that are printed in place of speech."""
    return Utterance(f"No speech, so the words are printed here. {error}", Priority.STATUS)
