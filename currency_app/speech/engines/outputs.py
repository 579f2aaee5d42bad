"""The loudspeakers and headphones that the system plays to, and whether one of them can be heard at all.

A player program ends well if the sound server drops what it plays, because it is muted, turned down, or has no sound
card. Only the server can tell that.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from currency_app.speech.engines.player import FIND_DEVICE

_ASK_S = 5.0
"""Seconds in which each program must answer; chosen by hand. macOS takes up to two to list its devices."""

_FAINT = 0.15
"""Volume, of 1, under which speech is likely missed; chosen by hand."""

DUMMY_NAMES = ("auto_null", "@DEFAULT_SINK@")
"""What PulseAudio and PipeWire call the output that they make up if there is no sound card."""

AskProgram = Callable[[Sequence[str]], str]
"""Runs a program and returns what it prints, "" if it is missing, fails or hangs."""


@dataclass(frozen=True)
class SoundOutput:
    """One loudspeaker, headphones, or a sound card."""

    name: str
    """What users call it."""
    is_default: bool = False
    """Whether what the app says goes there; False also if the system does not tell."""
    muted: bool | None = None
    """Whether it is muted; None if the system does not tell."""
    volume: float | None = None
    """How loud it is set, 1 for its full volume; None if the system does not tell."""
    is_dummy: bool = False
    """Whether the sound server has made it up, as there is no sound card."""


def sound_outputs(platform: str = sys.platform, answer: AskProgram | None = None) -> list[SoundOutput]:
    """Return the outputs that the system lists, none if it lists none or cannot be asked.

    answer: runs a program; a fake in tests. Of Windows and macOS it was written by their documentation.
    """
    ask = _answer if answer is None else answer
    if platform == "darwin":
        return _of_macos(ask)
    if platform == "win32":
        names = ask(["powershell", "-NoProfile", "-Command", "(Get-CimInstance Win32_SoundDevice).Name"])
        return [SoundOutput(name.strip()) for name in names.splitlines() if name.strip()]
    return _of_server(ask) or _of_alsa(ask)


def why_unheard(outputs: Sequence[SoundOutput], platform: str = sys.platform) -> str | None:
    """Return why nothing that the app plays is heard, with what to do; None if nothing speaks against it."""
    used = next((output for output in outputs if output.is_default), None)
    if used is None:
        return None
    server = platform not in ("win32", "darwin")
    if used.is_dummy:
        return f"The sound server has no sound card and plays to nowhere. {FIND_DEVICE}"
    if used.muted:
        cure = "`pactl set-sink-mute @DEFAULT_SINK@ 0` unmutes it" if server else "Press the mute key"
        return f"{used.name} is muted. {cure}."
    if used.volume is not None and used.volume < _FAINT:
        cure = "`pactl set-sink-volume @DEFAULT_SINK@ 70%` turns it up" if server else "Turn it up"
        return f"{used.name} is turned down to {used.volume:.0%} of its volume. {cure}."
    return None


def _answer(command: Sequence[str]) -> str:
    if shutil.which(command[0]) is None:
        return ""
    try:
        ran = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_ASK_S,
            check=False,
            errors="replace",
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},  # the words are read here
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout if ran.returncode == 0 else ""


def _of_server(ask: AskProgram) -> list[SoundOutput]:
    """Return the outputs of PulseAudio or PipeWire."""
    default = re.search(r"^Default Sink: (.*)$", ask(["pactl", "info"]), re.MULTILINE)
    used = default[1].strip() if default else ""
    outputs = []
    for block in ask(["pactl", "list", "sinks"]).split("Sink #")[1:]:
        found = dict(re.findall(r"^\s*(Name|Description|Mute|Volume): (.*)$", block, re.MULTILINE))
        name = found.get("Name", "")
        percent = re.search(r"(\d+)%", found.get("Volume", ""))
        outputs.append(
            SoundOutput(
                found.get("Description") or name,
                is_default=name == used,
                muted={"yes": True, "no": False}.get(found.get("Mute", "")),
                volume=int(percent[1]) / 100 if percent else None,
                is_dummy=name in DUMMY_NAMES,
            )
        )
    return outputs


def _of_alsa(ask: AskProgram) -> list[SoundOutput]:
    """Return the sound cards, without a sound server: "card 0: PCH [HDA Intel PCH], device 0: ALC257 [ALC257]"."""
    cards = re.findall(r"^card \d+: [^[]*\[(.*?)\], device \d+: (.*?) \[", ask(["aplay", "-l"]), re.MULTILINE)
    return [SoundOutput(f"{card}, {device}") for card, device in cards]


def _of_macos(ask: AskProgram) -> list[SoundOutput]:
    try:
        listed = json.loads(ask(["system_profiler", "SPAudioDataType", "-json"]))
        devices = [item for group in listed["SPAudioDataType"] for item in group["_items"]]
        outputs = [
            SoundOutput(
                str(device["_name"]), is_default=device.get("coreaudio_default_audio_output_device") == "spaudio_yes"
            )
            for device in devices
            if "coreaudio_device_output" in device
        ]
    except (ValueError, KeyError, TypeError):
        return []
    volume = ask(["osascript", "-e", "output volume of (get volume settings)"]).strip()
    muted = ask(["osascript", "-e", "output muted of (get volume settings)"]).strip()
    return [
        replace(
            output,
            muted={"true": True, "false": False}.get(muted),
            volume=int(volume) / 100 if volume.isdecimal() else None,
        )
        if output.is_default
        else output
        for output in outputs
    ]
