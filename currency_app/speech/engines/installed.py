"""The voices of system speech that are installed here."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from currency_app.speech.engines.pyttsx3_process import ENGINE_SCRIPT, NO_WINDOW

_LIST_S = 15.0
"""Seconds in which an engine must list its voices; it takes some 0.3 s on Linux. Generous, chosen by hand."""


@dataclass(frozen=True)
class InstalledVoice:
    """One voice of the system's speech engine."""

    id: str
    """What the engine calls it."""
    name: str
    """What users call it."""
    languages: tuple[str, ...]
    """What it speaks, as tags in lower case such as "en-us"; empty if it does not tell."""

    def speaks(self, language: str) -> bool:
        """Return whether it speaks a language, such as "en", of whatever country."""
        return any(tag.split("-", maxsplit=1)[0] == language for tag in self.languages)


def installed_voices(platform: str = sys.platform) -> list[InstalledVoice]:
    """Return the voices of the engine that the app speaks with; none if it does not answer."""
    driver = [] if platform in ("win32", "darwin") else ["--driver", "espeak"]
    command = [sys.executable or "python3", "-P", str(ENGINE_SCRIPT), "--list-voices", *driver]
    try:
        listed = subprocess.run(
            command,
            capture_output=True,
            timeout=_LIST_S,
            check=False,
            creationflags=NO_WINDOW,
            stdin=subprocess.DEVNULL,
        )
        return [
            InstalledVoice(voice["id"], voice["name"], tuple(voice["languages"])) for voice in json.loads(listed.stdout)
        ]
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return []
