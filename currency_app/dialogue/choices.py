"""What the user changes while the app runs: how much is said, how fast, and in which language."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from currency_app.dialogue.errands import Errands
from currency_app.errors import CurrencyAppError
from currency_app.events import Priority, Utterance
from currency_app.settings import HINT_LEVELS, MAX_RATE, MIN_RATE, SettingValue
from currency_app.speech import Announcer, Answers
from currency_app.speech.phrases import Phrases, languages
from currency_app.speech.voices import ChangingVoice, Voice, rate_is_elsewhere

KeepChoice = Callable[[str, SettingValue | None], object]
"""Keeps a setting for the next starts, by its name in `settings.KEYS`; returns False if that failed."""

_ANSWER_S = 4.0
"""Seconds, at most, in which a key's answer may be heard before it is said that it does not stay; chosen by hand."""

_RATE_STEP = 20
"""Words per minute of one key press: some 10 % of the usual rate, which is easily heard. Chosen by hand."""


class LiveChoices:
    """Changes what was chosen before the run, and says so.

    All of it may be called from any thread, and returns at once. A new rate or language needs another voice, which is
    opened in the background; keys that come meanwhile are added up. Whatever changed is kept, if `keep` is set, but
    `muted`: a start that stays silent would be taken for one that failed.

    announcer, answers: what changes its language and its hints. voice: what says them; only a `ChangingVoice` has
    another rate, and without one a language changes the words alone.
    """

    def __init__(self, announcer: Announcer, answers: Answers, voice: Voice) -> None:
        self.muted = False
        self.keep: KeepChoice | None = None
        self.on_language: Callable[[Phrases], object] | None = None
        self._announcer = announcer
        self._answers = answers
        self._voice = voice
        self._changing_voice = voice if isinstance(voice, ChangingVoice) else None
        self.lock = threading.RLock() if self._changing_voice is None else self._changing_voice.lock
        """Held while something changes; hold it to keep words and their voice together."""
        self._tags = {code: code for code in languages()} | {announcer.phrases.language: announcer.phrases.tag}
        self._code = announcer.phrases.language
        self._wanted_phrases = announcer.phrases
        self._wanted_rate = None if self._changing_voice is None else self._changing_voice.rate
        self._unkept = False
        self._voice_errands, self._keep_errands = Errands("voice-changes"), Errands("kept-choices")

    def toggle_mute(self, *, unlisted: bool = False) -> None:
        """Say nothing any more unless a key asks for it, or say everything again.

        That begins with what may have been said to nobody, and is said once: that the camera is lost, or that notes
        cannot be listed. unlisted: whether that is so.
        """
        with self.lock:
            self.muted = not self.muted
            words = [self._answers.muted(muted=self.muted)]
            if self._announcer.camera_lost and not self.muted:
                words.append(self._announcer.phrases.camera_lost())
            if unlisted and not self.muted:
                words.append(self._answers.unlisted())
            self._say(". ".join(words))

    def next_hints_level(self) -> None:
        """Say fewer hints, or after none all of them, and say how many."""
        with self.lock:
            level = HINT_LEVELS[(HINT_LEVELS.index(self._announcer.hints) + 1) % len(HINT_LEVELS)]
            self._announcer.hints = level
            self._say(self._answers.hint_level(level))
        self._keep("hints", level)

    def change_rate(self, steps: int) -> None:
        """Speak so many steps faster, or more slowly if it is negative, and say how fast."""
        with self.lock:
            if self._wanted_rate is None or rate_is_elsewhere(self._voice):
                self._say(self._answers.rate(None))
                return
            self._wanted_rate = min(max(self._wanted_rate + steps * _RATE_STEP, MIN_RATE), MAX_RATE)
        self._voice_errands.do("voice", self._change_voice)

    def next_language(self) -> None:
        """Speak the next language, in the order of their codes, and say what it is called."""
        with self.lock:
            codes = list(self._tags)
            self._code = codes[(codes.index(self._code) + 1) % len(codes)]
            self._wanted_phrases = self._announcer.phrases.in_language(self._tags[self._code])
            if self._changing_voice is None:
                self._say(self._take_language(self._wanted_phrases))
                return
        self._voice_errands.do("voice", self._change_voice)

    def wait(self, timeout_s: float) -> bool:
        """Block until all that was asked for holds and is kept, at most timeout_s seconds. Return whether it does."""
        deadline = time.monotonic() + timeout_s
        return self._voice_errands.wait(timeout_s) and self._keep_errands.wait(max(0.0, deadline - time.monotonic()))

    def _change_voice(self) -> None:
        """Open the voice that is wanted now, and say what that changes; it may take seconds."""
        voice = self._changing_voice
        assert voice is not None
        with self.lock:
            rate, phrases = self._wanted_rate, self._wanted_phrases
            if rate == voice.rate and phrases is self._announcer.phrases:  # as fast as it can be, or back again
                self._say(self._answers.rate(rate))
                return
        before = voice.rate

        def changed() -> None:
            words = [] if phrases is self._announcer.phrases else [self._take_language(phrases)]
            if rate is not None and rate != before:
                words.append(self._answers.rate(rate))
                self._keep("rate", rate)
            self._say(". ".join(words))

        try:
            voice.change(rate, phrases, changed)
        except (CurrencyAppError, OSError, RuntimeError):  # RuntimeError: no thread is to be had
            with self.lock:
                language = None if phrases is self._announcer.phrases else phrases.text("language_name")
                self._say(self._answers.rate(voice.rate) if language is None else self._answers.unspoken(language))
                self._wanted_rate, self._wanted_phrases = voice.rate, self._announcer.phrases

    def _take_language(self, phrases: Phrases) -> str:
        """Say everything with these phrases from now on, and return what their language is called."""
        self._announcer.phrases = self._answers.phrases = phrases
        if self.on_language is not None:
            self.on_language(phrases)
        self._keep("language", phrases.tag)
        return self._answers.language()

    def _keep(self, name: str, value: SettingValue) -> None:
        keep = self.keep
        if keep is not None:
            self._keep_errands.do(name, lambda: self._tell_unkept(keep(name, value) is False))

    def _tell_unkept(self, unkept: bool) -> None:
        """Say that a choice could not be kept, once until one can."""
        if unkept and not self._unkept:
            self._voice.wait(_ANSWER_S)
            self.say_unkept()
        self._unkept = unkept

    def say_unkept(self) -> None:
        """Say that what the user has chosen does not stay."""
        self._say(self._answers.unkept())

    def _say(self, text: str) -> None:
        self._voice.say(Utterance(text, Priority.STATUS))
