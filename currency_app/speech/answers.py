"""The words that answer a key: the total, what was taken back, and the like."""

from __future__ import annotations

from collections.abc import Sequence

from currency_app.speech.phrases import Phrases
from currency_app.tally import CountedNote, sums_of


class Answers:
    """Finds the words for what the user asks.

    Args:
        phrases: the texts to say; another language may be set at any time, from any thread.
        demonstration: mark amounts as the demonstration's, so that nobody takes them for their own notes'.
    """

    def __init__(self, phrases: Phrases, *, demonstration: bool = False) -> None:
        self.phrases = phrases
        self._demonstration = demonstration

    def total(self, notes: Sequence[CountedNote]) -> str:
        """Return the sum of notes, such as "Total 45 dollars, 3 notes", each currency by itself."""
        return self._marked(self._sum(notes))

    def undone(self, note: CountedNote | None, left: Sequence[CountedNote]) -> str:
        """Return that a note counts no longer, or without one that a clear was taken back, and the sum now."""
        if note is None:
            return self._marked(self.phrases.restored(self._sum(left)))
        return self._marked(self.phrases.undone(note.value, note.currency, self._sum(left)))

    def cleared(self) -> str:
        """Return that the total is nothing again."""
        return self.phrases.cleared()

    def read_back(self, notes: Sequence[CountedNote]) -> str:
        """Return the values of notes one by one."""
        if not notes:
            return self.total(notes)
        return self._marked(self.phrases.read_back((note.value, note.currency) for note in notes))

    def unlisted(self) -> str:
        """Return that the file of the notes cannot be written."""
        return self.phrases.unlisted()

    def _sum(self, notes: Sequence[CountedNote]) -> str:
        sums = [self.phrases.total(units, count, code) for code, (units, count) in sums_of(notes).items()]
        return ". ".join(sums) or self.phrases.total_none()

    def _marked(self, text: str) -> str:
        return self.phrases.demonstration(text) if self._demonstration else text
