"""One utterance on its way to the user."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance

REACH_S = 1.8
"""Seconds from `say` in which words must begin to sound; else they are handed over, to be printed within 2 s."""

AWAKE_S = 3.0
"""Seconds without sound after which a loudspeaker may sleep.

PulseAudio and PipeWire suspend an idle one after 5 s, and before that it costs nothing to be too careful."""

ErrorHandler = Callable[[Utterance | None, VoiceError | None], None]
"""Called with each utterance that could not be heard and why.

There is no error for one that was cut off before its end, or that does not sound in time. If such a one fails later,
there is no utterance: its words were handed over before."""


@dataclass(eq=False)
class Wanted:
    """One utterance, and what has become of it."""

    utterance: Utterance
    """What to say."""
    asked_at: float
    """When it was to be said, in seconds of the voice's clock."""
    looked_at: bool = False
    """Whether it was found to sound or not to sound, so that nobody need look again."""
    handed_over: bool = False
    """Whether nothing of it is left to hand over."""

    def renewed(self) -> Utterance:
        """Return what had to wait in the words of now."""
        utterance = self.utterance
        text = utterance.text if utterance.renew is None else utterance.renew()
        return utterance if text == utterance.text else replace(utterance, text=text)

    def is_lost_to(self, newer: Utterance, *, begun: bool) -> bool:
        """Return whether its words are lost if a newer utterance cuts it off, begun or not.

        "Maybe 20 dollars. Turn the note over" is not lost if "20 dollars" follows, nor is a value that is said again.
        """
        if self.handed_over:
            return False
        if self.utterance.priority is Priority.VALUE:
            return f" {newer.text}." not in f" {self.utterance.text}."
        return begun and self.may_be_kept(newer)

    def may_be_kept(self, newer: Utterance) -> bool:
        """Return whether it is said after a newer utterance, if that comes before it has begun."""
        status = self.utterance.priority is Priority.STATUS
        return status and newer.priority is Priority.VALUE and not self.handed_over
