"""What the app says when it starts: at the very first start a short introduction, sentence by sentence."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from currency_app.events import Observation, Priority, Utterance
from currency_app.milestones import reach
from currency_app.paths import state_folder
from currency_app.speech.phrases import Phrases
from currency_app.speech.voices.base import Voice, take_back

_LETTER_S = 0.065
"""Seconds that a letter takes to hear or read: at 165 words a minute, the usual rate, English has 15 a second.

Voices that print, or leave the sound to a screen reader, do not know when they have been heard."""

_MIN_IN_VIEW = 2
"""Observations in a row that must show a note before it ends an introduction: a single one may be wrong."""


Sentence = str | Callable[[Phrases], str]
"""What is said, or what finds it in a language."""


class Greeting:
    """Says sentences one after the other, and no further ones once a note has come into view.

    The first waits for a picture that shows something, for until then the app is not ready. The note's own words must
    not wait, so a sentence that sounds as it comes is cut off. The last one alone, such as "Ready", is never held back.

    Args:
        sentences: what to say.
        on_said: called with the number of sentences that were begun, each time one is.
        phrases: the words of sentences that have a language; `update` may bring others.
    """

    def __init__(
        self,
        sentences: Sequence[Sentence],
        on_said: Callable[[int], object] | None = None,
        phrases: Phrases | None = None,
    ) -> None:
        self._left = deque(sentences)
        self._phrases = phrases or Phrases()
        self._on_said = on_said
        self._begun = 0
        self._sounding: Utterance | None = None
        self._heard_at = -1.0
        self._in_view = 0

    @property
    def introducing(self) -> bool:
        """Whether sentences follow, or one before the last sounds: nothing else should be said of an empty view."""
        return self._begun > 0 and bool(self._left)

    def update(self, observation: Observation, voice: Voice, *, ready: bool, phrases: Phrases | None = None) -> None:
        """Say the next sentence if it is time for that.

        ready: whether the picture shows something. phrases: those of now, if they may have changed.
        """
        if not self._left or not ready or not observation.looked:
            return
        self._in_view = self._in_view + 1 if observation.shows_note else 0
        if self._begun and self._in_view >= _MIN_IN_VIEW:
            self._left.clear()
            if self._sounding is not None:
                take_back(voice, self._sounding)
            return
        if self._begun and (observation.t < self._heard_at or not voice.wait(0)):
            return
        self._phrases = phrases or self._phrases
        sentence = self._left.popleft()
        text = sentence if isinstance(sentence, str) else sentence(self._phrases)
        self._sounding = Utterance(text, Priority.STATUS)
        self._heard_at = observation.t + _LETTER_S * len(self._sounding.text)
        voice.say(self._sounding)
        reach("ready")
        self._begun += 1
        if self._on_said is not None:
            self._on_said(self._begun)


def greeting_for(
    phrases: Phrases,
    *,
    demonstration: bool = False,
    introduce: bool | None = False,
    keys: Mapping[str, str] | None = None,
    notices: Sequence[Sentence] = (),
) -> Greeting:
    """Return what to say when the app starts.

    The first start ever begins with the disclaimer. Empty files in the state folder remember that, and nothing else.

    Args:
        phrases: the words.
        demonstration: the notes are drawn, and none need be held up.
        introduce: tell how to use the app, too; None if no start with a camera has told that before.
        keys: see `Phrases.introduction`.
        notices: what else the user should hear, first of all.
    """

    def ready(phrases: Phrases) -> str:
        return phrases.demonstration(phrases.demonstration_ready()) if demonstration else phrases.ready()

    if introduce or (introduce is None and not _is_marked("introduced")):
        introduction = [
            lambda phrases, number=number: phrases.introduction(keys)[number]
            for number in range(len(phrases.introduction(keys)))
        ]

        def remember(begun: int) -> None:
            # The disclaimer has been heard. A note that comes before it leaves the introduction to the next start.
            if begun == len(notices) + 3:
                for name in ("introduced", "started"):
                    _mark(name)

        return Greeting([*notices, *introduction, ready], remember, phrases)
    if not _is_marked("started"):
        return Greeting(
            [*notices, lambda phrases: f"{phrases.disclaimer()}. {ready(phrases)}"],
            lambda begun: _mark("started"),
            phrases,
        )
    return Greeting([*notices, ready], phrases=phrases)


def _is_marked(name: str) -> bool:
    try:
        return (state_folder() / name).exists()
    except (OSError, RuntimeError):  # RuntimeError: there is no home folder
        return False


def _mark(name: str) -> None:
    """Make an empty file. If that fails, every start counts as the first: better said too often than never."""
    try:
        mark: Path = state_folder() / name
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except (OSError, RuntimeError):
        pass
