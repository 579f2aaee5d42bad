"""`currency-app devices`: the cameras, voices, screen reader and loudspeakers that the app finds here."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from currency_app.camera import CameraListing
    from currency_app.speech.engines import InstalledVoice, SoundOutput

_MAX_NAMED = 3
"""Voices that a line names; who wants all of 14 takes --json. Chosen by hand, for people who listen."""

_GREY = ("GREY", "Y8", "Y10", "Y12", "Y16", "Y10B", "Y8I")
"""Formats without colour, by the letters that Video4Linux has for them."""


@dataclass(frozen=True)
class Devices:
    """What was found."""

    cameras: Sequence[CameraListing]
    """By their numbers."""
    voices: Sequence[InstalledVoice]
    """All that the system's speech engine has, in its order."""
    screen_reader: str | None
    """The one that runs and takes words from here, None if there is none."""
    outputs: Sequence[SoundOutput]
    """Loudspeakers, headphones and sound cards."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `devices`."""
    parser.add_argument("--json", action="store_true", help="one JSON object with all that is known, in place of text")
    parser.set_defaults(command=_devices)


def _devices(args: argparse.Namespace) -> int:
    found = find_devices()
    if args.json:
        print(json.dumps(devices_json(found)))
    else:
        for line in device_lines(found):
            print(line)
    return 0


def find_devices() -> Devices:
    """Look for all devices; takes about a second, makes no sound, and takes no picture."""
    from currency_app.camera import list_cameras
    from currency_app.speech.engines import installed_voices, sound_outputs
    from currency_app.speech.screen_reader import screen_reader_finder

    reader = screen_reader_finder(sys.stderr)()
    if reader is not None:
        reader.close()
    return Devices(list_cameras(), installed_voices(), None if reader is None else reader.name, sound_outputs())


def device_lines(found: Devices) -> Iterator[str]:
    """Yield a line for each device, whole sentences that are easy to follow by ear."""
    from currency_app.speech.phrases import Phrases, languages
    from currency_app.speech.screen_reader import explain_no_reader

    for camera in found.cameras:
        yield f"camera {camera.number}: {_camera_line(camera, several=len(found.cameras) > 1)}"
    if not found.cameras:
        yield "camera: None was found. Plug one in; `currency-app doctor` tries it."
    elif len(found.cameras) > 1:
        yield "`currency-app settings source NUMBER` chooses one for all starts."
    if not found.voices:
        yield "voices: No speech engine answers; `currency-app doctor` says how to install one."
    elif not any(voice.languages for voice in found.voices):
        yield f"voices: {_some([voice.name for voice in found.voices])}. They do not tell what they speak."
    else:
        for language in languages():
            voices = [voice.name for voice in found.voices if voice.speaks(language)]
            yield f"voices for {Phrases(language).name}: {_some(voices) if voices else 'none is installed'}."
    reader = explain_no_reader(sys.stderr) if found.screen_reader is None else f"{found.screen_reader}."
    yield f"screen reader: {reader}"
    for output in found.outputs:
        yield f"sound: {_output_line(output)}."
    if not found.outputs:
        yield "sound: No loudspeaker is listed; `currency-app doctor` tries to be heard."


def devices_json(found: Devices) -> dict[str, object]:
    """Return everything for other programs."""
    from currency_app.speech.phrases import languages

    return {
        "cameras": [asdict(camera) for camera in found.cameras],
        "voices": {
            language: [asdict(voice) for voice in found.voices if voice.speaks(language)] for language in languages()
        },
        "screen_reader": found.screen_reader,
        "sound": [asdict(output) for output in found.outputs],
    }


def _camera_line(camera: CameraListing, *, several: bool) -> str:
    from currency_app.camera import CAMERA_SIZE

    if camera.problem is not None:
        return camera.problem
    line = f"{camera.name}."
    if camera.modes:
        # The app asks for this size, and for MJPG, in which most cameras are fastest.
        asked_for = [mode for mode in camera.modes if (mode.width, mode.height) == CAMERA_SIZE]
        largest = f"{camera.modes[0].width}x{camera.modes[0].height}"
        if asked_for:
            fastest = max(
                asked_for, key=lambda mode: (max(mode.frames_per_second, default=0), mode.pixel_format == "MJPG")
            )
            rate = f" at {fastest.frames_per_second[0]:g} frames a second" if fastest.frames_per_second else ""
            line += f" {CAMERA_SIZE[0]}x{CAMERA_SIZE[1]}{rate} as {fastest.pixel_format}, which the app asks for;"
        else:
            line += f" It does not offer {CAMERA_SIZE[0]}x{CAMERA_SIZE[1]}, so it chooses the size itself;"
        line += f" the largest is {largest}."
        if all(mode.pixel_format in _GREY for mode in camera.modes):
            line += " It gives grey pictures only, as the infrared camera of a laptop does: choose another one."
    if several and camera.stable_path is not None:
        line += f" It is also {camera.stable_path}, whatever is plugged in first."
    return line


def _some(names: Sequence[str]) -> str:
    more = len(names) - _MAX_NAMED
    return ", ".join(names[:_MAX_NAMED]) + (f" and {more} more" if more > 0 else "")


def _output_line(output: SoundOutput) -> str:
    if output.is_dummy:
        return "nothing, for there is no sound card, and the sound server has made one up"
    parts = [output.name]
    if output.is_default:
        parts.append("in use")
    if output.muted:
        parts.append("muted")
    if output.volume is not None:
        parts.append(f"volume {output.volume:.0%}")
    return ", ".join(parts)
