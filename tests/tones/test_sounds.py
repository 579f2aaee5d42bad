"""The tones as sound: short, quiet, told apart, and pulses that can be counted."""

from __future__ import annotations

import wave
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from currency_app.tones.sounds import MAX_PULSES, TONES, Step, pulses, write_tone

RATE = 22_050


def samples(steps: list[Step], path: Path) -> npt.NDArray[np.float64]:
    tone = write_tone(steps, path)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        assert tone.seconds == pytest.approx(file.getnframes() / RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32767


def pitch(heard: npt.NDArray[np.float64]) -> float:
    """The loudest frequency, in Hz."""
    spectrum = np.abs(np.fft.rfft(heard, RATE))
    return float(np.argmax(spectrum))


def test_every_tone_is_under_150_ms_quieter_than_speech_and_does_not_click(tmp_path: Path) -> None:
    for steps in [*TONES.values(), pulses(1)]:
        heard = samples(list(steps), tmp_path / "tone.wav")
        assert len(heard) / RATE < 0.15
        assert 0.15 < np.abs(heard).max() < 0.3
        assert np.abs(heard[:10]).max() < 0.01
        assert np.abs(heard[-10:]).max() < 0.01


def test_tones_have_the_pitches_that_tell_them_apart(tmp_path: Path) -> None:
    for steps in TONES.values():
        start = 0
        heard = samples(list(steps), tmp_path / "tone.wav")
        for step in steps:
            end = start + round(step.seconds * RATE)
            assert pitch(heard[start:end]) == pytest.approx(step.hz, rel=0.05)
            start = end
    assert all(one != other for one, other in combinations(TONES.values(), 2))


@pytest.mark.parametrize("count", range(1, MAX_PULSES + 1))
def test_pulses_can_be_counted(tmp_path: Path, count: int) -> None:
    heard = np.abs(samples(pulses(count), tmp_path / "tone.wav")) > 0.05
    loud = np.flatnonzero(heard)
    pauses = np.diff(loud)[np.diff(loud) > 0.1 * RATE]
    assert len(pauses) == count - 1
    assert len(heard) / RATE < 2


def test_pulses_of_the_next_currency_are_a_fifth_lower(tmp_path: Path) -> None:
    first, second = (pitch(samples(pulses(1, place), tmp_path / "tone.wav")) for place in (0, 1))
    assert second == pytest.approx(first * 2 / 3, rel=0.02)
