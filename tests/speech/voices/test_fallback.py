from __future__ import annotations

import io

import pytest

from currency_app.errors import NoSoundError, NoSpeechError, VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.voices.fallback import FallbackVoice
from currency_app.speech.voices.system import SystemVoice
from currency_app.speech.voices.text import TextVoice
from currency_app.speech.voices.wanted import ErrorHandler
from currency_app.testing import FakeClock, FakeVoice
from tests.support.fake_speaker import FakeSpeaker

VALUE = Utterance("20 dollars", Priority.VALUE)
HINT = Utterance("Move the note left", Priority.HINT)
MISSING = NoSpeechError("espeak-ng is missing.")
LATE = VoiceError("The speech engine did not answer within 5 seconds.")
UNPLUGGED = NoSoundError("The headphones are gone.")


class FailingVoice(FakeVoice):
    """Cannot say anything while it has an error."""

    def __init__(self, on_error: ErrorHandler) -> None:
        super().__init__()
        self.error: VoiceError | None = None
        self._on_error = on_error

    def say(self, utterance: Utterance) -> bool:
        if self.error is None:
            return super().say(utterance)
        self._on_error(utterance, self.error)
        return True


class Chain:
    """A FallbackVoice with its parts in reach."""

    def __init__(self) -> None:
        self.clock = FakeClock(100.0)
        self.fallback = FakeVoice()
        self.voice = FallbackVoice(self._open, self.fallback, retry_s=10, clock=self.clock)

    def _open(self, on_error: ErrorHandler) -> FailingVoice:
        self.first = FailingVoice(on_error)
        return self.first

    def printed(self) -> list[str]:
        return [utterance.text for utterance in self.fallback.said]


@pytest.fixture
def chain() -> Chain:
    return Chain()


def test_speech_that_works_is_all_there_is(chain: Chain) -> None:
    chain.voice.say(VALUE)
    assert chain.first.said == [VALUE]
    assert chain.fallback.said == []


@pytest.mark.parametrize("error", [MISSING, UNPLUGGED, LATE])
def test_words_are_never_lost_and_one_warning_is_given(chain: Chain, error: VoiceError) -> None:
    chain.first.error = error
    for _ in range(3):
        chain.voice.say(VALUE)
        chain.clock.sleep(30)
    assert chain.printed() == [
        f"No speech, so the words are printed here. {error}",
        VALUE.text,
        VALUE.text,
        VALUE.text,
    ]


@pytest.mark.parametrize("error", [UNPLUGGED, LATE, VoiceError("The process cannot be started: Out of memory.")])
def test_speech_that_comes_back_is_used_again(chain: Chain, error: VoiceError) -> None:
    chain.first.error = error
    chain.voice.say(VALUE)
    chain.first.error = None
    chain.clock.sleep(9)
    chain.voice.say(HINT)
    assert chain.first.said == [], "not tried again at once"
    chain.clock.sleep(2)
    chain.voice.say(VALUE)
    assert chain.first.said == [VALUE]


def test_missing_speech_is_not_tried_again(chain: Chain) -> None:
    chain.first.error = MISSING
    chain.voice.say(VALUE)
    chain.first.error = None
    chain.clock.sleep(1000)
    chain.voice.say(VALUE)
    assert chain.first.said == []


def test_a_value_that_was_cut_off_is_printed_without_a_warning_and_speech_goes_on(chain: Chain) -> None:
    chain.first._on_error(VALUE, None)
    chain.voice.say(HINT)
    assert chain.printed() == [VALUE.text]
    assert chain.first.said == [HINT]


def test_the_voice_that_speaks_next_is_woken(chain: Chain) -> None:
    chain.voice.wake()
    chain.first.error = UNPLUGGED
    chain.voice.say(VALUE)
    chain.voice.wake()
    assert (chain.first.woken, chain.fallback.woken) == (1, 1)


def test_both_are_waited_for_and_closed(chain: Chain) -> None:
    assert chain.voice.wait(1)
    chain.voice.close()
    assert chain.first.closed
    assert chain.fallback.closed


def test_system_speech_falls_back_to_lines_of_text() -> None:
    stream = io.StringIO()
    speaker = FakeSpeaker(MISSING)
    voice = FallbackVoice(lambda on_error: SystemVoice(speaker, on_error), TextVoice(stream))
    voice.say(VALUE)
    assert voice.wait(10)
    voice.say(HINT)
    voice.close()
    assert stream.getvalue().splitlines() == [
        "No speech, so the words are printed here. espeak-ng is missing.",
        "20 dollars",
        "Move the note left",
    ]
