"""One run of the whole `currency-app` command in virtual time, on a camera, a loudspeaker and a reader of its own."""

from __future__ import annotations

import json
import random
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import currency_app.camera.live
import currency_app.camera.webcam
import currency_app.commands.run
import currency_app.commands.settings
import currency_app.controls.terminal
import currency_app.eventlog
import currency_app.session
import currency_app.speech.voices
import currency_app.tally
import currency_app.tones.listener
import currency_app.window
from currency_app.camera.capture import open_camera
from currency_app.commands.cli import main
from currency_app.events import Frame, Observation
from currency_app.recognition.bundle import Bundle, load_bundles
from currency_app.recognition.network import LiteRTNetwork
from currency_app.recognition.recognizer import Recognizer
from tests.support.chaos.camera import ChaosCamera
from tests.support.chaos.installing import installed
from tests.support.chaos.reader import ChaosReader
from tests.support.chaos.sound import ChaosSound, Page, _Player
from tests.support.chaos.stage import Stage
from tests.support.chaos.virtual_threads import Thread
from tests.support.chaos.virtual_time import VirtualTime

ENDS_S = 15.0
"""Seconds in which the app has ended once it was asked to: the longest sentence may end first."""
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name))


class ChaosRecognizer:
    """The app's own recognizer, on a computer that may be slow or short of memory.

    What is public may be set at any time.
    """

    def __init__(self, bundle: Bundle, time: VirtualTime) -> None:
        self.pass_s = 0.004
        """Seconds that a pass of the network takes."""
        self.error: BaseException | None = None
        """What it raises."""
        self._time = time
        self._recognizer = Recognizer(bundle, clock=lambda: time.now, network=_network(bundle.folder))

    @property
    def extra_looks(self) -> bool:
        return self._recognizer.extra_looks

    @extra_looks.setter
    def extra_looks(self, extra_looks: bool) -> None:
        self._recognizer.extra_looks = extra_looks

    def observe(self, frame: Frame) -> Observation:
        self._time.sleep(self.pass_s)
        if self.error is not None:
            raise self.error
        seen = self._recognizer.observe(frame)
        return replace(seen, stages_ms={**seen.stages_ms, "network": self.pass_s * 1e3})


@dataclass
class Rig:
    """The world of one run, whose parts may be changed while it goes on."""

    time: VirtualTime
    chance: random.Random
    stage: Stage
    camera: ChaosCamera
    sound: ChaosSound
    reader: ChaosReader
    recognizer: ChaosRecognizer
    folder: Path
    page: Page
    log: Page
    clock_offset_s: float = 0.0
    """Seconds by which the clock of live frames differs."""
    disk_error: OSError | None = None
    """What writing a file raises."""
    keys: Mapping[str, Callable[[], None]] = field(default_factory=dict)
    """What keys do, once they are read."""
    listed: Sequence[str] = ()
    """Values in the list of notes, at the end."""
    pressed: str = ""
    """Keys that were pressed."""
    repeated_at: list[float] = field(default_factory=list)
    """When the key was pressed that says the last value again."""
    code: int | None = None
    """The exit code."""
    crash: BaseException | None = None
    """What the command raised in place of an exit code."""
    left: Sequence[str] = ()
    """Threads that were alive at the end."""

    def events(self) -> list[tuple[float, dict[str, Any]]]:
        """The event log: when each event was written, and the event."""
        return [(at, json.loads(line)) for at, line in self.log.lines]


def build(seed: int, stage: Stage, bundle: Bundle, folder: Path, *, fps: float, limit_s: float) -> Rig:
    chance = random.Random(seed)
    time = VirtualTime(chance, limit_s)
    reader = ChaosReader(time, interrupts=chance.random() < 0.5, outlived=chance.random() < 0.5)
    camera = ChaosCamera(time, stage, chance, fps)
    recognizer = ChaosRecognizer(bundle, time)
    return Rig(time, chance, stage, camera, ChaosSound(time), reader, recognizer, folder, Page(time), Page(time))


def run(rig: Rig, arguments: Sequence[str], direct: Callable[[Rig], object]) -> None:
    """Run the command to its end. direct: changes the rig's parts meanwhile, on a thread of its own."""
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    with (
        pytest.MonkeyPatch.context() as patch,
        installed(rig.time, lambda: rig.time.now + rig.clock_offset_s, {open_camera: rig.camera.open}),
    ):
        _connect(rig, patch)
        Thread(rig.time, direct, "director", (rig,)).start()
        try:
            rig.code = main(["run", *arguments])
        except SystemExit as end:
            rig.code = end.code if isinstance(end.code, int) else 1
        except BaseException as error:
            rig.crash = error
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            rig.left = rig.time.end()


def _connect(rig: Rig, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("sys.stderr", rig.page)
    patch.setattr("sys.stdout", rig.log)
    patch.setattr(currency_app.session, "recognizer_for", lambda bundles, threads: rig.recognizer)
    patch.setattr(currency_app.speech.voices, "open_speaker", rig.sound.speaker)
    patch.setattr(currency_app.speech.voices, "screen_reader_finder", lambda *_, **__: rig.reader.find)
    patch.setattr(currency_app.tones.listener, "player_here", lambda: _Player(rig.sound))
    patch.setattr("currency_app.speech.engines.synthesis._ROOM_BYTES", 1000)

    @contextmanager
    def keyboard(bindings: Mapping[str, Callable[[], None]]) -> Iterator[None]:
        rig.keys = bindings
        yield
        rig.keys = {}

    patch.setattr(currency_app.controls.terminal, "keyboard", keyboard)
    write = currency_app.tally.note_list.write_some

    def write_some(file: Any, content: bytes) -> int:
        if rig.disk_error is not None:
            raise rig.disk_error
        return write(file, content)

    patch.setattr(currency_app.tally.note_list, "write_some", write_some)


@cache
def bundle_of(folder: str) -> Bundle:
    return load_bundles(folder)[0]


@cache
def _network(folder: Path) -> LiteRTNetwork:
    return LiteRTNetwork(bundle_of(str(folder)), 1)
