from __future__ import annotations

import threading
import time

import pytest

from currency_app.errors import VoiceError
from currency_app.speech.engines.direct import DirectSpeaker
from currency_app.speech.engines.pyttsx3_process import EngineProcess

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
        speaker.start("20 dollars")
    with pytest.raises(VoiceError, match="does not work"):
        speaker.probe("20 dollars")
    speaker.close()
    assert children.all_ended()


def test_close_ends_a_start_under_way() -> None:
    children = Children("--driver", "hangs")
    speaker = DirectSpeaker(children)
    threading.Timer(0.2, speaker.close).start()
    with pytest.raises(VoiceError, match="process ended"):
        speaker.start("20 dollars")
    with pytest.raises(VoiceError, match="closed"):
        speaker.start("20 dollars")
    assert children.all_ended()
