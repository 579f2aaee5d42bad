"""The tones as sound: what each is like, and its WAV file."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from currency_app.speech.engines import Wav, measured

_SAMPLES_PER_S = 22_050
"""Samples per second; enough for tones of up to 1 kHz, and espeak's rate, so that a player need not change its own."""
_LOUDNESS = 0.25
"""Share of full scale: clearly quieter than speech, which fills it. Chosen by hand."""
_RAMP_S = 0.008
"""Seconds in which a tone begins and ends, so that it does not click. Chosen by hand."""
_PULSE_HZ, _PULSE_S, _PAUSE_S = 880.0, 0.1, 0.15
"""A value's pulse: four in a second are slow enough to be counted. Chosen by hand."""
_NEXT_CURRENCY = 2 / 3
"""How much lower the pulses of the next of several currencies are: a fifth, which is easily told."""

MAX_PULSES = 7
"""The most pulses that are counted: readers of US notes have taught one for $1 to seven for $100."""


class ToneKind(Enum):
    """What a tone tells."""

    SEEN = "seen"
    CENTRED = "centred"
    LOST = "lost"


class Step(NamedTuple):
    """One stretch of a tone."""

    hz: float
    """Its pitch; 0 for silence."""
    seconds: float
    """How long it lasts."""


TONES = {
    ToneKind.SEEN: (Step(440, 0.05), Step(660, 0.06)),
    ToneKind.CENTRED: (Step(500, 0.03),),
    ToneKind.LOST: (Step(660, 0.05), Step(440, 0.06)),
}
"""What each is like, in all under 150 ms.

A note that comes rises, one that goes falls. A tick at 500 Hz tells the centre as in Lee and Kacorri's work on blind
people who aim a camera."""


def pulses(count: int, currency: int = 0) -> list[Step]:
    """Return the pulses of a value. currency: its place among several, from 0."""
    pulse = Step(_PULSE_HZ * _NEXT_CURRENCY**currency, _PULSE_S)
    return [step for _ in range(count) for step in (pulse, Step(0, _PAUSE_S))][:-1]


def write_tone(steps: Sequence[Step], path: Path) -> Wav:
    """Write a tone as a WAV file of 16 bits, one channel. Raises OSError."""
    samples = np.concatenate([_samples(step) for step in steps])
    with path.open("wb") as raw, wave.open(raw, "wb") as out:
        out.setparams((1, 2, _SAMPLES_PER_S, 0, "NONE", ""))
        out.writeframes(samples.tobytes())
    return measured(path)


def _samples(step: Step) -> npt.NDArray[np.int16]:
    t = np.arange(round(step.seconds * _SAMPLES_PER_S)) / _SAMPLES_PER_S
    ramp = np.clip(np.minimum(t, step.seconds - t) / _RAMP_S, 0, 1)
    wanted = np.sin(2 * np.pi * step.hz * t) * np.sin(ramp * np.pi / 2) ** 2
    return np.asarray(wanted * _LOUDNESS * np.iinfo(np.int16).max, np.int16)
