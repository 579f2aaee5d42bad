"""Tones out of the loudspeaker: a value's pulses follow its words, and can be counted."""

from __future__ import annotations

import time

import numpy as np

from currency_app.events import Priority, Sighting, Utterance
from currency_app.speech.voices.base import Voice
from currency_app.tones.listener import ToneListener
from currency_app.tones.sounds import TONES, ToneKind
from currency_app.tones.worker import ToneWorker, player_here
from tests.sound.conftest import PHRASES, VALUES
from tests.support.sound.hearing import Ears, resampled, spoken
from tests.support.sound.pulse import SINK_RATE, PrivatePulse, Recorder, Samples, segments
from tests.support.waiting import wait_until

VALUE = PHRASES.value(20, "USD")
SOON_S = 0.25
"""In which a tone must begin on a busy machine; 20 to 40 ms were measured on an idle one."""


def pitch(samples: Samples) -> float:
    """The loudest frequency, in Hz."""
    return float(np.argmax(np.abs(np.fft.rfft(samples.astype(np.float64), SINK_RATE))))


def test_a_value_is_said_and_then_counted_out(pulse: PrivatePulse, voice: Voice, ears: Ears) -> None:
    complaints: list[str] = []
    worker = ToneWorker(voice, player_here(), complaints.append)
    listener = ToneListener(lambda observation: None, {"USD": VALUES}, worker)
    with Recorder(pulse.env, SINK_RATE) as recorder:
        voice.say(Utterance(VALUE, Priority.VALUE))
        listener.on_event(Sighting(1.0, "USD", 20, "front", 0.99), VALUE)
        wait_until(lambda: worker._next is None)
        recorder.catch_up()
        samples = recorder.samples()
        began = time.monotonic()
        worker.offer(TONES[ToneKind.LOST])
        time.sleep(0.5)  # real sound
        recorder.catch_up()
        later, at = recorder.samples(), recorder.at(began)
    worker.close()
    assert complaints == []
    parts = segments(samples, SINK_RATE, gap_s=0.08)
    tones = [
        part for part in parts if abs(pitch(samples[part]) - 880) < 20 and part.stop - part.start < 0.13 * SINK_RATE
    ]
    assert len(tones) == 5
    assert parts[-5:] == tones, "the words come first"
    assert ears.hear(resampled(samples[: tones[0].start])) == spoken(VALUE)
    (tone,) = segments(later[at:], SINK_RATE)
    assert tone.start / SINK_RATE < SOON_S
    assert (tone.stop - tone.start) / SINK_RATE < 0.15
