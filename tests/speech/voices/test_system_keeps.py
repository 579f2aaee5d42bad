"""What system speech keeps, hands back and wakes, when words come faster than they can be said."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.voices.system import SystemVoice
from currency_app.speech.voices.wanted import AWAKE_S
from currency_app.testing import FakeClock
from tests.support.fake_speaker import FakePlaying, FakeSpeaker

HINT = Utterance("Move the note closer", Priority.HINT)
LOST = Utterance("The camera has stopped. Trying again", Priority.STATUS)
BACK = Utterance("The camera is working again", Priority.STATUS)
VALUE = Utterance("20 dollars", Priority.VALUE)
OTHER_VALUE = Utterance("5 dollars", Priority.VALUE)
MAYBE = Utterance("Maybe 20 dollars. Turn the note over", Priority.VALUE)


class Spoken:
    """A SystemVoice with its parts in reach."""

    def __init__(self) -> None:
        self.clock = FakeClock(100.0)
        self.speaker = FakeSpeaker()
        self.unheard: list[tuple[Utterance | None, VoiceError | None]] = []
        self.voice = SystemVoice(
            self.speaker, lambda utterance, error: self.unheard.append((utterance, error)), clock=self.clock
        )

    def say(self, *utterances: Utterance) -> FakePlaying:
        """Say the first, and the others while it sounds; return the first."""
        number = len(self.speaker.asked)
        self.voice.say(utterances[0])
        playing = self.speaker.playing(number)
        for utterance in utterances[1:]:
            self.voice.say(utterance)
        return playing

    def finish(self, number: int) -> str:
        """Let the text of this number sound to its end, and return it."""
        playing = self.speaker.playing(number)
        playing.finish()
        return playing.text


@pytest.fixture
def spoken() -> Iterator[Spoken]:
    spoken = Spoken()
    yield spoken
    spoken.voice.close()


def test_a_status_waits_until_a_value_has_sounded(spoken: Spoken) -> None:
    value = spoken.say(VALUE, LOST, HINT)
    assert not spoken.voice.wait(0), "the status is still to be said"
    value.finish()
    assert spoken.finish(1) == LOST.text
    assert spoken.voice.wait(10)
    assert not value.stopped
    assert spoken.speaker.asked == [VALUE.text, LOST.text]


def test_of_several_the_newest_status_is_kept(spoken: Spoken) -> None:
    spoken.say(VALUE, LOST, BACK).finish()
    assert spoken.finish(1) == BACK.text
    assert spoken.voice.wait(10)
    assert len(spoken.speaker.asked) == 2


def test_a_newer_value_goes_before_a_kept_status(spoken: Spoken) -> None:
    spoken.say(VALUE, LOST, OTHER_VALUE)
    assert spoken.finish(1) == OTHER_VALUE.text
    assert spoken.finish(2) == LOST.text
    assert spoken.voice.wait(10)


def test_a_status_that_a_value_cuts_off_is_handed_back(spoken: Spoken) -> None:
    """It is not said again: a greeting would be, after every value, until it had all been said."""
    assert spoken.say(LOST, VALUE).stopped
    assert spoken.finish(1) == VALUE.text
    assert spoken.voice.wait(10)
    assert spoken.unheard == [(LOST, None)]


def test_a_status_that_waits_for_its_speech_is_kept_too(spoken: Spoken) -> None:
    spoken.speaker.ready.clear()
    spoken.voice.say(HINT)
    spoken.speaker.wait_asked(1)
    spoken.voice.say(LOST)
    spoken.voice.say(VALUE)
    spoken.speaker.ready.set()
    assert [spoken.finish(number) for number in (1, 2)] == [VALUE.text, LOST.text]
    assert spoken.voice.wait(10)


def test_a_status_whose_speech_is_being_made_is_kept_too(spoken: Spoken) -> None:
    spoken.speaker.ready.clear()
    spoken.voice.say(LOST)
    spoken.speaker.wait_asked(1)
    spoken.voice.say(VALUE)
    spoken.speaker.ready.set()
    assert [spoken.finish(number) for number in (1, 2)] == [VALUE.text, LOST.text]
    assert spoken.voice.wait(10)
    assert spoken.unheard == []


def test_a_total_that_waited_is_the_total_of_now(spoken: Spoken) -> None:
    totals = ["Total 25 dollars, 2 notes"]
    total = Utterance("Total 20 dollars, 1 note", Priority.STATUS, renew=totals.pop)
    spoken.say(VALUE, total, OTHER_VALUE)
    spoken.finish(1)
    assert spoken.finish(2) == "Total 25 dollars, 2 notes"
    assert spoken.voice.wait(10)


@pytest.mark.parametrize("newer", [OTHER_VALUE, MAYBE])
def test_a_value_that_a_newer_one_cuts_off_is_handed_back_once(spoken: Spoken, newer: Utterance) -> None:
    """As when a player hangs: nobody knows whether it was heard."""
    spoken.say(VALUE, newer)
    spoken.finish(1)
    assert spoken.voice.wait(10)
    assert spoken.unheard == [(VALUE, None)]


def test_a_value_that_never_began_is_handed_back(spoken: Spoken) -> None:
    spoken.speaker.ready.clear()
    spoken.voice.say(HINT)
    spoken.speaker.wait_asked(1)
    spoken.voice.say(VALUE)
    spoken.voice.say(OTHER_VALUE)
    spoken.speaker.ready.set()
    spoken.finish(1)
    assert spoken.voice.wait(10)
    assert spoken.unheard == [(VALUE, None)]


@pytest.mark.parametrize(("older", "newer"), [(VALUE, VALUE), (MAYBE, VALUE)])
def test_words_that_are_said_again_are_not_lost(spoken: Spoken, older: Utterance, newer: Utterance) -> None:
    spoken.say(older, newer)
    spoken.finish(1)
    assert spoken.voice.wait(10)
    assert spoken.unheard == []


def test_a_value_that_closing_cuts_off_is_handed_back(spoken: Spoken) -> None:
    spoken.say(VALUE, LOST)
    spoken.voice.close()
    assert spoken.unheard == [(VALUE, None)]


def test_whatever_goes_wrong_the_voice_goes_on(spoken: Spoken, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(spoken.speaker, "start", lambda text: 1 / 0)
        spoken.voice.say(VALUE)
        assert spoken.voice.wait(10)
    assert "ZeroDivisionError" in str(spoken.unheard[0][1])
    spoken.say(OTHER_VALUE).finish()
    assert spoken.voice.wait(10)


def test_it_wakes_the_loudspeaker_after_a_pause(spoken: Spoken) -> None:
    spoken.voice.wake()
    silence = spoken.speaker.playing(0)
    assert silence.text == ""
    assert spoken.voice.wait(0), "it is no speech"
    silence.finish()
    spoken.clock.sleep(AWAKE_S - 0.1)
    spoken.voice.wake()
    spoken.say(VALUE).finish()
    assert spoken.voice.wait(10)
    spoken.clock.sleep(AWAKE_S + 0.1)
    spoken.voice.wake()
    assert spoken.finish(2) == ""
    assert spoken.speaker.asked == ["", VALUE.text, ""]


def test_waking_neither_delays_nor_cuts_off_words(spoken: Spoken) -> None:
    spoken.voice.wake()
    silence = spoken.speaker.playing(0)
    value = spoken.say(VALUE)
    assert silence.stopped
    spoken.clock.sleep(60)
    spoken.voice.wake()
    assert not value.stopped
    value.finish()
    assert spoken.voice.wait(10)
    assert spoken.speaker.asked == ["", VALUE.text]
    assert spoken.unheard == []


def test_a_loudspeaker_that_does_not_wake_is_no_error(spoken: Spoken) -> None:
    spoken.voice.wake()
    spoken.speaker.playing(0).fail(VoiceError("no sound"))
    spoken.say(VALUE).finish()
    assert spoken.voice.wait(10)
    assert spoken.unheard == []
