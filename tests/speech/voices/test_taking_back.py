"""Words that are taken back fall silent at once, and are neither printed nor said later."""

from __future__ import annotations

import io

import pytest

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.voices.base import take_back
from currency_app.speech.voices.fallback import FallbackVoice
from currency_app.speech.voices.system import SystemVoice
from currency_app.speech.voices.text import TextVoice
from currency_app.speech.voices.transcript import TranscribedVoice, Transcript
from currency_app.testing import FakeClock, FakeVoice
from tests.support.fake_speaker import FakeSpeaker

SENTENCE = Utterance("Hold the note flat towards the camera", Priority.STATUS)
VALUE = Utterance("20 dollars", Priority.VALUE)


class Spoken:
    """A SystemVoice, its speaker, and what it could not make heard."""

    def __init__(self) -> None:
        self.speaker = FakeSpeaker()
        self.unheard: list[tuple[Utterance | None, VoiceError | None]] = []
        self.voice = SystemVoice(self.speaker, lambda *unheard: self.unheard.append(unheard), clock=FakeClock(100.0))


@pytest.fixture
def spoken() -> Spoken:
    return Spoken()


def test_what_sounds_falls_silent_and_is_not_printed(spoken: Spoken) -> None:
    spoken.voice.say(SENTENCE)
    playing = spoken.speaker.playing(0)
    spoken.voice.take_back(SENTENCE)
    assert playing.stopped
    assert spoken.voice.wait(5)
    spoken.voice.close()
    assert spoken.unheard == []


def test_other_words_sound_on(spoken: Spoken) -> None:
    spoken.voice.say(VALUE)
    playing = spoken.speaker.playing(0)
    spoken.voice.take_back(SENTENCE)
    assert not playing.stopped
    playing.finish()
    assert spoken.voice.wait(5)
    spoken.voice.take_back(VALUE)
    spoken.voice.close()


def test_the_next_words_are_said_after_it(spoken: Spoken) -> None:
    spoken.voice.say(SENTENCE)
    spoken.speaker.playing(0)
    spoken.voice.take_back(SENTENCE)
    spoken.voice.say(VALUE)
    assert spoken.speaker.playing(1).text == "20 dollars"
    spoken.voice.close()


def test_a_voice_passes_it_on_to_the_one_that_speaks() -> None:
    heard = FakeVoice()
    transcript = Transcript(io.StringIO())
    voice = TranscribedVoice(FallbackVoice(lambda on_error: heard, transcript), transcript)
    voice.say(SENTENCE)
    take_back(voice, SENTENCE)
    assert heard.taken_back == [SENTENCE]


def test_what_was_printed_stays() -> None:
    stream = io.StringIO()
    voice = TextVoice(stream)
    voice.say(SENTENCE)
    take_back(voice, SENTENCE)
    assert stream.getvalue() == f"{SENTENCE.text}\n"
