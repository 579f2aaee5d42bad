"""Find spoken words in a recording, by how they sound."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from currency_app.arrays import Numbers
from currency_app.benchmarking.chain.loudspeaker import Samples

_AUDIBLE = 50
"""Steps of 16-bit sound over which a sample is heard: the voice begins with zeros, and a loudspeaker adds a few."""
_COMPARED = ((0.5, 0.8), (0.15, 0.97))
"""Seconds of the words that are compared, and the correlation, -1..1, from which it is those words.

The very sound that is played has 1, and other values have 0.64 at most in half a second, and 0.94 in the first 0.15. A
busy computer may break up the half second; then the beginning must do. The voice adds noise of its own each time that
it makes a sound, so the same words made again are not alike enough."""


def read_wav(path: Path) -> tuple[Numbers, int]:
    """Return the samples of a mono WAV file, float64 [n], and its samples per second."""
    with wave.open(str(path), "rb") as file:
        content = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return content[:: file.getnchannels()].astype(np.float64), file.getframerate()


def find_onset(recorded: Numbers, words: Numbers, rate: int) -> int | None:
    """Return the sample of a recording at which these words begin to be heard; None if they do not.

    recorded, words: sound, [n], in steps of 16 bits, `rate` samples a second. Loudness makes no difference.
    """
    heard = np.flatnonzero(np.abs(words) > _AUDIBLE)
    for seconds, min_likeness in _COMPARED if len(heard) else ():
        pattern = words[heard[0] :][: round(seconds * rate)].astype(np.float64)
        if len(pattern) <= len(recorded):
            likeness = correlation(recorded.astype(np.float64), pattern)
            best = int(np.argmax(likeness))
            if likeness[best] >= min_likeness:
                return best
    return None


def first_sound(recorded: Numbers | Samples) -> int | None:
    """Return the first sample of a recording that is heard; None if all of it is silent."""
    heard = np.flatnonzero(np.abs(recorded.astype(np.float64)) > _AUDIBLE)
    return int(heard[0]) if len(heard) else None


def correlation(recorded: Numbers, pattern: Numbers) -> Numbers:
    """Return how alike a pattern and the recording from each sample on are, -1..1."""
    size = 1 << (len(recorded) + len(pattern)).bit_length()
    spectrum = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(pattern, size))
    products = np.fft.irfft(spectrum, size)[: len(recorded) - len(pattern) + 1]
    energy = np.concatenate([[0.0], np.cumsum(recorded**2)])
    around = energy[len(pattern) :] - energy[: len(recorded) - len(pattern) + 1]
    # Where almost nothing sounds, chance would be alike to anything.
    quiet = around < 0.01 * (pattern**2).sum()
    return np.where(quiet, 0.0, products / np.sqrt(np.maximum(around, 1.0) * (pattern**2).sum()))
