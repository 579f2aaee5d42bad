"""Words that are both shown by a window and heard."""

from __future__ import annotations

import contextlib
import io
import sys
import threading
from collections.abc import Callable, Iterator

from currency_app.errors import CurrencyAppError
from currency_app.events import Priority, Utterance
from currency_app.settings import Settings
from currency_app.speech.screen_reader import screen_reader_finder
from currency_app.speech.voices import Voice, VoiceAround, open_voice


class ShownVoice(VoiceAround):
    """A voice that also shows what it says, save hints, which the window hears of as events.

    heard: says the words. show, hide: show words, and show them no longer; may be called from any thread.
    """

    def __init__(self, heard: Voice, show: Callable[[str], None], hide: Callable[[str], None]) -> None:
        super().__init__(heard)
        self._show = show
        self._hide = hide

    def say(self, utterance: Utterance) -> bool:
        """Say it and show it; return False if it is dropped."""
        heard = super().say(utterance)
        if heard is not False and utterance.priority is not Priority.HINT:
            self._show(utterance.text)
        return heard

    def take_back(self, utterance: Utterance) -> None:
        """Silence words and show them no longer."""
        super().take_back(utterance)
        self._hide(utterance.text)


@contextlib.contextmanager
def also_heard(sentence: str, settings: Settings) -> Iterator[None]:
    """Let system speech say an English sentence that a window shows during the block, unless somebody else reads it.

    That is a screen reader that runs, or whoever has chosen a voice without sound. If there is no speech, it is not
    heard.
    """
    voices: list[Voice] = []
    over = threading.Event()

    def say() -> None:
        with contextlib.suppress(CurrencyAppError, OSError, RuntimeError):
            if screen_reader_finder(sys.stderr, str)() is not None:
                return
            voices.append(open_voice("system", [], settings.rate, "en", io.StringIO()))
            if over.is_set():
                voices[0].close()
            else:
                voices[0].say(Utterance(sentence, Priority.STATUS))

    if settings.voice in ("auto", "system"):
        with contextlib.suppress(RuntimeError):  # no thread is to be had
            threading.Thread(target=say, name="spoken-error", daemon=True).start()
    try:
        yield
    finally:
        over.set()
        for voice in voices:
            voice.close()
