"""`currency-app devices`: what is found, line by line for those who listen, and as JSON for programs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from currency_app.camera.listing import CameraListing
from currency_app.camera.v4l2 import CameraMode
from currency_app.commands import devices
from currency_app.commands.devices import Devices
from currency_app.speech import screen_reader
from currency_app.speech.engines import InstalledVoice, SoundOutput
from tests.support.app_command import Command

MODES = (
    CameraMode(1280, 720, "MJPG", (30.0,)),
    CameraMode(640, 480, "YUYV", (30.0, 15.0)),
    CameraMode(640, 480, "MJPG", (30.0,)),
)
WEBCAM = CameraListing(0, "HD Webcam C525", "/dev/video0", "/dev/v4l/by-id/usb-C525", MODES)
FOUND = Devices(
    [WEBCAM],
    [
        InstalledVoice("roa/es", "Spanish (Spain)", ("es",)),
        *(InstalledVoice(f"en{number}", f"English {number}", ("en-gb",)) for number in range(5)),
    ],
    "Orca",
    [SoundOutput("Built-in Audio", is_default=True, muted=True, volume=0.74), SoundOutput("HDMI")],
)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Devices]:
    """What is found here; tests put in what they like."""
    here = [FOUND]
    monkeypatch.setattr(devices, "find_devices", lambda: here[-1])
    monkeypatch.setattr(screen_reader, "explain_no_reader", lambda stream: "None is running.")
    return here


def test_each_device_is_a_line_that_can_be_followed_by_ear(command: Command, found: list[Devices]) -> None:
    command("devices")
    assert (command.code, command.err) == (0, [])
    assert command.out == [
        "camera 0: HD Webcam C525. 640x480 at 30 frames a second as MJPG, which the app asks for; "
        "the largest is 1280x720.",
        "voices for German: none is installed.",
        "voices for English: English 0, English 1, English 2 and 2 more.",
        "voices for Spanish: Spanish (Spain).",
        "voices for French: none is installed.",
        "screen reader: Orca.",
        "sound: Built-in Audio, in use, muted, volume 74%.",
        "sound: HDMI.",
    ]


def test_two_cameras_are_told_apart_by_a_name_that_stays(command: Command, found: list[Devices]) -> None:
    infrared = CameraListing(2, "IR Camera", modes=(CameraMode(340, 340, "GREY", ()),))
    locked = CameraListing(4, "/dev/video4", problem="Camera 4 may not be used by this account. Do this.")
    found.append(replace(FOUND, cameras=[WEBCAM, infrared, locked]))
    lines = command("devices").out
    assert lines[0].endswith("It is also /dev/v4l/by-id/usb-C525, whatever is plugged in first.")
    assert lines[1] == (
        "camera 2: IR Camera. It does not offer 640x480, so it chooses the size itself; the largest is 340x340. "
        "It gives grey pictures only, as the infrared camera of a laptop does: choose another one."
    )
    assert lines[2] == "camera 4: Camera 4 may not be used by this account. Do this."
    assert lines[3] == "`currency-app settings source NUMBER` chooses one for all starts."


def test_where_nothing_is_found_each_line_says_what_to_try(command: Command, found: list[Devices]) -> None:
    found.append(Devices([], [], None, []))
    assert command("devices").out == [
        "camera: None was found. Plug one in; `currency-app doctor` tries it.",
        "voices: No speech engine answers; `currency-app doctor` says how to install one.",
        "screen reader: None is running.",
        "sound: No loudspeaker is listed; `currency-app doctor` tries to be heard.",
    ]
    assert command.code == 0
    dummy = SoundOutput("Dummy Output", is_default=True, is_dummy=True)
    found.append(Devices([], [InstalledVoice("a", "Fred", ())], None, [dummy]))
    lines = command("devices").out
    assert lines[1] == "voices: Fred. They do not tell what they speak."
    assert lines[-1] == "sound: nothing, for there is no sound card, and the sound server has made one up."


def test_programs_get_everything(command: Command, found: list[Devices]) -> None:
    (everything,) = command("devices", "--json").json()
    assert everything["cameras"][0] == {
        "number": 0,
        "name": "HD Webcam C525",
        "path": "/dev/video0",
        "stable_path": "/dev/v4l/by-id/usb-C525",
        "modes": [
            {"width": 1280, "height": 720, "pixel_format": "MJPG", "frames_per_second": [30.0]},
            {"width": 640, "height": 480, "pixel_format": "YUYV", "frames_per_second": [30.0, 15.0]},
            {"width": 640, "height": 480, "pixel_format": "MJPG", "frames_per_second": [30.0]},
        ],
        "problem": None,
    }
    assert everything["voices"]["es"] == [{"id": "roa/es", "name": "Spanish (Spain)", "languages": ["es"]}]
    assert (everything["voices"]["fr"], everything["screen_reader"]) == ([], "Orca")
    assert everything["sound"][0] == {
        "name": "Built-in Audio",
        "is_default": True,
        "muted": True,
        "volume": 0.74,
        "is_dummy": False,
    }


def test_on_this_computer_it_answers_whatever_is_there(command: Command) -> None:
    command("devices")
    assert (command.code, command.err) == (0, [])
    assert {line.split(":")[0].split(" ")[0] for line in command.out} >= {"voices", "screen", "sound"}
