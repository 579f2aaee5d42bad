from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.screen_reader.base import ScreenReader
from currency_app.speech.screen_reader.pacing import GAP_S
from currency_app.speech.voices import screen_reader
from currency_app.speech.voices.base import Voice
from currency_app.speech.voices.screen_reader import HANGS_S, ScreenReaderVoice
from currency_app.testing import FakeClock, FakeScreenReader, FakeVoice
from tests.support.waiting import wait_until

TWENTY, FIVE = (Utterance(f"{value} dollars", Priority.VALUE) for value in (20, 5))
CLOSER = Utterance("Move the note closer", Priority.HINT)
READY = Utterance("Ready", Priority.STATUS)


class Desk:
    """A desk with a screen reader that the test starts and ends, system speech, and a clock."""

    def __init__(self) -> None:
        self.running: ScreenReader | None = None
        self.speech = FakeVoice()
        self.clock = FakeClock()
        self.looks = 0
        self.find_gate = threading.Event()
        self.find_gate.set()
        self._voice: ScreenReaderVoice | None = None

    def voice(self) -> ScreenReaderVoice:
        self._voice = ScreenReaderVoice(self.find, self.speech, clock=self.clock)
        return self._voice

    def find(self) -> ScreenReader | None:
        assert self.find_gate.wait(60)
        self.looks += 1
        return self.running

    def texts(self) -> list[str]:
        return [utterance.text for utterance in self.speech.said]

    def close(self) -> None:
        self.find_gate.set()
        if isinstance(self.running, FakeScreenReader):
            self.running.gate.set()
        if self._voice is not None:
            self._voice.close()


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    for name in ("_LOOK_S", "_WATCH_S", "_FIND_S", "_HUNG_S"):
        monkeypatch.setattr(screen_reader, name, 0.005)
    desk = Desk()
    yield desk
    desk.close()


@pytest.fixture
def reader(desk: Desk) -> FakeScreenReader:
    desk.running = reader = FakeScreenReader()
    return reader


def end(desk: Desk, reader: FakeScreenReader) -> None:
    desk.running = None
    reader.running = False


def test_a_screen_reader_that_runs_says_it_and_nobody_else(desk: Desk, reader: FakeScreenReader) -> None:
    voice: Voice = desk.voice()
    assert voice.say(TWENTY)
    wait_until(lambda: reader.sent)
    assert not voice.say(CLOSER)
    desk.clock.now += 60
    assert voice.wait(10)
    assert (reader.sent, desk.texts()) == ([("20 dollars", False)], [])


def test_the_rate_is_its_own_while_it_speaks(desk: Desk, reader: FakeScreenReader) -> None:
    voice = desk.voice()
    wait_until(lambda: voice.rate_is_elsewhere)
    end(desk, reader)
    wait_until(lambda: not voice.rate_is_elsewhere)


def test_without_one_the_other_voice_says_it(desk: Desk) -> None:
    voice = desk.voice()
    voice.say(READY)
    wait_until(lambda: desk.speech.said)
    voice.say(TWENTY)
    voice.wake()
    desk.speech.busy = True
    assert not voice.say(CLOSER)
    assert (desk.texts(), desk.speech.woken) == (["Ready", "20 dollars"], 1)


def test_what_is_said_before_the_first_look_has_ended_is_not_lost(desk: Desk, reader: FakeScreenReader) -> None:
    desk.find_gate.clear()
    voice = desk.voice()
    assert voice.say(TWENTY)
    voice.wake()
    assert not voice.wait(0)
    assert (desk.texts(), desk.speech.woken) == ([], 0)
    desk.find_gate.set()
    wait_until(lambda: reader.sent)
    assert desk.texts() == []


def test_one_that_comes_speaks_once_the_other_voice_is_quiet(desk: Desk) -> None:
    voice = desk.voice()
    wait_until(lambda: desk.looks > 1)
    desk.speech.quiet = False
    voice.say(TWENTY)
    desk.running = reader = FakeScreenReader()
    looks = desk.looks
    wait_until(lambda: desk.looks > looks)
    voice.say(FIVE)
    assert desk.texts() == ["20 dollars", "5 dollars"]
    desk.speech.quiet = True
    wait_until(lambda: voice.say(READY) and reader.sent)
    assert reader.sent[0] == ("Ready", False)


@pytest.mark.parametrize("outlived", [False, True])
def test_one_that_goes_leaves_its_words_to_the_other_voice(
    desk: Desk, reader: FakeScreenReader, outlived: bool
) -> None:
    reader.outlived = outlived
    voice = desk.voice()
    voice.say(TWENTY)
    wait_until(lambda: reader.sent)
    desk.clock.now += GAP_S - 0.1  # it is being said, by a speech server if there is one
    voice.say(FIVE)
    end(desk, reader)
    wait_until(lambda: FIVE in desk.speech.said)
    assert desk.texts() == (["5 dollars"] if outlived else ["20 dollars", "5 dollars"])
    voice.say(READY)
    assert desk.texts()[-1] == "Ready"
    assert reader.closed


def test_one_that_takes_no_words_leaves_them_to_the_other_voice(desk: Desk, reader: FakeScreenReader) -> None:
    reader.error = VoiceError("It took no words.")
    voice = desk.voice()
    voice.say(TWENTY)
    wait_until(lambda: desk.speech.said)
    assert desk.texts() == ["20 dollars"]


def test_one_that_comes_back_speaks_again(desk: Desk, reader: FakeScreenReader) -> None:
    voice = desk.voice()
    voice.say(TWENTY)
    wait_until(lambda: reader.sent)
    end(desk, reader)
    wait_until(lambda: reader.closed)
    desk.running = again = FakeScreenReader()
    wait_until(lambda: voice.say(READY) and again.sent)
    assert again.sent[0] == ("Ready", False)


def test_what_hangs_in_a_screen_reader_is_said_by_the_other_voice(desk: Desk, reader: FakeScreenReader) -> None:
    reader.gate.clear()
    voice = desk.voice()
    voice.say(TWENTY)
    voice.say(FIVE)
    wait_until(lambda: desk.looks)
    assert not voice.wait(0)

    def hung() -> bool:
        desk.clock.now += HANGS_S
        return bool(desk.speech.said)

    wait_until(hung)
    assert desk.texts() == ["20 dollars", "5 dollars"]
    voice.say(READY)
    assert desk.texts()[-1] == "Ready"
    desk.running = None
    reader.gate.set()
    wait_until(lambda: reader.closed)
    assert desk.texts() == ["20 dollars", "5 dollars", "Ready"]


def test_a_search_that_hangs_keeps_nobody_waiting(desk: Desk) -> None:
    desk.find_gate.clear()
    voice = desk.voice()
    voice.say(TWENTY)

    def hung() -> bool:
        desk.clock.now += HANGS_S
        return bool(desk.speech.said)

    wait_until(hung)
    voice.say(FIVE)
    assert desk.texts() == ["20 dollars", "5 dollars"]


def test_a_search_that_fails_finds_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> ScreenReader | None:
        raise OSError("no /proc here")

    monkeypatch.setattr(desk, "find", fail)
    voice = desk.voice()
    voice.say(TWENTY)
    wait_until(lambda: desk.speech.said)


def test_what_is_taken_back_is_said_by_nobody(desk: Desk, reader: FakeScreenReader) -> None:
    desk.find_gate.clear()
    voice = desk.voice()
    voice.say(READY)
    voice.take_back(READY)
    voice.say(TWENTY)
    desk.find_gate.set()
    wait_until(lambda: reader.sent)
    assert (reader.sent, desk.texts()) == ([("20 dollars", False)], [])


def test_a_value_cuts_off_a_hint(desk: Desk, reader: FakeScreenReader) -> None:
    reader.interrupts = True
    voice = desk.voice()
    assert voice.say(CLOSER)
    wait_until(lambda: reader.sent)
    voice.say(TWENTY)
    wait_until(lambda: len(reader.sent) == 2)
    assert reader.sent == [("Move the note closer", False), ("20 dollars", True)]


def test_values_that_were_not_sent_are_left_to_the_other_voice_at_the_end(desk: Desk, reader: FakeScreenReader) -> None:
    voice = desk.voice()
    voice.say(TWENTY)
    wait_until(lambda: reader.sent)
    voice.say(FIVE)
    voice.say(READY)
    voice.close()
    voice.close()
    assert desk.texts() == ["5 dollars"]
    assert desk.speech.closed
    assert reader.closed
    assert not voice.say(TWENTY)
