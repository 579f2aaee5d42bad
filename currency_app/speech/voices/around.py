"""A voice around another one."""

from __future__ import annotations

from currency_app.events import Utterance
from currency_app.speech.voices.base import Voice, rate_is_elsewhere, take_back


class VoiceAround:
    """Leaves to another voice whatever a class made of this one does not do by itself.

    heard: the voice that speaks.
    """

    def __init__(self, heard: Voice) -> None:
        self._heard = heard

    @property
    def name(self) -> str:
        """What the other voice is called."""
        return self._heard.name

    def say(self, utterance: Utterance) -> bool:
        """Say it; return False if it is dropped. See `Voice.say`."""
        return self._heard.say(utterance)

    def take_back(self, utterance: Utterance) -> None:
        """Silence an utterance, if the other voice can; see `TakesBack`."""
        take_back(self._heard, utterance)

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
