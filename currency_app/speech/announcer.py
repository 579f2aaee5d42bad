"""Decides what to say of events and when: priorities, repeats and pauses of speech.

It uses only the events' own `t`, no clock and no sound, so a recording replays to the same words.
"""

from __future__ import annotations

from collections.abc import Callable

from currency_app.events import (
    CameraBack,
    CameraCovered,
    CameraLost,
    CameraUncovered,
    DecidedEvent,
    Hint,
    HintKind,
    Maybe,
    NoteLeft,
    Priority,
    Sighting,
    Unknown,
    Utterance,
)
from currency_app.settings import HINT_LEVELS
from currency_app.speech.phrases import Phrases

_FEW_APART = 4.0
"""How many times as far apart hints are when few are said: 5 s, and 12 s for the same one. Chosen by hand."""


class Announcer:
    """Turns events into utterances.

    A value is always said. Hints wait. While a value holds, from its Sighting until the note has left, no hint is said,
    because the user has what they wanted. After a Maybe or an Unknown, hints come back once it has been heard, because
    the user still works on the note.

    All pauses are seconds of source time, chosen by hand; none comes from the literature.

    Args:
        phrases: the texts to say; another language may be set at any time, from any thread.
        demonstration: mark values as the demonstration's, so that nobody takes them for their own notes'.
        hints: one of HINT_LEVELS, which may be set at any time, from any thread. "few" keeps hints _FEW_APART times as
            far apart, and never says that no note is in view, for who knows the app knows that too.
        count: whether the total follows each value, for whoever keeps it.
        repeat_same_hint_s: least time between two equal hints.
        repeat_no_note_s: least time between two "no note in view", which stays true while the user does something else.
        between_hints_s: least time between a hint and whatever was said before it.
        after_maybe_s: least time between a Maybe, or an Unknown, and the next hint.
    """

    def __init__(
        self,
        phrases: Phrases,
        *,
        demonstration: bool = False,
        hints: str = HINT_LEVELS[0],
        count: bool = False,
        repeat_same_hint_s: float = 3.0,
        repeat_no_note_s: float = 20.0,
        between_hints_s: float = 1.2,
        after_maybe_s: float = 4.0,
    ) -> None:
        self.phrases = phrases
        self.hints = hints
        self.demonstration = demonstration
        self.count = count
        self._repeat_same_hint_s = repeat_same_hint_s
        self._repeat_no_note_s = repeat_no_note_s
        self._between_hints_s = between_hints_s
        self._after_maybe_s = after_maybe_s

        self._value_holds = False
        self.camera_lost = False
        """Whether the source gives no pictures now."""
        self._last_said_t: float | None = None
        self._last_maybe_t: float | None = None
        self._last_hint_t: dict[HintKind, float] = {}
        self._last_words: Callable[[Phrases], str] | None = None
        self._before_hint: tuple[Hint, float | None, float | None] | None = None

    def handle(self, event: DecidedEvent) -> Utterance | None:
        """Return what to say about this event now, or None; the event log has its text as the event's "text"."""
        match event:
            case Sighting():
                self._value_holds = True
                return self._say_value(event.t, lambda phrases: phrases.value(event.value, event.currency))
            case Maybe():
                self._value_holds = False
                self._last_maybe_t = event.t
                return self._say_value(event.t, lambda phrases: phrases.maybe(event.value, event.currency))
            case Unknown():
                self._value_holds = False
                self._last_maybe_t = event.t
                return self._say_value(event.t, Phrases.unknown)
            case Hint():
                return self._hint(event)
            case NoteLeft():
                self._value_holds = False
                return None
            case CameraLost():
                # Without pictures nobody sees the note leave, and hints must not stay off for good.
                self._value_holds = False
                return self._camera(event.t, lost=True)
            case CameraBack():
                return self._camera(event.t, lost=False)
            case CameraCovered():
                return self._say_status(event.t, self.phrases.camera_covered())
            case CameraUncovered():
                return self._say_status(event.t, self.phrases.camera_uncovered())

    def take_back(self, hint: Hint) -> None:
        """Hear that the words of the last hint were dropped, so that the same hint need not wait."""
        if self._before_hint is not None and self._before_hint[0] is hint:
            _, same_t, self._last_said_t = self._before_hint
            if same_t is None:
                del self._last_hint_t[hint.kind]
            else:
                self._last_hint_t[hint.kind] = same_t
            self._before_hint = None

    def repeat(self) -> Utterance:
        """Return what was said last of a note, in the language of now; if nothing was, the sentence for that."""
        if self._last_words is None:
            return Utterance(self.phrases.nothing_said(), Priority.STATUS)
        text = self._last_words(self.phrases)
        return Utterance(self.phrases.demonstration(text) if self.demonstration else text, Priority.VALUE)

    def _say_value(self, t: float, words: Callable[[Phrases], str]) -> Utterance:
        """Say a value; words: finds them anew for each repeat, as another voice would garble those of a language."""
        self._last_said_t = t
        self._last_words = words
        return self.repeat()

    def _hint(self, hint: Hint) -> Utterance | None:
        same_s = self._repeat_no_note_s if hint.kind is HintKind.NO_NOTE else self._repeat_same_hint_s
        few = self.hints == "few"
        apart = _FEW_APART if few else 1.0
        if (
            self._value_holds
            or self.hints == "off"
            or (few and hint.kind is HintKind.NO_NOTE)
            or _within(hint.t, self._last_hint_t.get(hint.kind), same_s * apart)
            or _within(hint.t, self._last_said_t, self._between_hints_s * apart)
            or _within(hint.t, self._last_maybe_t, self._after_maybe_s)
        ):
            return None
        self._before_hint = (hint, self._last_hint_t.get(hint.kind), self._last_said_t)
        self._last_hint_t[hint.kind] = self._last_said_t = hint.t
        return Utterance(self.phrases.hint(hint.kind), Priority.HINT)

    def _camera(self, t: float, *, lost: bool) -> Utterance | None:
        if lost == self.camera_lost:  # a source may report every failed attempt; the user needs to hear of it once
            return None
        self.camera_lost = lost
        return self._say_status(t, self.phrases.camera_lost() if lost else self.phrases.camera_back())

    def _say_status(self, t: float, text: str) -> Utterance:
        self._last_said_t = t
        return Utterance(text, Priority.STATUS)


def _within(t: float, earlier: float | None, seconds: float) -> bool:
    """Return whether t is less than `seconds` after `earlier`; False if the clock was set back."""
    return earlier is not None and 0 <= t - earlier < seconds
