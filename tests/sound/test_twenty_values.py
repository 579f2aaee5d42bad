"""Twenty values in a row are heard as themselves; how soon they begin and stop, and what that costs the frames.

Each phase is short. For figures, on an idle machine: SPEECH_MINUTES=5 pytest -s tests/sound/test_twenty_values.py
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

import numpy as np
import pytest

from currency_app.camera.pacing import Pacer
from currency_app.demo.scene import DEMO_FPS
from currency_app.events import Frame, Priority, Utterance
from currency_app.session import Session
from currency_app.settings import Settings
from currency_app.speech.voices.base import Voice
from tests.sound.conftest import PHRASES, VALUES
from tests.support.note_clip import note_pictures
from tests.support.sound.hearing import Ears, resampled, spoken
from tests.support.sound.pulse import SINK_RATE, PrivatePulse, Recorder, utterances

pytestmark = pytest.mark.skipif("SPEECH_MINUTES" not in os.environ, reason="needs an idle machine: `make nightly`")
MINUTES = float(os.environ.get("SPEECH_MINUTES", "0"))
"""Silent and spoken minutes each; they take turns."""
TWENTY = (20, 5, 1, 100, 50, 2, 10, 20, 20, 1, 5, 50, 10, 2, 100, 1, 5, 5, 20, 50)
MAX_ONSET_S = 0.08
MAX_SILENCE_S = 0.02
MAX_P50, MAX_P95 = 1.05, 1.20
"""What a frame may take while the app speaks, of what it takes while it is silent."""
AUDIBLE = 50
"""Steps of 16-bit sound over which a sample is heard."""
INTO_S = 0.4
"""Seconds into a value at which it is cut off, amid its loudest part."""


def texts() -> list[str]:
    return [PHRASES.value(value, "USD") for value in TWENTY]


def say(voice: Voice, text: str) -> float:
    """Say a value; return when."""
    asked = time.monotonic()
    voice.say(Utterance(text, Priority.VALUE))
    return asked


@pytest.fixture(scope="module")
def made(voice: Voice) -> Voice:
    """A voice that has said each value once, so that all of them are made."""
    for value in VALUES:
        say(voice, PHRASES.value(value, "USD"))
        assert voice.wait(30.0)
    return voice


def test_each_is_heard_as_itself_and_begins_at_once(pulse: PrivatePulse, made: Voice) -> None:
    asked = []
    with Recorder(pulse.env, SINK_RATE) as recorder:
        for text in texts():
            asked.append(say(made, text))
            assert made.wait(30.0)
            recorder.catch_up(0.4)
        samples = recorder.samples()
    ears = Ears([PHRASES.value(value, "USD") for value in VALUES])
    assert [ears.hear(resampled(samples[part])) for part in utterances(samples)] == [spoken(text) for text in texts()]
    sounding = np.flatnonzero(np.abs(samples.astype(np.int32)) > AUDIBLE)
    starts = [sounding[np.searchsorted(sounding, recorder.at(moment))] for moment in asked]
    onsets = [recorder.when(int(start)) - moment for start, moment in zip(starts, asked, strict=True)]
    print(f"onset: {statistics.median(onsets) * 1e3:.0f} ms in the median, {max(onsets) * 1e3:.0f} ms at most")
    assert statistics.median(onsets) <= MAX_ONSET_S


def test_one_that_is_taken_back_is_silent_at_once(pulse: PrivatePulse, made: Voice) -> None:
    silences = []
    for text in texts()[:10]:
        with Recorder(pulse.env, SINK_RATE) as recorder:
            utterance = Utterance(text, Priority.VALUE)
            made.say(utterance)
            time.sleep(INTO_S)  # this is real sound
            cut = time.monotonic()
            made.take_back(utterance)  # type: ignore[attr-defined]
            recorder.catch_up()
            samples, at = recorder.samples(), recorder.at(cut)
        last = int(np.flatnonzero(np.abs(samples.astype(np.int32)) > AUDIBLE)[-1])
        silences.append((last - at) / SINK_RATE)
    print(f"silence: {statistics.median(silences) * 1e3:.0f} ms in the median, {max(silences) * 1e3:.0f} ms at most")
    assert statistics.median(silences) <= MAX_SILENCE_S


def frame_times(session: Session, seconds: float, voice: Voice | None) -> Iterator[float]:
    """Yield what each frame takes to read, ms; a voice says values without a pause."""
    pictures = list(note_pictures((20, 5)))
    recognizer = session.recognizer(None)  # type: ignore[arg-type]
    pacer = Pacer(time.monotonic, time.sleep)
    for index in range(round(seconds * DEMO_FPS)):
        if not pacer.wait(index / DEMO_FPS, (index + 1) / DEMO_FPS):
            continue
        if voice is not None and voice.wait(0.0):
            say(voice, texts()[index % len(TWENTY)])
        began = time.perf_counter()
        recognizer.observe(Frame(pictures[index % len(pictures)], index / DEMO_FPS, index))
        yield (time.perf_counter() - began) * 1e3


def test_frames_take_as_long_while_it_speaks(made: Voice) -> None:
    session = Session(Settings(voice="off", language="en"))
    list(frame_times(session, 2.0, None))  # what is loaded at the first use
    quiet: list[float] = []
    speaking: list[float] = []
    turns = max(2, round(MINUTES))
    for _ in range(turns):
        quiet += frame_times(session, MINUTES * 60 / turns, None)
        speaking += frame_times(session, MINUTES * 60 / turns, made)
        assert made.wait(30.0)
    for name, share, limit in (("p50", 50, MAX_P50), ("p95", 95, MAX_P95)):
        silent, spoken_ms = float(np.percentile(quiet, share)), float(np.percentile(speaking, share))
        print(f"{name}: {silent:.2f} ms silent, {spoken_ms:.2f} ms while it speaks, {spoken_ms / silent:.3f}")
        assert spoken_ms <= limit * silent
