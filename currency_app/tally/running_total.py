"""Which notes count, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from currency_app.events import Sighting


@dataclass(frozen=True)
class CountedNote:
    """A note that was announced as sure, and so counts."""

    t: float
    """Seconds of source time when it was announced."""
    currency: str
    """ISO code, upper case."""
    value: int
    """In units of the currency."""
    side: str | None
    """The side that was in view, "front" or "back"; None if that was not told."""


def sums_of(notes: Sequence[CountedNote]) -> Mapping[str, tuple[int, int]]:
    """Return how many units and how many notes there are of each currency, in the order in which they came."""
    sums: dict[str, tuple[int, int]] = {}
    for note in notes:
        units, count = sums.get(note.currency, (0, 0))
        sums[note.currency] = units + note.value, count + 1
    return sums


class RunningTotal:
    """The notes that count, in their order; every step can be taken back, to the first.

    Doubtful values are never counted, and nothing here decides what a note is: the tracker announces each note once.
    One thread at a time may change it; any may read it meanwhile, for what it gives out never changes.
    """

    def __init__(self) -> None:
        self.notes: tuple[CountedNote, ...] = ()
        self._before_clear: tuple[CountedNote, ...] = ()
        self._steps: list[CountedNote | int] = []  # a note, or how many a clear put aside

    @property
    def listed(self) -> tuple[CountedNote, ...]:
        """The notes of the whole run, those before a clear too, but none that was taken back."""
        return (*self._before_clear, *self.notes)

    def count(self, sighting: Sighting) -> None:
        """Count a note that was announced."""
        note = CountedNote(sighting.t, sighting.currency, sighting.value, sighting.side)
        self.notes += (note,)
        self._steps.append(note)

    def clear(self) -> bool:
        """Begin anew at nothing; return whether there was anything to put aside."""
        if not self.notes:
            return False
        self._steps.append(len(self.notes))
        self._before_clear += self.notes
        self.notes = ()
        return True

    def undo(self) -> CountedNote | int | None:
        """Take the last step back, and return it.

        It is the note that counts no longer, or how many notes a clear had put aside; None if there was no step.
        """
        if not self._steps:
            return None
        step = self._steps.pop()
        if isinstance(step, CountedNote):
            self.notes = self.notes[:-1]
        else:  # all that came after the clear was taken back before
            self._before_clear, self.notes = self._before_clear[:-step], self._before_clear[-step:]
        return step
