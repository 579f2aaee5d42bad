"""What turns one text into sound on each platform: speech engines and players."""

from __future__ import annotations

from currency_app.speech.engines.installed import InstalledVoice, installed_voices
from currency_app.speech.engines.outputs import SoundOutput, sound_outputs, why_unheard
from currency_app.speech.engines.platforms import DEFAULT_RATE, open_speaker
from currency_app.speech.engines.player import FIND_DEVICE, WavPlayer
from currency_app.speech.engines.speaker import Playback, Speaker
from currency_app.speech.engines.wav_file import SoundFolder, Wav, identity, measured, unwritable
from currency_app.speech.engines.wav_speaker import WavSpeaker

__all__ = [
    "DEFAULT_RATE",
    "FIND_DEVICE",
    "InstalledVoice",
    "Playback",
    "SoundFolder",
    "SoundOutput",
    "Speaker",
    "Wav",
    "WavPlayer",
    "WavSpeaker",
    "identity",
    "installed_voices",
    "measured",
    "open_speaker",
    "sound_outputs",
    "unwritable",
    "why_unheard",
]
