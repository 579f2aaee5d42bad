"""Words on their way to a voice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum


class Priority(IntEnum):
    """Whether an utterance may interrupt another: it cuts off one of lower or equal priority, never a higher one."""

    HINT = 0
    STATUS = 1
    VALUE = 2


@dataclass(frozen=True)
class Utterance:
    """Words to say now.

    A voice says the newest ones it may, and keeps none but the newest STATUS for later.
    """

    text: str
    """The words, in the user's language."""
    priority: Priority
    """What it may interrupt, and what may interrupt it."""
    renew: Callable[[], str] | None = field(default=None, compare=False, repr=False)
    """Returns the words of now, for words that change while they wait, such as the total; None for lasting ones."""
