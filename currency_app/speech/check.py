"""Check whether system speech works on this machine, for `currency-app doctor`."""

from __future__ import annotations

import shutil
import subprocess

from currency_app.errors import VoiceError
from currency_app.speech.engines.platforms import open_speaker
from currency_app.speech.engines.player import FIND_DEVICE
from currency_app.speech.phrases import Phrases


def check_speech(language: str = "en") -> tuple[bool, str]:
    """Return whether system speech works, and one line about it, which says how to fix what does not.

    Makes one phrase and plays a moment of silence to its end, which takes half a second and cannot be heard.
    Raises CurrencyAppError if there are no phrases in that language.
    """
    speaker = open_speaker(language, None)
    try:
        speaker.probe(Phrases(language).ready())
    except VoiceError as error:
        return False, str(error)
    finally:
        speaker.close()
    if default_output_is_dummy():
        return False, f"The sound server has no sound card and plays to nowhere. {FIND_DEVICE}"
    return True, "System speech works."


def default_output_is_dummy() -> bool:
    """Return whether the sound server's default output is a dummy, which PulseAudio and PipeWire use without a card."""
    if shutil.which("pactl") is None:
        return False
    try:
        found = subprocess.run(
            ["pactl", "get-default-sink"], capture_output=True, text=True, timeout=3.0, check=False, errors="replace"
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return found.returncode == 0 and found.stdout.strip() in ("auto_null", "@DEFAULT_SINK@")
