"""Events become words, keys get their answers, and both agree on the running total."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator

from currency_app.controls import ACTIONS
from currency_app.dialogue.choices import KeepChoice, LiveChoices
from currency_app.events import (
    AppEvent,
    Cleared,
    DecidedEvent,
    Hint,
    Maybe,
    Priority,
    Sighting,
    Total,
    Undone,
    Unknown,
    Utterance,
)
from currency_app.speech import Announcer, Answers
from currency_app.speech.phrases import Phrases
from currency_app.speech.voices.base import Voice
from currency_app.tally import CountedNote, NoteListFile, RunningTotal, sums_of


class Dialogue:
    """Says what is decided, and answers what the user asks.

    Threads: one thread calls `publish` and `due`. Everything without an underscore besides may be called from any
    thread, such as a keyboard's or a window's, and returns at once: what it changes holds at once, and is an event for
    the listeners as soon as the one thread asks what is `due`, in the order in which it happened.

    Args:
        announcer: finds the words for events.
        voice: says them.
    """

    def __init__(self, announcer: Announcer, voice: Voice) -> None:
        self._announcer = announcer
        self._voice = voice
        self._answers = Answers(announcer.phrases, demonstration=announcer.demonstration)
        self._choices = LiveChoices(announcer, self._answers, voice)
        self._note_list: NoteListFile | None = None
        self._total = RunningTotal()
        self._changing = self._choices.lock
        self._due: deque[tuple[AppEvent, str | None]] = deque()
        self._now = 0.0
        self._last: Sighting | Maybe | Unknown | None = None

    def list_notes(self, note_list: NoteListFile) -> None:
        """Have a file list the notes that count; say it if that fails. Call it before anything is published."""
        self._note_list = note_list
        note_list.tell_trouble(self._tell_unlisted)

    def publish(self, event: DecidedEvent) -> None:
        """Say what there is to say about an event, and count the note of a sighting.

        A hint that is not said is no event.
        """
        self._now = event.t
        with self._changing:
            utterance = self._announcer.handle(event)
            said = utterance is not None and not self.muted and self._voice.say(utterance) is not False
            if isinstance(event, Hint) and not said:
                if utterance is not None:
                    self._announcer.take_back(event)
                return
            self._due.append((event, utterance.text if utterance is not None and not self.muted else None))
            if isinstance(event, Sighting | Maybe | Unknown):
                self._last = event
            if isinstance(event, Sighting):
                self._total.count(event)
                told = self._announcer.count and not self.muted
                self._totalled(self._say_status(self.total_text) if told else None)

    def due(self, t: float) -> Iterator[tuple[AppEvent, str | None]]:
        """Yield what the listeners have not heard of, each event with the words that were said about it.

        t: seconds of source time now.
        """
        self._now = t
        while self._due:
            yield self._due.popleft()

    def repeat(self) -> None:
        """Say the last value again, or that there was none yet."""
        with self._changing:
            self._voice.say(self._announcer.repeat())

    def say_total(self) -> None:
        """Say the sum of the values that count."""
        self._say_status(self.total_text)

    def total_text(self) -> str:
        """Return the sum of the values that count, in words."""
        return self._answers.total(self._total.notes)  # without the lock: a voice may ask that holds one of its own

    def undo(self) -> None:
        """Take back the last note that was counted, or the last clear, and say so."""
        with self._changing:
            step = self._total.undo()
            if step is None:
                self.say_total()
                return
            note = step if isinstance(step, CountedNote) else None
            text = self._say(self._answers.undone(note, self._total.notes))
            undone = Undone(self._now, note.currency, note.value) if note else Undone(self._now, None, None)
            self._due.append((undone, text))
            self._totalled(None)

    def clear_total(self) -> None:
        """Count anew from nothing, and say so; `undo` brings the notes back."""
        with self._changing:
            if not self._total.clear():
                self.say_total()
                return
            self._due.append((Cleared(self._now), self._say(self._answers.cleared())))
            self._totalled(None)

    def read_back(self) -> None:
        """Say the values that count, note by note."""
        self._say(self._answers.read_back(self._total.notes))

    def say_details(self) -> None:
        """Say which side was seen last, and how sure its value is."""
        self._say(self._answers.details(self._last))

    def say_help(self) -> None:
        """Say every key and what it is for."""
        self._say(self._answers.help({action.name: action.key for action in ACTIONS}))

    def say_unkept(self) -> None:
        """Say that a setting that the user has chosen elsewhere, as in a dialog, does not stay."""
        self._choices.say_unkept()

    @property
    def muted(self) -> bool:
        """Whether nothing is said but answers to keys."""
        return self._choices.muted

    def toggle_mute(self) -> None:
        """Say nothing any more unless a key asks for it, or say everything again."""
        self._choices.toggle_mute(unlisted=self._note_list is not None and self._note_list.in_trouble)

    def faster(self) -> None:
        """Speak faster, and say how fast."""
        self._choices.change_rate(1)

    def slower(self) -> None:
        """Speak more slowly, and say how fast."""
        self._choices.change_rate(-1)

    def next_hints_level(self) -> None:
        """Say fewer hints, or after none all of them, and say how many."""
        self._choices.next_hints_level()

    def next_language(self) -> None:
        """Speak the next language, and say what it is called."""
        self._choices.next_language()

    def keep_choices(self, keep: KeepChoice) -> None:
        """Have what the user changes kept for the next starts, too. Call it before anything is published."""
        self._choices.keep = keep

    def follow_language(self, on_language: Callable[[Phrases], object]) -> None:
        """Have a function called, on any thread, with the phrases of another language as soon as it is spoken."""
        self._choices.on_language = on_language

    def wait_for_choices(self, timeout_s: float) -> bool:
        """Block until all that the user has changed holds and is kept, at most timeout_s seconds; return whether."""
        return self._choices.wait(timeout_s)

    def _totalled(self, text: str | None) -> None:
        """Tell of the total after it has changed; the caller holds the lock."""
        amounts = {code: units for code, (units, _) in sums_of(self._total.notes).items()}
        self._due.append((Total(self._now, amounts, len(self._total.notes)), text))
        if self._note_list is not None:
            self._note_list.show(self._total.listed, self._now)

    def _say(self, text: str) -> str:
        self._voice.say(Utterance(text, Priority.STATUS))
        return text

    def _say_status(self, words: Callable[[], str]) -> str:
        """Say words that may change while they wait, and return those of now."""
        text = words()
        self._voice.say(Utterance(text, Priority.STATUS, renew=words))
        return text

    def _tell_unlisted(self) -> None:
        if not self.muted:
            self._say(self._answers.unlisted())
