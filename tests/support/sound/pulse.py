"""A private PulseAudio with loudspeakers that nobody hears, and what of a recording is sound.

Needs no sound card, no D-Bus and no desktop, and leaves a user's own sound server alone.
"""

from __future__ import annotations

import itertools

import numpy as np

from currency_app.benchmarking import chain
from currency_app.benchmarking.chain import SPEECH_RATE as SINK_RATE
from currency_app.benchmarking.chain import PrivateSoundServer, Samples, SoundRecorder

__all__ = [
    "LOUDSPEAKERS",
    "SINK_RATE",
    "PrivatePulse",
    "Recorder",
    "Samples",
    "missing_programs",
    "segments",
    "utterances",
]

LOUDSPEAKERS = tuple(f"spk{number}" for number in range(8))
"""Several, because speech takes its time: they can be spoken to at once."""


def missing_programs() -> str | None:
    """Return a sentence with the command that installs what is missing; None if nothing is."""
    return chain.missing_programs(
        {"espeak-ng": "espeak-ng", **chain.PROGRAMS, "aplay": "alsa-utils libasound2-plugins"}
    )


class PrivatePulse(PrivateSoundServer):
    """A sound server with the loudspeakers of LOUDSPEAKERS."""

    def __init__(self) -> None:
        super().__init__(LOUDSPEAKERS)


class Recorder(SoundRecorder):
    """Records one of LOUDSPEAKERS, the first unless told."""

    def __init__(self, env: dict[str, str], rate: int, loudspeaker: str = LOUDSPEAKERS[0]) -> None:
        super().__init__(env, rate, loudspeaker)


def segments(samples: Samples, rate: int, gap_s: float = 0.2) -> list[slice]:
    """Where sound is, split at silences of at least gap_s seconds. Shorter ones are the stops within words."""
    frame = rate // 100
    size = np.abs(samples[: len(samples) // frame * frame].astype(np.int32))
    loud = np.flatnonzero(size.reshape(-1, frame).max(axis=1) > 200)
    if len(loud) == 0:
        return []
    breaks = np.flatnonzero(np.diff(loud) > gap_s * 100)
    starts = [loud[0], *loud[breaks + 1]]
    ends = [*loud[breaks], loud[-1]]
    return [slice(int(start) * frame, (int(end) + 1) * frame) for start, end in zip(starts, ends, strict=True)]


def utterances(samples: Samples) -> list[slice]:
    """Where sound is in a recording at SINK_RATE, split at silences and where one utterance cut another off.

    Being cut off leaves an edge that the voice does not make: loud, and then at once zeros for 8 ms or more. In the
    app's phrases the last millisecond before such silence does not exceed 801.
    """
    size = np.abs(samples.astype(np.int32))
    sounding = np.flatnonzero(size > 1)
    ends = sounding[:-1][np.diff(sounding) > 0.008 * SINK_RATE]
    cuts = [int(end) + 1 for end in ends if size[max(0, end - SINK_RATE // 1000) : end + 1].max() > 1000]
    found = []
    for part in segments(samples, SINK_RATE):
        inside = [cut for cut in cuts if part.start < cut < part.stop]
        edges = [part.start, *inside, part.stop]
        found += [slice(start, stop) for start, stop in itertools.pairwise(edges)]
    return found
