from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.voices.system import SystemVoice
from currency_app.testing import FakeClock
from tests.support.fake_speaker import FakeSpeaker

HINT = Utterance("Move the note closer", Priority.HINT)
OTHER_HINT = Utterance("Move the note left", Priority.HINT)
STATUS = Utterance("The camera has stopped", Priority.STATUS)
VALUE = Utterance("20 dollars", Priority.VALUE)
OTHER_VALUE = Utterance("5 dollars", Priority.VALUE)

Errors = list[tuple[Utterance | None, VoiceError | None]]


@pytest.fixture
def speaker() -> FakeSpeaker:
    return FakeSpeaker()


@pytest.fixture
def errors() -> Errors:
    return []


@pytest.fixture
def voice(speaker: FakeSpeaker, errors: Errors) -> Iterator[SystemVoice]:
    voice = SystemVoice(speaker, lambda utterance, error: errors.append((utterance, error)), clock=FakeClock())
    yield voice
    voice.close()


def test_it_says_one_after_the_other(voice: SystemVoice, speaker: FakeSpeaker) -> None:
    for number, utterance in enumerate([HINT, VALUE, HINT]):
        voice.say(utterance)
        speaker.playing(number).finish()
        assert voice.wait(10)
    assert speaker.asked == [HINT.text, VALUE.text, HINT.text]
    assert not any(speaker.playing(number).stopped for number in range(3))


@pytest.mark.parametrize(
    ("running", "new"),
    [(HINT, OTHER_HINT), (HINT, STATUS), (HINT, VALUE), (VALUE, OTHER_VALUE)],
    ids=lambda utterance: utterance.priority.name,
)
def test_a_higher_or_equal_priority_cuts_off(
    voice: SystemVoice, speaker: FakeSpeaker, running: Utterance, new: Utterance
) -> None:
    voice.say(running)
    first = speaker.playing(0)
    voice.say(new)
    assert first.stopped, "say itself silences: there is no thread to wait for"
    second = speaker.playing(1)
    second.finish()
    assert voice.wait(10)
    assert (second.text, second.stopped) == (new.text, False)


@pytest.mark.parametrize(("running", "new"), [(VALUE, HINT), (STATUS, HINT)])
def test_a_hint_is_dropped(voice: SystemVoice, speaker: FakeSpeaker, running: Utterance, new: Utterance) -> None:
    voice.say(running)
    first = speaker.playing(0)
    assert not voice.say(new)
    first.finish()
    assert voice.wait(10)
    assert not first.stopped
    assert speaker.asked == [running.text]


def test_of_several_the_newest_is_said(voice: SystemVoice, speaker: FakeSpeaker) -> None:
    speaker.ready.clear()
    voice.say(HINT)
    speaker.wait_asked(1)
    voice.say(OTHER_HINT)
    voice.say(VALUE)
    voice.say(HINT)
    speaker.ready.set()
    assert speaker.playing(0).stopped, "overtaken while it was made"
    speaker.playing(1).finish()
    assert voice.wait(10)
    assert speaker.asked == [HINT.text, VALUE.text]


def test_a_hint_does_not_push_a_waiting_value_aside(voice: SystemVoice, speaker: FakeSpeaker) -> None:
    speaker.ready.clear()
    voice.say(HINT)
    speaker.wait_asked(1)
    voice.say(VALUE)
    voice.say(OTHER_HINT)
    speaker.ready.set()
    speaker.playing(1).finish()
    assert voice.wait(10)
    assert speaker.asked[-1] == VALUE.text


def test_wait_tells_whether_it_is_quiet(voice: SystemVoice, speaker: FakeSpeaker) -> None:
    assert voice.wait(0)
    voice.say(HINT)
    playing = speaker.playing(0)
    assert not voice.wait(0.01)
    playing.finish()
    assert voice.wait(10)


def test_an_error_is_reported_and_does_not_end_the_voice(
    voice: SystemVoice, speaker: FakeSpeaker, errors: Errors
) -> None:
    speaker.error = VoiceError("no speech")
    voice.say(VALUE)
    assert voice.wait(10)
    assert errors == [(VALUE, speaker.error)]
    speaker.error = None
    voice.say(HINT)
    speaker.playing(0).fail(error := VoiceError("no sound"))
    assert voice.wait(10)
    assert errors[1:] == [(HINT, error)]
    voice.say(VALUE)
    speaker.playing(1).finish()
    assert voice.wait(10)


def test_what_was_cut_off_is_no_error(voice: SystemVoice, speaker: FakeSpeaker, errors: Errors) -> None:
    voice.say(HINT)
    speaker.playing(0)
    voice.say(VALUE)
    speaker.playing(1).finish()
    assert voice.wait(10)
    assert errors == []


def test_it_gets_phrases_ready(speaker: FakeSpeaker, errors: Errors) -> None:
    SystemVoice(speaker, lambda *_: None, ["20 dollars", "5 dollars"]).close()
    assert speaker.prepared == ["20 dollars", "5 dollars"]


def quick(voice: SystemVoice) -> None:
    """Close with nothing under way."""
    voice.close()


def while_it_speaks(voice: SystemVoice) -> None:
    voice.say(VALUE)
    voice.close()


@pytest.mark.parametrize("close", [quick, while_it_speaks])
def test_close_stops_and_lets_go(
    voice: SystemVoice, speaker: FakeSpeaker, close: Callable[[SystemVoice], None]
) -> None:
    close(voice)
    voice.close()
    assert speaker.closed
    voice.say(HINT)
    assert HINT.text not in speaker.asked


def test_close_silences_what_is_being_said(voice: SystemVoice, speaker: FakeSpeaker) -> None:
    voice.say(VALUE)
    playing = speaker.playing(0)
    voice.close()
    assert playing.stopped
    assert voice.wait(10)
