"""What system speech does when whatever makes the words hangs: they are handed over in time, once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from currency_app.errors import NoSoundError
from currency_app.events import Priority, Utterance
from currency_app.speech.voices.fallback import FallbackVoice
from currency_app.speech.voices.system import SystemVoice
from currency_app.speech.voices.wanted import REACH_S, ErrorHandler
from currency_app.testing import FakeClock, FakeVoice
from tests.support.fake_speaker import FakePlaying, FakeSpeaker
from tests.support.waiting import wait_until

HINT = Utterance("Move the note closer", Priority.HINT)
LOST = Utterance("The camera has stopped. Trying again", Priority.STATUS)
VALUE = Utterance("20 dollars", Priority.VALUE)
OTHER_VALUE = Utterance("5 dollars", Priority.VALUE)
ALL = pytest.mark.parametrize("utterance", [HINT, LOST, VALUE], ids=lambda utterance: utterance.priority.name)


class Hanging:
    """System speech that falls back to printing, by a clock of its own, with its parts in reach."""

    def __init__(self) -> None:
        self.clock = FakeClock(100.0)
        self.speaker = FakeSpeaker()
        self.print = FakeVoice()
        self.voice = FallbackVoice(self._open, self.print, clock=self.clock)

    def _open(self, on_error: ErrorHandler) -> SystemVoice:
        self.system = SystemVoice(self.speaker, on_error, clock=self.clock)
        return self.system

    def begin(self, utterance: Utterance) -> FakePlaying:
        number = len(self.speaker.asked)
        self.voice.say(utterance)
        return self.speaker.playing(number)

    def printed(self) -> list[str]:
        return [utterance.text for utterance in self.print.said]

    def wait_printed(self, *texts: str) -> None:
        wait_until(lambda: len(self.printed()) >= len(texts), 20)
        assert self.printed() == list(texts)

    def settle(self) -> None:
        """Wait until what is on its way has been looked at."""
        wait_until(lambda: not any(self.system._not_looked_at()), 20)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.speaker.ready.set()
    hanging.voice.close()


def test_words_are_printed_within_two_seconds() -> None:
    assert REACH_S < 2 - 0.1


@ALL
def test_while_the_engine_hangs_words_are_printed(hanging: Hanging, utterance: Utterance) -> None:
    hanging.speaker.ready.clear()
    hanging.voice.say(utterance)
    hanging.speaker.wait_asked(1)
    hanging.clock.sleep(1.7)
    assert hanging.printed() == []
    hanging.clock.sleep(0.2)
    hanging.wait_printed(utterance.text)


@ALL
def test_while_the_player_hangs_words_are_printed(hanging: Hanging, utterance: Utterance) -> None:
    hanging.speaker.hangs = True
    playing = hanging.begin(utterance)
    hanging.clock.sleep(1.9)
    hanging.wait_printed(utterance.text)
    assert not playing.stopped, "a loudspeaker that wakes late is still heard"
    playing.finish()
    assert hanging.voice.wait(10)
    assert hanging.printed() == [utterance.text], "once is enough"


@ALL
def test_words_that_sound_are_not_printed_however_long_they_are(hanging: Hanging, utterance: Utterance) -> None:
    playing = hanging.begin(utterance)
    hanging.clock.sleep(1.9)
    hanging.settle()
    playing.hangs = True
    hanging.clock.sleep(60)
    playing.finish()
    assert hanging.voice.wait(10)
    assert hanging.printed() == []


def test_words_that_are_late_but_sound_in_time_are_not_printed(hanging: Hanging) -> None:
    hanging.speaker.hangs = True
    playing = hanging.begin(VALUE)
    hanging.clock.sleep(1.5)
    playing.hangs = False
    hanging.clock.sleep(0.5)
    hanging.settle()
    assert hanging.printed() == []
    playing.finish()


def test_an_error_that_comes_later_is_told_without_the_words(hanging: Hanging) -> None:
    hanging.speaker.hangs = True
    playing = hanging.begin(VALUE)
    hanging.clock.sleep(1.9)
    hanging.wait_printed(VALUE.text)
    playing.fail(NoSoundError("The player hangs."))
    assert hanging.voice.wait(10)
    hanging.voice.say(OTHER_VALUE)
    hanging.wait_printed(VALUE.text, "No speech, so the words are printed here. The player hangs.", OTHER_VALUE.text)


def test_speech_that_was_late_once_is_used_again(hanging: Hanging) -> None:
    hanging.speaker.hangs = True
    playing = hanging.begin(VALUE)
    hanging.clock.sleep(1.9)
    hanging.wait_printed(VALUE.text)
    hanging.speaker.hangs = False
    second = hanging.begin(OTHER_VALUE)
    assert playing.stopped
    hanging.clock.sleep(1.9)
    hanging.settle()
    second.finish()
    assert hanging.voice.wait(10)
    assert hanging.printed() == [VALUE.text]


def test_words_behind_a_thread_that_hangs_are_printed_too(hanging: Hanging) -> None:
    hanging.speaker.ready.clear()
    hanging.voice.say(HINT)
    hanging.speaker.wait_asked(1)
    hanging.voice.say(VALUE)
    hanging.clock.sleep(1.9)
    hanging.wait_printed(VALUE.text)
    hanging.voice.say(OTHER_VALUE)
    hanging.clock.sleep(1.9)
    hanging.wait_printed(VALUE.text, OTHER_VALUE.text)


def test_a_value_that_is_cut_off_while_the_thread_hangs_is_printed_once(hanging: Hanging) -> None:
    hanging.speaker.ready.clear()
    hanging.voice.say(VALUE)
    hanging.speaker.wait_asked(1)
    hanging.voice.say(OTHER_VALUE)
    hanging.clock.sleep(1.9)
    hanging.wait_printed(VALUE.text, OTHER_VALUE.text)
    hanging.speaker.ready.set()
    assert hanging.voice.wait(10)
    hanging.voice.close()
    assert hanging.printed() == [VALUE.text, OTHER_VALUE.text]


def test_a_status_that_waits_for_a_value_is_printed_if_that_hangs(hanging: Hanging) -> None:
    hanging.speaker.hangs = True
    hanging.begin(VALUE)
    hanging.voice.say(LOST)
    hanging.clock.sleep(1.9)
    hanging.wait_printed(VALUE.text, LOST.text)


def test_a_status_that_waits_for_a_value_that_sounds_is_not_printed(hanging: Hanging) -> None:
    value = hanging.begin(VALUE)
    hanging.voice.say(LOST)
    hanging.clock.sleep(5)
    hanging.settle()
    value.finish()
    hanging.speaker.playing(1).finish()
    assert hanging.voice.wait(10)
    assert hanging.printed() == []


def test_a_value_that_hangs_while_the_app_ends_is_printed(hanging: Hanging, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("currency_app.speech.voices.system._END_S", 0.0)
    monkeypatch.setattr(hanging.speaker, "close", lambda: None)
    hanging.speaker.ready.clear()
    hanging.voice.say(VALUE)
    hanging.speaker.wait_asked(1)
    hanging.voice.close()
    assert hanging.printed() == [VALUE.text]
