from __future__ import annotations

import io

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.voices.fallback import FallbackVoice
from currency_app.speech.voices.transcript import TranscribedVoice, Transcript
from currency_app.speech.voices.wanted import ErrorHandler
from currency_app.testing import FakeVoice

TWENTY = Utterance("20 dollars", Priority.VALUE)


class _Broken(FakeVoice):
    """Cannot make anything heard, and hands every utterance back."""

    def __init__(self, on_error: ErrorHandler) -> None:
        super().__init__()
        self._on_error = on_error

    def say(self, utterance: Utterance) -> bool:
        self._on_error(utterance, VoiceError("No loudspeaker."))
        return True


def test_what_is_heard_is_printed_too() -> None:
    heard, printed = FakeVoice(), io.StringIO()
    voice = TranscribedVoice(heard, Transcript(printed))
    voice.say(TWENTY)
    voice.say(TWENTY)
    assert heard.said == [TWENTY, TWENTY]
    assert printed.getvalue() == "20 dollars\n20 dollars\n"


def test_a_hint_that_is_dropped_is_not_printed_again_and_again() -> None:
    heard, printed = FakeVoice(), io.StringIO()
    voice = TranscribedVoice(heard, Transcript(printed))
    closer = Utterance("Move the note closer", Priority.HINT)
    heard.busy = True
    assert [voice.say(closer) for _ in range(3)] == [False] * 3
    heard.busy = False
    assert voice.say(closer)
    assert printed.getvalue() == "Move the note closer\n"


def test_the_voice_that_is_heard_is_woken() -> None:
    heard = FakeVoice()
    TranscribedVoice(heard, Transcript(io.StringIO())).wake()
    assert heard.woken == 1


def test_a_voice_that_falls_back_to_text_prints_each_utterance_once() -> None:
    printed = io.StringIO()
    transcript = Transcript(printed)
    voice = TranscribedVoice(FallbackVoice(_Broken, fallback=transcript), transcript)
    voice.say(TWENTY)
    voice.say(TWENTY)
    lines = printed.getvalue().splitlines()
    assert lines.count("20 dollars") == 2
    assert sum("No loudspeaker" in line for line in lines) == 1
