"""A value silences a running hint, measured in the recording; and a process that waits is heard to its end."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import numpy as np

from currency_app.events import HintKind, Priority, Utterance
from currency_app.speech.voices.base import Voice
from tests.sound.conftest import PHRASES
from tests.support.sound.hearing import RATE, Ears, resampled, spoken
from tests.support.sound.pulse import SINK_RATE, PrivatePulse, Recorder, Samples, segments

LONG_HINT = PHRASES.hint(HintKind.FINGERS)
VALUE = PHRASES.value(20, "USD")
CUT_OFF_S = 0.2
TRIALS = 3

SAY_AND_LEAVE = """
import sys
from currency_app.events import Priority, Utterance
from currency_app.speech.voices import open_voice

voice = open_voice("system", [], None, "en", sys.stderr)
voice.say(Utterance(sys.argv[1], Priority.HINT))
sys.exit(0 if voice.wait(30.0) else 1)
"""


def test_a_value_cuts_a_hint_off(pulse: PrivatePulse, voice: Voice, ears: Ears) -> None:
    hint = recorded_alone(pulse, voice, LONG_HINT)
    value = recorded_alone(pulse, voice, VALUE)
    delays = []
    for trial in range(TRIALS):
        with Recorder(pulse.env, SINK_RATE) as recorder:
            voice.say(Utterance(LONG_HINT, Priority.HINT))
            time.sleep(0.5 + 0.07 * trial)  # into the hint, a little later each time: this is real sound
            began = time.monotonic()
            voice.say(Utterance(VALUE, Priority.VALUE))
            assert time.monotonic() - began < CUT_OFF_S, "say must not block"
            assert voice.wait(30.0)
            recorder.catch_up()
            samples, cut = recorder.samples(), recorder.at(began)
        onset = onset_of(value, samples, cut)
        sounding = np.flatnonzero(np.abs(samples[:onset].astype(np.int32)) > 50)
        start, end = int(sounding[0]), int(sounding[-1])
        assert end - start < 0.9 * len(hint), "the hint was heard to its end"
        assert ears.hear(resampled(samples[onset:])) == spoken(VALUE)
        delays.append((end - cut) / SINK_RATE)
    print("cut-off delays, ms:", [round(delay * 1000) for delay in delays])
    assert statistics.median(delays) < CUT_OFF_S


def recorded_alone(pulse: PrivatePulse, voice: Voice, text: str) -> Samples:
    """What a text sounds like when nothing cuts it off, without the silence around it."""
    with Recorder(pulse.env, SINK_RATE) as recorder:
        voice.say(Utterance(text, Priority.VALUE))
        assert voice.wait(30.0)
        recorder.catch_up()
        samples = recorder.samples()
    parts = segments(samples, SINK_RATE)
    return samples[parts[0].start : parts[-1].stop]


def onset_of(sound: Samples, samples: Samples, after: int) -> int:
    """Where in a recording, not before a sample, a known sound begins: the best match of its first 0.3 s."""
    first = sound[: int(0.3 * SINK_RATE)].astype(np.float64)
    rest = samples[after:].astype(np.float64)
    energy = np.convolve(np.square(rest), np.ones(len(first)), "valid")
    match = np.correlate(rest, first, "valid") / np.sqrt(np.maximum(energy, 1.0) * np.square(first).sum())
    assert match.max() > 0.8, "the value was not heard"
    return after + int(match.argmax())


def test_a_hint_does_not_cut_a_value_off(pulse: PrivatePulse, voice: Voice, ears: Ears) -> None:
    with Recorder(pulse.env, RATE) as recorder:
        voice.say(Utterance(VALUE, Priority.VALUE))
        time.sleep(0.3)  # into the value: this is real sound
        voice.say(Utterance(LONG_HINT, Priority.HINT))
        assert voice.wait(30.0)
        recorder.catch_up()
        assert ears.hear_whole(recorder.samples()) == spoken(VALUE)


def test_a_process_that_waits_is_heard_to_its_end(pulse: PrivatePulse, ears: Ears) -> None:
    with Recorder(pulse.env, RATE) as recorder:
        command = [sys.executable, "-c", SAY_AND_LEAVE, LONG_HINT]
        ended = subprocess.run(command, env=pulse.env, capture_output=True, text=True, timeout=60, check=False)
        recorder.catch_up()
        heard = ears.hear_whole(recorder.samples())
    assert ended.returncode == 0, ended.stderr
    assert heard == spoken(LONG_HINT)
    assert ended.stdout == "", "standard output belongs to --events -"
    assert ended.stderr == ""
