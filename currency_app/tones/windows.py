"""Plays WAV files on Windows, which brings a function for that. Not measured on such a machine."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

from currency_app.errors import NoSoundError


class WindowsPlayer:
    """Plays one file at a time."""

    def __init__(self) -> None:
        # Looked up by name: type checkers on other systems know no such module.
        self._winsound: Any = importlib.import_module("winsound")

    def play(self, wav: Path, seconds: float) -> WindowsPlayback:
        """Return what plays a file once somebody waits for it."""
        return WindowsPlayback(self._winsound, wav)


class WindowsPlayback:
    """The `Playback` of one file."""

    def __init__(self, winsound: Any, wav: Path) -> None:
        self._winsound = winsound
        self._wav = wav
        self._sounding = False

    def wait(self) -> None:
        """Block until it has sounded. Raises NoSoundError if there is no sound device."""
        self._sounding = True
        try:
            flags = self._winsound.SND_FILENAME | self._winsound.SND_NODEFAULT
            self._winsound.PlaySound(str(self._wav), flags)
        except RuntimeError as error:
            raise NoSoundError(f"No sound device takes them ({error}). Connect loudspeakers or headphones.") from error
        finally:
            self._sounding = False

    def sounding(self) -> bool:
        """Return whether it is being played."""
        return self._sounding

    def stop(self) -> None:
        """Silence it."""
        self._winsound.PlaySound(None, 0)
