"""A screen reader in virtual time, which comes, goes, hangs and fails."""

from __future__ import annotations

from currency_app.errors import VoiceError
from tests.support.chaos.sound import Words
from tests.support.chaos.virtual_time import VirtualTime

_BEGINS_S, _LETTER_S = 0.3, 0.06
"""Seconds until it begins, and for each letter: some 190 words a minute."""
_TAKEN_S = 0.3
"""Seconds until a speech server has the words."""


class ChaosReader:
    """The desktop's screen reader. What is public may be set at any time.

    interrupts, outlived: see `ScreenReader`; one that is not outlived says nothing any more once it is killed.
    """

    def __init__(self, time: VirtualTime, *, interrupts: bool, outlived: bool) -> None:
        self.name = "chaos reader"
        self.interrupts = interrupts
        self.outlived = outlived
        self.there = False
        """Whether it runs."""
        self.hangs = False
        """Whether it hangs, in whatever it is asked next, until this is False again."""
        self.fails = False
        """Whether it takes no words."""
        self.taken: list[Words] = []
        self._time = time

    def find(self) -> ChaosReader | None:
        """Return it if it runs."""
        self._time.block(lambda: not self.hangs)
        return self if self.there else None

    def kill(self) -> None:
        """End it; its speech server may go on with what it has."""
        self.there = False
        for words in self.taken:
            if words.end_s > self._time.now and not (self.outlived and words.taken_s <= self._time.now - _TAKEN_S):
                words.whole = False

    @property
    def heard(self) -> list[Words]:
        return [words for words in self.taken if words.begin_s <= self._time.now]

    def send(self, text: str, *, interrupt: bool) -> None:
        self._time.block(lambda: not self.hangs)
        self._time.sleep(0.01)
        if self.fails or not self.there:
            raise VoiceError("The screen reader took no words.")
        now = self._time.now
        if interrupt:
            for words in self.taken:
                words.whole &= words.end_s <= now
        quiet = max([now, *(words.end_s for words in self.taken if words.whole)])
        begin = quiet + _BEGINS_S
        self.taken.append(Words(text, begin, begin + _LETTER_S * len(text), whole=True, taken_s=now))

    def is_running(self) -> bool:
        self._time.block(lambda: not self.hangs)
        return self.there

    def close(self) -> None:
        pass
