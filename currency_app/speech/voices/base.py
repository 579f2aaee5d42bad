"""The interface of whatever makes the app's words heard."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from currency_app.events import Utterance


class Voice(Protocol):
    """Makes utterances heard. `say` returns at once; the newest utterance that may speak wins.

    `currency_app.testing` has a `FakeVoice` that keeps what it should say.
    """

    @property
    def name(self) -> str:
        """What to call it in messages, such as "system"."""
        ...

    def say(self, utterance: Utterance) -> bool:
        """Start to say it, and return True, unless something of a higher priority is being said.

        Then a STATUS is kept and said after it, and a hint is dropped, which returns False. What is being said with a
        lower or equal priority is cut off. Problems with the sound never raise: the voice prints one warning and falls
        back to text.
        """
        ...

    def wake(self) -> None:
        """Get loudspeakers ready that may sleep after a pause, as words are likely to follow. Returns at once.

        It is not speech: it neither delays nor cuts off words, and `wait` does not wait for it.
        """
        ...

    def wait(self, timeout_s: float) -> bool:
        """Block until nothing is being said, at most timeout_s seconds. True if it is quiet."""
        ...

    def close(self) -> None:
        """Stop at once and free everything. Safe to call twice."""
        ...


@runtime_checkable
class TakesBack(Protocol):
    """A voice that can take words back; one that prints them cannot."""

    def take_back(self, utterance: Utterance) -> None:
        """Silence this utterance at once if it is being said, and forget it if it waits.

        Its words are not printed either.
        """
        ...


def take_back(voice: Voice, utterance: Utterance) -> None:
    """Silence an utterance at once, if the voice can: see `TakesBack`."""
    if isinstance(voice, TakesBack):
        voice.take_back(utterance)


@runtime_checkable
class SetsOwnRate(Protocol):
    """A voice that may speak at a rate that is set elsewhere, as a screen reader does."""

    @property
    def rate_is_elsewhere(self) -> bool:
        """Whether it does so now."""
        ...


def rate_is_elsewhere(voice: Voice) -> bool:
    """Return whether the rate of what speaks now is set elsewhere: see `SetsOwnRate`."""
    return isinstance(voice, SetsOwnRate) and voice.rate_is_elsewhere
