"""Whether the user hears the app: by the screen reader that runs, or by system speech and a loudspeaker."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from currency_app.checks.base import CheckResult
from currency_app.speech import check_speech, spoken_language
from currency_app.speech.engines import FIND_DEVICE, SoundOutput, sound_outputs, why_unheard
from currency_app.speech.phrases import Phrases
from currency_app.speech.screen_reader import (
    ExpectedReader,
    FindScreenReader,
    explain_no_reader,
    screen_reader_finder,
)

AskYesNo = Callable[[str], bool | None]
"""Asks the user a question; None if there is nobody to ask, or no clear answer."""


class HearingChecks:
    """Lets the app's voice say a sentence, and asks whether it was heard.

    Call the checks in this order: each goes by what the ones before it have found.

    Args:
        language: of what is said, as `--language` takes it.
        voice: who speaks, one of VOICE_KINDS.
        ask: asks the user.
        find: finds the screen reader that runs.
        outputs: returns the loudspeakers.
    """

    def __init__(
        self,
        language: str,
        voice: str = "auto",
        ask: AskYesNo = lambda question: None,
        *,
        find: FindScreenReader | None = None,
        outputs: Callable[[], Sequence[SoundOutput]] = sound_outputs,
    ) -> None:
        self._language = language
        self._voice = voice
        self._ask = ask
        self._expected = voice == "screen-reader"
        self._find = screen_reader_finder(sys.stderr, expected=self._expected) if find is None else find
        self._outputs = outputs
        self._reader_name: str | None = None
        self._played = False

    def screen_reader(self) -> CheckResult:
        """Tell which screen reader runs that words can be sent to, and send it a sentence; none is no failure."""
        reader = self._find()
        if reader is None and self._expected:
            return False, f"{explain_no_reader(sys.stderr)} Your voice is {self._voice}: start one."
        if reader is None:
            return True, f"{explain_no_reader(sys.stderr)} The app speaks by itself."
        try:
            if self._voice not in ("auto", "screen-reader"):
                return (
                    True,
                    f"{reader.name} is running. The app does not speak through it: your voice is {self._voice}.",
                )
            reader.send(self._sentence(), interrupt=False)
        finally:
            reader.close()
        self._reader_name = reader.name
        if isinstance(reader, ExpectedReader):
            return True, f"The words are left to {reader.name}, whether or not one runs: your voice is {self._voice}."
        return True, f"{reader.name} is running, and the app speaks through it."

    def speech(self) -> CheckResult:
        """Tell whether system speech works; the sentence sounds, unless something else speaks for the app."""
        aloud = self._reader_name is None and self._voice not in ("text", "off")
        works, line = check_speech(self._language, self._sentence() if aloud else None)
        self._played = works and aloud
        return works, line

    def sound(self) -> CheckResult | None:
        """Tell whether what was said can be heard: the loudspeaker's own state, then the user's word."""
        if self._reader_name is not None:
            if self._ask(f'Did {self._reader_name} say or show "{self._sentence()}"?') is False:
                return False, (
                    f"{self._reader_name} was sent a sentence that you did not get. "
                    "docs/screen-readers.md says what it needs; `--voice system` speaks beside it."
                )
            return None
        if not self._played:
            return None
        outputs = self._outputs()
        trouble = why_unheard(outputs)
        if trouble is not None:
            return False, trouble
        used = next((output for output in outputs if output.is_default), None)
        where = "to the end" if used is None else f"on {used.name}"
        if used is not None and used.volume is not None:
            where += f", at {used.volume:.0%} of its volume"
        sentence = f'"{self._sentence()}"'
        heard = self._ask(f"Did you hear {sentence}?")
        if heard is False:
            return False, f"{sentence} was played {where}, and you did not hear it. {_choose_output(outputs)}"
        return True, f"{sentence} was played {where}{', and you heard it' if heard else ''}."

    def _sentence(self) -> str:
        return Phrases(spoken_language(self._language)).introduction()[0]


def _choose_output(outputs: Sequence[SoundOutput]) -> str:
    """Return what to do if nothing is wrong but nothing is heard."""
    others = [output.name for output in outputs if not output.is_default]
    if others:
        return f"Choose another output in the sound settings, such as {others[0]}, or turn it up."
    return FIND_DEVICE
