"""Chooses the speaker for the platform that the app runs on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from currency_app.speech.engines.direct import DirectSpeaker
from currency_app.speech.engines.player import WavPlayer
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.engines.speaker import Speaker
from currency_app.speech.engines.synthesis import WavCache
from currency_app.speech.engines.wav_speaker import WavSpeaker
from currency_app.speech.phrases import Phrases

DEFAULT_RATE = 165
"""Words per minute. At every rate from 140 to 220 a speech recognizer understood every phrase."""


def open_speaker(language: str, rate: int | None, warn: Callable[[str], object] = str) -> Speaker:
    """Return the platform's speaker for a language; it starts no process yet.

    What it makes, it keeps for this language and rate only. language: a code such as "es" or "es-MX". rate: words per
    minute, None for DEFAULT_RATE. warn: called once, on any thread, with a sentence if no voice speaks the language and
    another one does: digits are the same in every voice, but words are not, so that a language that has words for its
    values is not spoken then. Raises CurrencyAppError if there are no phrases in that language.
    """
    phrases = Phrases(language)
    arguments = ["--language", phrases.tag, "--rate", str(DEFAULT_RATE if rate is None else rate)]
    if phrases.in_digits:
        arguments.append("--any-voice")
    warn_once = cache(warn)
    if sys.platform in ("win32", "darwin"):
        return DirectSpeaker(lambda: EngineProcess(arguments, phrases.spoken, warn_once))
    espeak = [*arguments, "--driver", "espeak", "--voice", phrases.espeak_voice]

    def start_child(folder: Path) -> EngineProcess:
        return EngineProcess([*espeak, "--remove", str(folder)], phrases.spoken, warn_once)

    return WavSpeaker(WavCache(start_child), WavPlayer())
