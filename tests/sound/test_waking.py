"""A loudspeaker that may sleep is woken by silence, which sounds before a value and does not delay it."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import numpy as np
import pytest

from currency_app.errors import VoiceError
from currency_app.events import Priority, Utterance
from currency_app.speech.engines.platforms import open_speaker
from currency_app.speech.voices.system import SystemVoice
from currency_app.testing import FakeClock
from tests.sound.conftest import PHRASES
from tests.support.sound.pulse import SINK_RATE, PrivatePulse, Recorder
from tests.support.waiting import wait_until

VALUE = Utterance(PHRASES.value(20, "USD"), Priority.VALUE)
TRIALS = 3
WOKEN_S = (0.0, 0.1, 0.7)
"""How long before the value the loudspeaker is woken, seconds."""
LATER_S = 0.25
"""How much later the first sound may come: some 10 ms were measured on an idle machine, and up to 0.1 s on a loaded
one. A value that had to wait for the lead-in to end would be 0.4 s late."""


class Sleeper:
    """System speech with a clock of its own, so that nobody waits for a pause."""

    def __init__(self, pulse: PrivatePulse) -> None:
        self.pulse = pulse
        self.clock = FakeClock(100.0)
        self.voice = SystemVoice(open_speaker("en", None), self._fail, [VALUE.text], clock=self.clock)

    def _fail(self, utterance: Utterance | None, error: VoiceError | None) -> None:
        raise AssertionError(f"{utterance}: {error}")

    def streams(self) -> str:
        """What plays into the loudspeakers now."""
        command = ["pactl", "list", "short", "sink-inputs"]
        return subprocess.run(command, env=self.pulse.env, capture_output=True, text=True, check=True).stdout.strip()

    def onset_s(self, woken_s: float | None) -> float:
        """Seconds from `say` to the first sound; woken_s: how long before it the loudspeaker is woken, None if not."""
        self.clock.sleep(60.0)
        with Recorder(self.pulse.env, SINK_RATE) as recorder:
            if woken_s is not None:
                self.voice.wake()
                time.sleep(woken_s)  # this is real sound
            asked = time.monotonic()
            self.voice.say(VALUE)
            assert self.voice.wait(30.0)
            recorder.catch_up()
            samples, start = recorder.samples(), recorder.at(asked)
        sounding = np.flatnonzero(np.abs(samples.astype(np.int32)) > 50)
        assert sounding[0] >= start - SINK_RATE // 100, "the silence was heard"
        return float(sounding[0] - start) / SINK_RATE


@pytest.fixture
def sleeper(pulse: PrivatePulse) -> Iterator[Sleeper]:
    sleeper = Sleeper(pulse)
    sleeper.voice.say(VALUE)
    assert sleeper.voice.wait(30.0)
    yield sleeper
    sleeper.voice.close()


def test_silence_plays_before_any_word(sleeper: Sleeper) -> None:
    assert sleeper.streams() == ""
    sleeper.clock.sleep(60.0)
    sleeper.voice.wake()
    wait_until(sleeper.streams, 10)
    assert sleeper.voice.wait(0), "it is no speech"
    wait_until(lambda: not sleeper.streams(), 10)


def test_waking_delays_no_value(sleeper: Sleeper) -> None:
    """Compared by the soonest of some trials, in turn: a value that had to wait would be late in all of them."""
    trials = [[sleeper.onset_s(woken_s) for woken_s in (None, *WOKEN_S)] for _ in range(TRIALS)]
    without, *after = (min(column) for column in zip(*trials, strict=True))
    late = dict(zip(WOKEN_S, (soonest - without for soonest in after), strict=True))
    print(f"onset without a lead-in {without * 1e3:.0f} ms; later, by seconds since a lead-in began: {late}")
    assert max(late.values()) < LATER_S
