"""The whole chain, from a note that comes into view to the first sample of its value's speech.

A camera on the loopback (`camera`) stamps each picture with its time (`stamp`); the app runs on it as ever, with a real
voice; a loudspeaker that nobody hears is recorded (`loudspeaker`), and the value is found in the recording (`onset`).
"""

from __future__ import annotations

from currency_app.benchmarking.chain.camera import NoteCamera
from currency_app.benchmarking.chain.figures import ChainFigures, ShownNoteTimes
from currency_app.benchmarking.chain.loudspeaker import (
    PROGRAMS,
    SPEECH_RATE,
    PrivateSoundServer,
    Samples,
    SoundRecorder,
    missing_programs,
    silent_loudspeaker,
)
from currency_app.benchmarking.chain.onset import first_sound
from currency_app.benchmarking.chain.run import run_chain

__all__ = [
    "PROGRAMS",
    "SPEECH_RATE",
    "ChainFigures",
    "NoteCamera",
    "PrivateSoundServer",
    "Samples",
    "ShownNoteTimes",
    "SoundRecorder",
    "first_sound",
    "missing_programs",
    "run_chain",
    "silent_loudspeaker",
]
