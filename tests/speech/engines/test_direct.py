from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.engines.direct import DirectSpeaker
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.voices.system import SystemVoice
from currency_app.testing import FakeClock
from tests.support.waiting import wait_until

VALUE = Utterance("20 dollars", Priority.VALUE)

pytestmark = pytest.mark.usefixtures("fake_pyttsx3")


class Children:
    """Starts children and keeps them."""

    def __init__(self, *arguments: str) -> None:
        self.started: list[EngineProcess] = []
        self._arguments = arguments

    def __call__(self) -> EngineProcess:
        self.started.append(EngineProcess(self._arguments))
        return self.started[-1]

    def all_ended(self) -> bool:
        return all(child._process.poll() is not None for child in self.started)


def test_each_text_has_an_engine_of_its_own() -> None:
    children = Children()
    speaker = DirectSpeaker(children)
    speaker.prepare(["20 dollars"])
    for _ in range(3):
        speaker.start("20 dollars").wait()
    speaker.close()
    assert len(children.started) >= 3
    assert children.all_ended()


def test_stop_silences_and_is_no_error() -> None:
    children = Children()
    speaker = DirectSpeaker(children)
    playing = speaker.start("forever")
    threading.Timer(0.05, playing.stop).start()
    begun = time.monotonic()
    playing.wait()
    assert time.monotonic() - begun < 20
    speaker.close()


def test_trouble_is_an_error() -> None:
    speaker = DirectSpeaker(Children())
    playing = speaker.start("refuse")
    with pytest.raises(VoiceError, match="refused"):
        playing.wait()
    speaker.close()


def test_a_missing_engine_is_an_error() -> None:
    children = Children("--driver", "missing")
    speaker = DirectSpeaker(children)
    with pytest.raises(VoiceError, match="does not work"):
        speaker.start("20 dollars").wait()
    with pytest.raises(VoiceError, match="does not work"):
        speaker.probe("20 dollars")
    speaker.close()
    assert children.all_ended()


def test_close_ends_a_start_under_way() -> None:
    children = Children("--driver", "hangs")
    speaker = DirectSpeaker(children)
    threading.Timer(0.2, speaker.close).start()
    with pytest.raises(VoiceError, match="closed"):
        speaker.start("20 dollars").wait()
    with pytest.raises(VoiceError, match="closed"):
        speaker.start("20 dollars")
    wait_until(children.all_ended, 20)


def test_a_text_that_is_cut_off_before_the_engine_is_ready_leaves_it_to_the_next() -> None:
    children = Children("--driver", "hangs for a time")
    speaker = DirectSpeaker(children)
    first = speaker.start("forever")
    thread = threading.Thread(target=first.wait)
    thread.start()
    assert not first.sounding()
    first.stop()
    thread.join(20)
    assert not thread.is_alive(), "it need not wait for the engine"
    Path(os.environ["DIED"]).touch()
    second = speaker.start("20 dollars")
    second.wait()
    assert second.sounding()
    speaker.close()
    wait_until(children.all_ended, 20)
    assert len(children.started) <= 2, "one for the texts, and one in advance"


@pytest.mark.parametrize(("text", "sounds"), [("forever", True), ("mute", False)])
def test_an_engine_that_tells_of_its_first_word_is_known_to_sound(text: str, sounds: bool) -> None:
    speaker = DirectSpeaker(Children())
    speaker.probe(text)
    playing = speaker.start(text)
    thread = threading.Thread(target=playing.wait)
    thread.start()
    if sounds:
        wait_until(playing.sounding, 20)
    assert playing.sounding() == sounds
    playing.stop()
    thread.join(20)
    speaker.close()


def test_words_are_handed_over_while_the_engine_is_not_ready() -> None:
    clock, unheard = FakeClock(), list[tuple[Utterance | None, VoiceError | None]]()
    voice = SystemVoice(
        DirectSpeaker(Children("--driver", "hangs")),
        lambda utterance, error: unheard.append((utterance, error)),
        clock=clock,
    )
    voice.say(VALUE)
    clock.sleep(1.9)
    wait_until(lambda: unheard, 20)
    assert unheard == [(VALUE, None)]
    voice.close()
    assert unheard == [(VALUE, None)], "once is enough"
