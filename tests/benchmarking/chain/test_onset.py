"""The moment at which words begin to sound is found by the very sound that was played."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from currency_app.arrays import Numbers
from currency_app.benchmarking.chain.onset import find_onset, read_wav

RATE = 22050
SILENCE = 1100
"""Samples before the first that is heard."""


def words(seed: int, seconds: float = 1.0) -> Numbers:
    """Something like speech: a loud noise of its own, after a little silence."""
    rng = np.random.default_rng(seed)
    loud = rng.normal(0, 5000, round(seconds * RATE)) * np.abs(np.sin(np.arange(round(seconds * RATE)) / 1500))
    loud[0] = 3000  # heard from its first sample on
    return np.concatenate([np.zeros(SILENCE), np.round(loud)])


def recording(*parts: tuple[float, Numbers], seconds: float = 4.0) -> Numbers:
    """A recording in which each sound begins so many seconds after its start, in the hiss of a room."""
    found = np.random.default_rng(9).normal(0, 3, round(seconds * RATE))
    for start_s, sound in parts:
        start = round(start_s * RATE)
        found[start : start + len(sound)] += sound[: len(found) - start]
    return found


@pytest.mark.parametrize("loudness", [1.0, 0.3])
def test_the_first_sample_that_is_heard_is_found(loudness: float) -> None:
    """Not that of the silence with which the file begins."""
    onset = find_onset(recording((1.25, words(1) * loudness)), words(1), RATE)
    assert onset == round(1.25 * RATE) + SILENCE


def test_it_is_found_after_other_words_that_it_cuts_off() -> None:
    hint = words(2)[: RATE // 2]
    assert find_onset(recording((0.4, hint), (0.9, words(1))), words(1), RATE) == round(0.9 * RATE) + SILENCE


def test_it_is_found_where_it_is_cut_off_later() -> None:
    assert find_onset(recording((0.5, words(1)[: round(0.6 * RATE)])), words(1), RATE) == round(0.5 * RATE) + SILENCE


def test_it_is_found_where_a_busy_computer_breaks_it_up() -> None:
    start, broken = SILENCE + round(0.2 * RATE), round(0.1 * RATE)
    stuttering = np.concatenate([words(1)[:start], np.zeros(broken), words(1)[start:]])
    assert find_onset(recording((0.5, stuttering)), words(1), RATE) == round(0.5 * RATE) + SILENCE


@pytest.mark.parametrize("sound", [words(2), np.zeros(RATE), words(1)[: RATE // 10]])
def test_other_sound_is_not_taken_for_it(sound: Numbers) -> None:
    assert find_onset(recording((1.0, sound)), words(1), RATE) is None


def test_silent_words_and_a_short_recording_have_none() -> None:
    assert find_onset(recording(), np.zeros(RATE), RATE) is None
    assert find_onset(recording(seconds=0.2), words(1), RATE) is None


def test_a_file_is_read(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(np.array([0, 100, -32768], np.int16).tobytes())
    samples, rate = read_wav(tmp_path / "a.wav")
    assert (samples.tolist(), rate) == ([0.0, 100.0, -32768.0], RATE)
