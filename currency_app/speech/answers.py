"""The words that answer a key: the total, how sure the last value is, and the like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from currency_app.events import Maybe, Sighting, Unknown
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
            return self._marked(self.phrases.text("restored", total=self._sum(left)))
        amount = self.phrases.value(note.value, note.currency)
        return self._marked(self.phrases.text("undone", amount=amount, total=self._sum(left)))

    def cleared(self) -> str:
        """Return that the total is nothing again."""
        return self.phrases.text("cleared")

    def read_back(self, notes: Sequence[CountedNote]) -> str:
        """Return the values of notes one by one."""
        if not notes:
            return self.total(notes)
        values = ", ".join(self.phrases.value(note.value, note.currency) for note in notes)
        return self._marked(self.phrases.text("read_back", values=values))

    def unkept(self) -> str:
        """Return that what the user has chosen does not stay."""
        return self.phrases.text("unkept")

    def unlisted(self) -> str:
        """Return that the file of the notes cannot be written."""
        return self.phrases.text("unlisted")

    def details(self, event: Sighting | Maybe | Unknown | None) -> str:
        """Return a value, its side, and how sure it is: of what was said last of a note."""
        match event:
            case Sighting():
                side = [] if event.side is None else [self.phrases.text(event.side)]
                words = [self.phrases.value(event.value, event.currency), *side, self._sureness(event.confidence)]
                return self._marked(", ".join(words))
            case Maybe():
                maybe = self.phrases.maybe(event.value, event.currency)
                return self._marked(f"{maybe}. {self._sureness(event.confidence)}")
            case Unknown():
                return self._marked(self.phrases.unknown())
            case None:
                return self.phrases.nothing_said()

    def muted(self, *, muted: bool) -> str:
        """Return that nothing is said any more but answers to keys, or that all is said again."""
        return self.phrases.text("muted" if muted else "unmuted")

    def rate(self, words_per_minute: int | None) -> str:
        """Return how fast speech is, or without a rate that the app has no say in it."""
        if words_per_minute is None:
            return self.phrases.text("rate_fixed")
        return self.phrases.text("rate", number=self.phrases.number(words_per_minute, "rate"))

    def hint_level(self, level: str) -> str:
        """Return how many hints are said from now on: one of HINT_LEVELS."""
        return self.phrases.text(f"hints_{level}")

    def language(self) -> str:
        """Return what the language calls itself."""
        return self.phrases.text("language_name")

    def unspoken(self, language: str) -> str:
        """Return that no voice speaks a language, which calls itself so."""
        return self.phrases.text("language_unspoken", language=language)

    def help(self, keys: Mapping[str, str]) -> str:
        """Return all keys and what they are for; keys: the key of each action."""
        return ". ".join(f"{self.phrases.key(key)}: {self.phrases.action(name)}" for name, key in keys.items())

    def _sureness(self, confidence: float) -> str:
        """Return how sure something is, 0..1, in whole per cent: never 100, as nothing is certain."""
        percent = max(1, min(99, int(confidence * 100)))
        return self.phrases.text("sureness", number=self.phrases.number(percent, "sureness"))

    def _sum(self, notes: Sequence[CountedNote]) -> str:
        sums = [self.phrases.total(units, count, code) for code, (units, count) in sums_of(notes).items()]
        return ". ".join(sums) or self.phrases.total_none()

    def _marked(self, text: str) -> str:
        return self.phrases.demonstration(text) if self._demonstration else text
