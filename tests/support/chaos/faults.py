"""The faults, what must follow each, and how each is brought about in virtual time.

`FAULTS` is what the table in docs/reliability.md is printed from.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass

import cv2

from currency_app.arrays import Image
from tests.support.chaos import camera
from tests.support.chaos.rig import Rig

Effect = Callable[[Rig], Callable[[], object]]
"""Brings a fault about, and returns what ends it."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    name: str
    """What the table calls it."""
    must: str
    """What must follow, as a sentence."""
    bring: Effect
    """Brings it about in virtual time."""
    seconds: tuple[float, float] = (1.0, 12.0)
    """How long it lasts."""
    camera: bool = False
    """Whether no note can be read while it lasts."""
    event: str | None = None
    """The event that must come of it, if it lasts long enough and nothing else goes wrong."""
    event_after_s: float = 6.0
    """Seconds within which that event must come."""
    drawn: bool = False
    """Whether it takes the shipped dollars to tell."""
    for_good: bool = False
    """Whether speech does not come back after it."""
    ends: bool = False
    """Whether the app may end, with one sentence and exit code 2."""


def _set(part: str, name: str, value: Callable[[Rig], object]) -> Effect:
    """An effect that gives something of the rig another value for a while."""

    def bring(rig: Rig) -> Callable[[], object]:
        whole = getattr(rig, part) if part else rig
        before = getattr(whole, name)
        setattr(whole, name, value(rig))
        return lambda: setattr(whole, name, before)

    return bring


def _camera(name: str, value: object) -> Effect:
    return _set("camera", name, lambda _: value)


def _spoilt(*ways: camera.Spoil) -> Effect:
    return _set("camera", "spoil", lambda rig: rig.chance.choice(ways))


def _other_sizes(rig: Rig) -> Callable[[], object]:
    """Another size with every picture."""
    sizes = ((160, 120), (640, 480), (320, 180), (97, 73))

    def resized(picture: Image) -> Image:
        return camera.sized(*rig.chance.choice(sizes))(picture)

    rig.camera.spoil = resized
    return lambda: setattr(rig.camera, "spoil", None)


def _clock_back(rig: Rig) -> Callable[[], object]:
    rig.clock_offset_s -= rig.chance.uniform(0.05, 20.0)
    return int


def _suspend(rig: Rig) -> Callable[[], object]:
    rig.time.suspend(rig.chance.choice((0.3, 1.0, 5.0, 60.0, 3600.0)))
    return int


def _kill_reader(rig: Rig) -> Callable[[], object]:
    rig.reader.kill()
    return lambda: setattr(rig.reader, "there", True)


def _remove_speech_folders(rig: Rig) -> Callable[[], object]:
    for folder in rig.sound.folders:
        shutil.rmtree(folder, ignore_errors=True)
    return int


def _remove_list_folder(rig: Rig) -> Callable[[], object]:
    folder, away = rig.folder / "list", rig.folder / "away"
    if folder.exists() and not away.exists():
        folder.rename(away)
    return lambda: away.rename(folder) if away.exists() and not folder.exists() else None


def _interrupt(rig: Rig) -> Callable[[], object]:
    for _ in range(rig.chance.choice((1, 1, 2, 3))):
        rig.time.interrupt()
        rig.time.sleep(rig.chance.choice((0.0, 0.01, 0.3, 2.0)))
    return int


_NO_ROOM = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
_STOPPED = "It says that the camera has stopped, and that it works again; a note that is held then is one more."
_NO_VALUE = "It says no value meanwhile, and reads on afterwards."
_PRINTED = "Every value is printed within 2 s, and spoken again once speech works."
_HANDED_ON = "What it has not said, the app's own voice says, or it is printed."

FAULTS = (
    Fault("camera unplugged", _STOPPED, _camera("present", False), (3.0, 15.0), True, "camera_lost"),
    Fault("camera frozen", _STOPPED, _camera("frozen", True), (4.0, 15.0), True, "camera_lost", 7.0),
    Fault("camera's driver hangs", _STOPPED, _camera("hangs", True), (3.0, 30.0), True, "camera_lost"),
    Fault(
        "camera's driver fails",
        _STOPPED,
        _set(
            "camera",
            "error",
            lambda rig: rig.chance.choice((cv2.error("broken"), OSError(5, "I/O"), RuntimeError("?"), MemoryError())),
        ),
        (3.0, 10.0),
        True,
        "camera_lost",
    ),
    Fault("half of the pictures damaged", "It reads the others.", _camera("damaged", 0.5), (2.0, 10.0)),
    Fault("all black", "It says to open the cover.", _spoilt(camera.black), (5.0, 12.0), True, "camera_covered"),
    Fault("all green", _NO_VALUE, _spoilt(camera.green), (3.0, 12.0), True, drawn=True),
    Fault("half green", _NO_VALUE, _spoilt(camera.half_green), (3.0, 12.0), True, drawn=True),
    Fault(
        "pictures of a wrong size or kind",
        "It reads what shows a note, and reads on afterwards.",
        _spoilt(
            *(camera.grey, camera.with_alpha, camera.nothing),
            *(camera.sized(*size) for size in ((1, 1), (2, 2), (1, 480), (8, 2000), (3840, 2160))),
        ),
        (2.0, 8.0),
        True,
    ),
    Fault("resolution that changes", "It reads on.", _other_sizes, (3.0, 12.0)),
    Fault("1 frame a second", "It says no wrong value.", _camera("fps", 1.0), (5.0, 20.0), True),
    Fault("120 frames a second", "It reads on.", _camera("fps", 120.0), (5.0, 15.0)),
    Fault("time that goes back", "It begins anew: a note that is held is one more.", _clock_back, (0.0, 0.0)),
    Fault("sound device gone", _PRINTED, _set("sound", "device", lambda _: "gone"), (1.0, 25.0)),
    Fault("sound device hangs", _PRINTED, _set("sound", "device", lambda _: "hangs"), (1.0, 25.0)),
    Fault("sound device slow", _PRINTED, _set("sound", "device", lambda _: "late"), (1.0, 25.0)),
    Fault("speech process killed", _PRINTED, _set("sound", "engine", lambda _: "killed"), (1.0, 25.0)),
    Fault("speech process hangs", _PRINTED, _set("sound", "engine", lambda _: "hangs"), (1.0, 25.0)),
    Fault("speech process slow", _PRINTED, _set("sound", "engine", lambda _: "slow"), (1.0, 25.0)),
    Fault(
        "speech engine missing", "Every value is printed.", _set("sound", "engine", lambda _: "missing"), for_good=True
    ),
    Fault("speech's folder removed", "Speech is made again.", _remove_speech_folders),
    Fault("screen reader starts", "It says what follows.", _set("reader", "there", lambda _: True), (2.0, 30.0)),
    Fault("screen reader killed", _HANDED_ON, _kill_reader, (2.0, 20.0)),
    Fault("screen reader hangs", _HANDED_ON, _set("reader", "hangs", lambda _: True), (1.0, 40.0)),
    Fault("screen reader takes nothing", _HANDED_ON, _set("reader", "fails", lambda _: True), (1.0, 20.0)),
    Fault(
        "disk full",
        "It says that notes cannot be listed, and lists them once there is room.",
        _set("", "disk_error", lambda _: _NO_ROOM),
        (2.0, 20.0),
    ),
    Fault("list's folder removed", "It says so, and lists the notes once it is back.", _remove_list_folder),
    Fault(
        "computer too slow",
        "It reads fewer frames, none of them late.",
        _set("recognizer", "pass_s", lambda rig: rig.chance.choice((0.04, 0.15, 0.4, 1.5))),
        (2.0, 15.0),
        True,
    ),
    Fault("suspended and resumed", "It begins anew: a note that is held is one more.", _suspend, (0.0, 0.0), True),
    Fault(
        "no more threads to be had",
        "Every value is printed or spoken.",
        _set("time", "no_threads", lambda _: True),
        (1.0, 10.0),
    ),
    Fault(
        "memory short",
        "It reads on; if it lasts for 5 s, it ends with one sentence.",
        _set("recognizer", "error", lambda _: MemoryError()),
        (0.1, 8.0),
        True,
        ends=True,
    ),
    Fault(
        "ended by a signal, or several",
        "It ends within 15 s, and prints a value that was not heard.",
        _interrupt,
        (0.0, 0.0),
        ends=True,
    ),
)
"""Every fault that the app is put to in virtual time."""
