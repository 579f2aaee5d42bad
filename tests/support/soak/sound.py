"""Where the app's speech goes in a soak, and when each value is heard there.

A real sound server has a loudspeaker that only a recorder hears. Where none is installed, a program in place of the
player takes as long as each sound lasts, and writes down which one it was.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from currency_app.benchmarking.chain import SoundRecorder, silent_loudspeaker
from currency_app.benchmarking.chain.onset import find_onset, read_wav
from currency_app.errors import NoSoundError

HEARD_WITHIN_S = 3.0
"""Seconds after a decision in which its value must begin to sound: longer than any value takes to say."""
SLACK_S = 0.02
"""Seconds before a decision from which its value is looked for: the recorder's clock is right to half of it."""
_PLAYER = """#!PYTHON -IS
import hashlib, sys, time
path = next(word for word in sys.argv[1:] if word.endswith(".wav"))
data = open(path, "rb").read()
began = time.perf_counter()
with open("LOG", "a") as log:
    print(hashlib.sha256(data).hexdigest(), began, file=log)
lasts_s = (len(data) - 44) / 2 / int.from_bytes(data[24:28], "little")
while (played_s := time.perf_counter() - began) < lasts_s:
    print(f"Time: {played_s:.3f} sec", end="\\r", file=sys.stderr, flush=True)
    time.sleep(0.05)
"""
"""What stands in place of paplay and aplay, and reports as both do."""


class Ear:
    """Hears what the app says; `env` is what the app must be started with.

    name: what it is, for the table.
    """

    name = ""
    env: Mapping[str, str] = {}

    def onset(self, decided_s: float, sound: Path) -> float | None:
        """When a sound began to be heard after a decision, on the clock of time.perf_counter; None if it was not."""
        raise NotImplementedError


class RecordingEar(Ear):
    """Hears by a recording of a private loudspeaker. hear: to be called once the app has ended."""

    name = "the system's engine, recorded from a loudspeaker that nobody hears"

    def __init__(self, env: Mapping[str, str], recorder: SoundRecorder) -> None:
        self.env = env
        self._recorder = recorder
        self._samples = recorder.samples()

    def hear(self) -> None:
        self._recorder.catch_up()
        self.name += f"; it ran ahead by {self._recorder.clock.drift_s():.2f} s"
        self._samples = self._recorder.samples()

    def onset(self, decided_s: float, sound: Path) -> float | None:
        if not sound.exists():
            return None
        words, rate = read_wav(sound)
        start = max(self._recorder.at(decided_s - SLACK_S), 0)
        recorded = self._samples[start : start + round(HEARD_WITHIN_S * rate)].astype(float)
        found = find_onset(recorded, words, rate)
        return None if found is None else self._recorder.when(start + found)


class LoggingEar(Ear):
    """Hears by what a program in place of the player has written down."""

    name = "the system's engine, and a program in place of the player: no sound server is installed"

    def __init__(self, folder: Path) -> None:
        self._log = folder / "played"
        self._log.touch()
        for program in ("paplay", "aplay"):
            player = folder / program
            player.write_text(_PLAYER.replace("PYTHON", sys.executable).replace("LOG", str(self._log)))
            player.chmod(0o755)
        self.env = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}

    def onset(self, decided_s: float, sound: Path) -> float | None:
        if not sound.exists():
            return None
        wanted = hashlib.sha256(sound.read_bytes()).hexdigest()
        played = (line.split() for line in self._log.read_text().splitlines())
        times = [float(at_s) for digest, at_s in played if digest == wanted]
        return next((at_s for at_s in times if 0 <= at_s - decided_s + SLACK_S <= HEARD_WITHIN_S), None)


@contextlib.contextmanager
def open_ear(folder: Path) -> Iterator[Ear]:
    """Yield the best ear that can be had here. folder: for the programs of the other one."""
    try:
        loudspeaker = silent_loudspeaker()
    except NoSoundError:
        yield LoggingEar(folder)
        return
    with loudspeaker, SoundRecorder(loudspeaker.env, loudspeaker=loudspeaker.loudspeakers[0]) as recorder:
        yield RecordingEar(loudspeaker.env, recorder)
