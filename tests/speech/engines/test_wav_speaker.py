"""The speaker of Linux, when the engine hangs."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.engines import synthesis
from currency_app.speech.engines.player import WavPlayer
from currency_app.speech.engines.pyttsx3_process import EngineProcess
from currency_app.speech.engines.synthesis import WavCache
from currency_app.speech.engines.wav_speaker import WavSpeaker
from currency_app.speech.voices.system import SystemVoice
from currency_app.speech.voices.wanted import REACH_S
from currency_app.testing import FakeClock
from tests.support.waiting import wait_until

pytestmark = pytest.mark.usefixtures("fake_pyttsx3")

RENDER_S = synthesis._RENDER_S
HINT = Utterance("hang", Priority.HINT)
VALUE = Utterance("20 dollars", Priority.VALUE)


class Made:
    """A speaker whose engine hangs at the text "hang", and what it was asked for and played."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        self._log = folder / "log"
        code = f"import sys; open({str(self._log)!r}, 'a').write('played\\n')"
        self.speaker = WavSpeaker(WavCache(self._start_child), WavPlayer([(sys.executable, "-c", code)]))

    def _start_child(self, folder: Path) -> EngineProcess:
        made = self

        class Child(EngineProcess):
            def request(self, text: str, path: Path | None) -> None:
                made.asked.append(text)
                super().request(text, path)

        return Child(["--remove", str(folder)])

    def played(self) -> int:
        return self._log.read_text().count("played") if self._log.exists() else 0


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    made = Made(tmp_path)
    yield made
    made.speaker.close()


def test_words_that_wait_for_a_text_that_hangs_are_still_heard_in_time() -> None:
    assert RENDER_S < REACH_S - 0.5, "a new engine must start, too"


def test_a_background_text_that_hangs_keeps_no_other_waiting_for_long(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(synthesis, "_PAUSE_S", 0.0)
    monkeypatch.setattr(synthesis, "_RENDER_S", RENDER_S)
    made.speaker.prepare(["hang", "5 dollars"])
    wait_until(lambda: made.asked == ["hang"])
    made.speaker.start("20 dollars").wait()
    assert made.played() == 1
    assert made.asked[:2] == ["hang", "20 dollars"], "it is not tried again first"
    wait_until(lambda: made.asked == ["hang", "20 dollars", "5 dollars"])


def test_what_was_made_is_not_delayed_by_what_is_being_made(made: Made) -> None:
    made.speaker.cache.wav("20 dollars")
    hanging = made.speaker.start("hang")
    thread = threading.Thread(target=hanging.wait)
    thread.start()
    wait_until(lambda: made.asked[-1] == "hang")
    made.speaker.start("20 dollars").wait()
    assert made.played() == 1
    assert not hanging.sounding()
    hanging.stop()
    thread.join(20)
    assert not thread.is_alive()


def test_words_that_hang_are_handed_over_and_the_next_are_heard(made: Made) -> None:
    clock, unheard = FakeClock(), list[tuple[Utterance | None, VoiceError | None]]()
    made.speaker.cache.wav("20 dollars")
    voice = SystemVoice(made.speaker, lambda utterance, error: unheard.append((utterance, error)), clock=clock)
    voice.say(HINT)
    wait_until(lambda: made.asked[-1] == "hang")
    clock.sleep(1.9)
    wait_until(lambda: unheard)
    voice.say(VALUE)
    assert voice.wait(60)
    voice.close()
    assert made.played() == 1
    assert unheard == [(HINT, None)]
