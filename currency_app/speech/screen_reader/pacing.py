"""What is sent to a screen reader, and when: its user also listens to everything else that it says.

It uses only the times that it is called with, no clock and no thread.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from currency_app.events import Priority, Utterance

GAP_S = 1.0
"""Seconds between two messages, at least: a screen reader that says all it gets would fall behind. The value that
follows a hint waits no longer than the hint is spoken."""
HINTS_APART_S = 5.0
"""Seconds between two hints, at least, as with `--hints few`; chosen by hand."""
FRESH_S = 3.0
"""Seconds after a value in which a hint is dropped, about what it takes to put the note away; chosen by hand."""
_LATE_S = 2.0
"""Seconds after which a hint may no longer be said: behind all keys, say, it would tell of where the note was long ago.
Chosen by hand."""

_TAKEN_S = 0.4
"""Seconds until a speech server has the words of what was sent to its screen reader; chosen by hand."""
_START_S, _LETTER_S = 0.5, 0.08
"""Seconds that a screen reader takes to begin, and for each letter, about 150 words a minute. Others are faster."""


@dataclass(frozen=True)
class Message:
    """Words for a screen reader."""

    utterance: Utterance
    """The words, as they are now."""
    interrupt: bool
    """Whether to cut off what is being said."""


@dataclass(frozen=True)
class _Sent:
    utterance: Utterance
    taken_at: float
    ends_at: float


class MessagePacing:
    """Chooses what is sent next.

    Values come first, in their order; of other words that must wait only the newest are kept, and hints never wait: one
    is dropped unless it can be sent at once and said within _LATE_S, no value is fresh, and the last hint was
    HINTS_APART_S ago. There is at most one message in GAP_S, except that a value need not wait where it can cut off
    what is being said, unless that is a value too.
    """

    def __init__(self) -> None:
        self._values: list[Utterance] = []
        self._status: Utterance | None = None
        self._hint: Utterance | None = None
        self._sent: list[_Sent] = []
        self._next_at = self._hint_at = self._fresh_until = -math.inf
        self.quiet_at = -math.inf

    def offer(self, utterance: Utterance, now: float) -> bool:
        """Take words to send, or return False if they are dropped.

        now: seconds of any clock, the same one in all calls.
        """
        match utterance.priority:
            case Priority.VALUE:
                # "Maybe 20 dollars. Turn the note over" need not be said any more once it is 20 dollars.
                self._values = [old for old in self._values if f" {utterance.text}." not in f" {old.text}."]
                self._values.append(utterance)
                self._hint = None
            case Priority.STATUS:
                self._status = utterance
                self._hint = None
            case Priority.HINT:
                if self._values or self._status or now < max(self._next_at, self._hint_at, self._fresh_until):
                    return False
                if now + _LATE_S < self.quiet_at:
                    return False
                self._hint = utterance
        return True

    def take(self, now: float, *, interrupts: bool) -> Message | None:
        """Return what is to be sent now, None for nothing. interrupts: the screen reader can be cut off."""
        cuts = interrupts and bool(self._values) and not self._saying_value(now)
        if now < self._next_at and not cuts:
            return None
        if self._values:
            utterance = self._values.pop(0)
            self._fresh_until = now + FRESH_S
        elif self._status is not None:
            utterance, self._status = _renewed(self._status), None
        elif self._hint is not None:
            utterance, self._hint = self._hint, None
            self._hint_at = now + HINTS_APART_S
        else:
            return None
        begins = now if cuts else max(now, self.quiet_at)
        self.quiet_at = begins + _START_S + _LETTER_S * len(utterance.text)
        self._next_at = now + GAP_S
        self._sent = [sent for sent in self._sent if now < sent.ends_at and not cuts]
        self._sent.append(_Sent(utterance, now + _TAKEN_S, self.quiet_at))
        return Message(utterance, cuts)

    def forget(self, utterance: Utterance) -> None:
        """Send no more what waits, and leave it to nobody."""
        self._values = [other for other in self._values if other is not utterance]
        self._sent = [sent for sent in self._sent if sent.utterance is not utterance]
        self._status = None if self._status is utterance else self._status
        self._hint = None if self._hint is utterance else self._hint

    def waiting(self) -> list[Utterance]:
        """Return what is to be sent, but hints, which are worth nothing later."""
        return [*self._values, *([_renewed(self._status)] if self._status else [])]

    def idle(self, now: float) -> bool:
        """Return whether there is nothing to send, and what was sent has probably been said."""
        return not (self._values or self._status or self._hint) and now >= self.quiet_at

    def unsaid(self, now: float, *, outlived: bool) -> list[Utterance]:
        """Return what was sent, but hints, and a screen reader that has just gone cannot have said.

        outlived: what it has taken is said to the end all the same.
        """
        ends = [(sent.utterance, sent.taken_at if outlived else sent.ends_at) for sent in self._sent]
        return [utterance for utterance, at in ends if now < at and utterance.priority is not Priority.HINT]

    def _saying_value(self, now: float) -> bool:
        return any(now < sent.ends_at and sent.utterance.priority is Priority.VALUE for sent in self._sent)


def _renewed(utterance: Utterance) -> Utterance:
    """Return what had to wait in the words of now."""
    return utterance if utterance.renew is None else replace(utterance, text=utterance.renew())
