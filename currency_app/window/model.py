"""What the window shows and when, without anything that draws: a listener of the app."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from currency_app.arrays import Corners, Image
from currency_app.events import (
    AppEvent,
    CameraBack,
    CameraCovered,
    CameraLost,
    CameraUncovered,
    Frame,
    Hint,
    HintKind,
    Maybe,
    NoteLeft,
    Observation,
    RunSummary,
    Sighting,
    Unknown,
)
from currency_app.speech.phrases import Phrases

_HINT_STAYS_S = 4.0
"""Seconds of source time that a hint is shown: while it holds it is said again every 3 s. Chosen by hand."""
_MESSAGE_STAYS_S = 8.0
"""Seconds of source time for other words, which are said once and may be longer. Chosen by hand."""
_FOR_EVER_S = float("inf")

_Words = Callable[[Phrases], str]
"""Finds words in a language."""


class ValueKind(Enum):
    """What the large words of the window are."""

    PROMPT = "prompt"
    """What to do, as there is no value."""
    SURE = "sure"
    """The value of the note in view."""
    DOUBTFUL = "doubtful"
    """A value that may be wrong, or that the note is not known."""
    LEFT = "left"
    """The value of the note that has just left, as long as no other is in view."""


@dataclass(frozen=True)
class WindowText:
    """The words in the window."""

    value: str
    """The largest words: the value, or what to do to get one."""
    kind: ValueKind
    """What they are."""
    message: str = ""
    """The hint, or what else was said last; empty for nothing."""
    total: str = ""
    """The running total."""
    last: str = ""
    """The note before this one, once its value has gone; empty for none."""
    camera_works: bool = True
    """Whether pictures come; if not, the last one is not to be shown as if it were of now."""


@dataclass(frozen=True, eq=False)
class LivePicture:
    """The newest frame that was read, and where the note is in it."""

    image: Image
    """uint8 [height, width, 3], BGR; nobody changes it."""
    corners: Corners | None
    """The note's own corners, float32 [4, 2], fractions of the picture; None without a note."""
    sure: bool
    """Whether the value of this note has been announced as sure."""


class WindowModel:
    """Keeps what the window shows, from what the app decides and reads.

    The app calls it on its own thread, the window takes what is newest on another. Nothing is queued: a frame that was
    not taken in time is replaced by the next.

    A value stays in large letters after its note has left, because somebody who reads slowly still reads it; as soon as
    another note comes into view it moves to the small line of the last note, so that it is not taken for the new one's.

    phrases: the words of the window's language. demonstration: mark values as the demonstration's.
    """

    def __init__(self, phrases: Phrases, *, demonstration: bool = False) -> None:
        self.on_changed: Callable[[], None] = lambda: None
        """Called on any thread when there is something to take, and not again until it was taken."""
        self._phrases = phrases
        self._demonstration = demonstration
        self._total_text: Callable[[], str] | None = None
        self._lock = threading.Lock()
        self._has_been_told = False
        self._started = False
        self._value_words: _Words = lambda phrases: phrases.window("starting")
        self._last_words: _Words = lambda phrases: ""
        self._text = WindowText(self._value_words(phrases), ValueKind.PROMPT)
        self._picture: LivePicture | None = None
        self._camera_words: _Words | None = None
        self._message_ends_s = _FOR_EVER_S
        self._t = 0.0

    def follow(self, total_text: Callable[[], str], phrases: Phrases) -> None:
        """Show a running total, which is asked for whenever something has happened, and values in these words."""
        self._total_text = total_text
        self._phrases = phrases
        with self._editing():
            self._change(value=self._value_words(phrases), last=self._last_words(phrases))

    def on_event(self, event: AppEvent, text: str | None) -> None:
        """Show what an event is about, and the words that are said about it."""
        with self._editing():
            self._t = event.t
            match event:
                case Sighting():
                    self._show_value(lambda p: p.shown_value(event.value, event.currency), ValueKind.SURE)
                case Maybe():
                    self._show_value(lambda p: p.shown_maybe(event.value, event.currency), ValueKind.DOUBTFUL)
                case Unknown():
                    self._show_value(Phrases.unknown, ValueKind.DOUBTFUL)
                case Hint():
                    lasting = event.kind is HintKind.NO_NOTE
                    self._show_message(text, _FOR_EVER_S if lasting else _HINT_STAYS_S)
                case NoteLeft():
                    self._note_left()
                case CameraLost():
                    self._camera_words = Phrases.camera_lost
                    self._show_message(text or "", _FOR_EVER_S, camera_works=False)
                    self._picture = None
                case CameraCovered():
                    self._camera_words = Phrases.camera_covered
                    self._show_message(text or "", _FOR_EVER_S)
                case CameraBack() | CameraUncovered():
                    self._camera_words = None
                    self._show_message(text or "", _MESSAGE_STAYS_S, camera_works=True)

    def on_frame(self, frame: Frame, observation: Observation) -> None:
        """Show a frame, and take away words that are out of date."""
        with self._editing():
            self._t = frame.t
            if not self._text.camera_works:
                self._camera_words = None
            self._change(camera_works=True)
            if not self._started and self._text.kind is ValueKind.PROMPT:
                self._change_value(self._prompt)
            self._started = True
            if self._text.kind is ValueKind.LEFT and observation.shows_note:
                value = self._value_words
                self._change_value(
                    self._prompt,
                    lambda phrases: phrases.window("last_note").format(value=value(phrases)),
                    kind=ValueKind.PROMPT,
                )
            no_note = self._text.message == self._phrases.hint(HintKind.NO_NOTE)
            if frame.t > self._message_ends_s or (observation.shows_note and no_note):
                self._show_message("", _FOR_EVER_S)
            corners = observation.corners if observation.shows_note else None
            self._picture = LivePicture(frame.image, corners, self._text.kind is ValueKind.SURE)

    def on_end(self, summary: RunSummary) -> None:
        """Do nothing: the window closes by itself."""

    def show_message(self, text: str) -> None:
        """Show words that were said, such as the total that somebody asked for; from any thread."""
        with self._editing():
            self._show_message(text, _MESSAGE_STAYS_S)

    def hide_message(self, text: str) -> None:
        """Show words no longer that were taken back, if they are shown."""
        with self._editing():
            if self._text.message == text:
                self._show_message("", _FOR_EVER_S)

    def take(self) -> tuple[WindowText, LivePicture | None]:
        """Return the words, and the newest picture if one came since the last call; from any thread."""
        with self._lock:
            picture, self._picture, self._has_been_told = self._picture, None, False
            return self._text, picture

    @contextlib.contextmanager
    def _editing(self) -> Iterator[None]:
        """Let nobody else read or write meanwhile; then tell the window, unless it knows that there is something."""
        total = self._total_text() if self._total_text is not None else ""  # not inside: it may have a lock of its own
        with self._lock:
            self._change(total=total)
            yield
            tell, self._has_been_told = not self._has_been_told, True
        if tell:
            self.on_changed()

    def _change(self, **changes: Any) -> None:
        self._text = replace(self._text, **changes)

    def _change_value(self, value: _Words, last: _Words | None = None, **changes: Any) -> None:
        """Change the largest words, and the note before them unless it stays."""
        self._value_words, self._last_words = value, last or self._last_words
        self._change(value=value(self._phrases), last=self._last_words(self._phrases), **changes)

    def _show_value(self, words: _Words, kind: ValueKind) -> None:
        def marked(phrases: Phrases) -> str:
            return phrases.demonstration(words(phrases)) if self._demonstration else words(phrases)

        self._change_value(marked, lambda phrases: "", kind=kind, message="")

    def _show_message(self, text: str | None, seconds: float, **changes: Any) -> None:
        """Show words for some seconds of source time; None leaves those that are there.

        What is wrong with the camera stays behind them: also for who has muted the app, and reads it here alone.
        """
        if text is not None:
            self._message_ends_s = self._t + seconds
            trouble = "" if self._camera_words is None else self._camera_words(self._phrases)
            self._change(message=text if trouble in text else f"{text}. {trouble}".removeprefix(". "))
        self._change(**changes)

    def _note_left(self) -> None:
        kind = self._text.kind
        if kind is ValueKind.SURE:
            self._change(kind=ValueKind.LEFT)
            self._show_message("", _FOR_EVER_S)
        elif kind is ValueKind.DOUBTFUL:  # a doubtful value is worth nothing once its note has gone
            self._change_value(self._prompt, kind=ValueKind.PROMPT)
            self._show_message("", _FOR_EVER_S)

    def _prompt(self, phrases: Phrases) -> str:
        return phrases.demonstration(phrases.demonstration_ready()) if self._demonstration else phrases.ready()
