"""Voices: what makes the words heard, or read.

    voice = open_voice("auto", phrases.fixed_phrases(values, "USD"), None, "en", sys.stderr)
    voice.say(Utterance("20 dollars", Priority.VALUE))
    voice.wait(5.0)
    voice.close()

Every voice has the interface `base.Voice`.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from currency_app.errors import CurrencyAppError, VoiceError
from currency_app.events import Priority, Utterance
from currency_app.settings import MAX_RATE, MIN_RATE, VOICE_KINDS
from currency_app.speech.engines.platforms import open_speaker
from currency_app.speech.screen_reader.finding import FindScreenReader, screen_reader_finder
from currency_app.speech.voices.around import VoiceAround
from currency_app.speech.voices.base import Voice, rate_is_elsewhere, take_back
from currency_app.speech.voices.changing import ChangingVoice
from currency_app.speech.voices.fallback import FallbackVoice, why_printed
from currency_app.speech.voices.off import OffVoice
from currency_app.speech.voices.screen_reader import ScreenReaderVoice
from currency_app.speech.voices.system import SystemVoice
from currency_app.speech.voices.text import TextVoice
from currency_app.speech.voices.transcript import TranscribedVoice, Transcript
from currency_app.speech.voices.wanted import REACH_S

__all__ = [
    "ChangingVoice",
    "OffVoice",
    "SystemVoice",
    "Voice",
    "VoiceAround",
    "open_voice",
    "rate_is_elsewhere",
    "take_back",
]


def open_voice(
    kind: str,
    phrases_to_cache: Sequence[str],
    rate: int | None,
    language: str,
    stream: TextIO,
    *,
    transcribed: bool = False,
    say_accessible: Callable[[str], object] | None = None,
) -> Voice:
    """Open a voice of one of VOICE_KINDS; returns at once, except that "system" and "screen-reader" are tried first.

    "auto" and "screen-reader" are a chain, of which one voice speaks at a time: the running screen reader, which may
    come and go, else system speech, else words on the stream. "auto" never fails: if there is no speech, it says why on
    the stream, once, and prints the words there.

    Args:
        kind: one of VOICE_KINDS.
        phrases_to_cache: texts likely to be said, the soonest first, made ready in the background.
        rate: words per minute, None for `platforms.DEFAULT_RATE`.
        language: a code of `currency_app.speech.phrases.languages()`.
        stream: where printed words and warnings go.
        transcribed: also print what is heard, except through a screen reader, which would read it as well.
        say_accessible: lets a screen reader say words that the app's window gets, if the app has a window. It is called
            on any thread, at most once a second, and must return at once.

    Raises:
        VoiceError: the kind is unknown or cannot work here; the text says how to fix that.
        CurrencyAppError: the rate is out of range, or there are no phrases in the language.
    """
    if rate is not None and not MIN_RATE <= rate <= MAX_RATE:
        raise CurrencyAppError(
            f"The rate of speech must be from {MIN_RATE} to {MAX_RATE} words per minute, not {rate}."
        )
    match kind:
        case "off":
            return OffVoice()
        case "text":
            return TextVoice(stream)
        case "system":
            return _open_speech(phrases_to_cache, rate, language, stream, probe=True, transcribed=transcribed)
        case "auto" | "screen-reader":
            expected = kind == "screen-reader"
            find = screen_reader_finder(stream, say_accessible, expected=expected)
            if expected:
                _require(find)
            speech = _open_speech(phrases_to_cache, rate, language, stream, probe=False, transcribed=transcribed)
            return ScreenReaderVoice(find, speech)
    raise VoiceError(f"There is no voice {kind!r}. Choose one of: {', '.join(VOICE_KINDS)}.")


def _require(find: FindScreenReader) -> None:
    """Raise VoiceError if no screen reader can be made to speak."""
    reader = find()
    if reader is None:
        raise VoiceError(
            "No screen reader is running that takes words from here: start it first, start the app in a terminal that "
            "it reads, or use --voice auto, which finds one that is started later."
        )
    reader.close()


def _open_speech(
    phrases_to_cache: Sequence[str], rate: int | None, language: str, stream: TextIO, *, probe: bool, transcribed: bool
) -> Voice:
    """Open system speech that prints what it cannot say. probe: try it first, and raise VoiceError if it fails."""
    text = Transcript(stream) if transcribed else TextVoice(stream)
    voice: Voice = text
    try:
        speaker = open_speaker(language, rate, lambda why: text.say(Utterance(why, Priority.STATUS)))
        if probe:
            try:
                with _told_if_slow(text):
                    speaker.probe(phrases_to_cache[0] if phrases_to_cache else "1")
            except VoiceError:
                speaker.close()
                raise
        voice = FallbackVoice(lambda on_error: SystemVoice(speaker, on_error, phrases_to_cache), fallback=text)
    except (VoiceError, OSError, RuntimeError) as error:  # RuntimeError: no thread is to be had
        if probe:
            raise VoiceError(f"System speech cannot work here. {error}") from error
        text.say(why_printed(error))
    return TranscribedVoice(voice, text) if isinstance(text, Transcript) else voice


@contextlib.contextmanager
def _told_if_slow(text: Voice) -> Iterator[None]:
    """Print that speech is waited for if the block takes longer than words may take to be heard."""
    waiting = Utterance("System speech does not answer yet. The app waits for it.", Priority.STATUS)
    timer = threading.Timer(REACH_S, text.say, [waiting])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
