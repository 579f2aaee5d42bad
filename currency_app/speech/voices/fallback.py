"""A voice that always gets the words out: speech while it works, printed lines where it does not."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from currency_app.errors import NoSoundError, VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.voices.base import Voice
from currency_app.speech.voices.system import ErrorHandler


class FallbackVoice:
    """Speaks with the first voice; what that cannot say, and all that comes after it, goes to the second.

    One warning is given. A sound device may come back, as headphones do, so after `retry_s` seconds the first voice
    gets another chance; where the speech itself is missing it does not.

    open_first: makes the first voice, given the function that it must call with what could not be heard.
    then: a voice that cannot fail; the warning goes through it too.
    clock: seconds, as time.monotonic counts them.
    """

    def __init__(
        self,
        open_first: Callable[[ErrorHandler], Voice],
        then: Voice,
        *,
        retry_s: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._then = then
        self._retry_s = retry_s
        self._clock = clock
        self._second_until = -math.inf
        self._warned = False
        self._first = open_first(self._on_speech_error)
        self.name = self._first.name

    def say(self, utterance: Utterance) -> None:
        """Say it with the first voice, or with the second while the first is in trouble."""
        voice = self._then if self._clock() < self._second_until else self._first
        voice.say(utterance)

    def wait(self, timeout_s: float) -> bool:
        """Block until both are quiet, at most so many seconds. True if they are."""
        deadline = time.monotonic() + timeout_s
        return self._first.wait(timeout_s) and self._then.wait(max(0.0, deadline - time.monotonic()))

    def close(self) -> None:
        """Stop at once. Safe to call twice."""
        self._first.close()
        self._then.close()

    def _on_speech_error(self, utterance: Utterance, error: VoiceError) -> None:
        may_come_back = isinstance(error, NoSoundError)
        self._second_until = self._clock() + self._retry_s if may_come_back else math.inf
        if not self._warned:
            self._warned = True
            self._then.say(Utterance(f"No speech, so the words are printed here. {error}", Priority.STATUS))
        self._then.say(utterance)
