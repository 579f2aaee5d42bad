"""A private PulseAudio with a loudspeaker that nobody hears, and a recorder that hears all of it.

Needs no sound card, no D-Bus and no desktop, and leaves a user's own sound server alone.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.int16]
"""Mono sound, int16 [number of samples]."""

PROGRAMS = {
    "espeak-ng": "espeak-ng",
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "paplay": "pulseaudio-utils",
    "aplay": "alsa-utils",
}
"""What these tests need, and the Debian package that has it."""

LOUDSPEAKERS = ("spk0", "spk1", "spk2", "spk3")
"""Several, because speech takes its time: they can be spoken to at once."""

SINK_RATE = 22050
"""Samples per second of the loudspeakers: espeak's own rate, so that nothing is resampled."""

_START_S = 20.0
"""Seconds in which the sound server must start, and a recording must go on."""

_LISTEN = ("parec", "--format=s16le", "--channels=1", "--latency-msec=10")


def missing_programs() -> str | None:
    """Return a sentence with the command that installs what is missing; None if nothing is."""
    missing = [program for program in PROGRAMS if shutil.which(program) is None]
    if not missing:
        return None
    packages = dict.fromkeys([*(PROGRAMS[program] for program in missing), "libasound2-plugins"])
    return f"{', '.join(missing)} not found: sudo apt-get install {' '.join(packages)}"


class PrivatePulse:
    """Runs a sound server of its own while the `with` block lasts, with the loudspeakers of LOUDSPEAKERS.

    env: the environment for programs that shall play into it or record from it.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="private-pulse-")
        folder = Path(self._folder.name)
        self.env = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PULSE_", "DISPLAY"))},
            "XDG_RUNTIME_DIR": str(folder),
            "XDG_CONFIG_HOME": str(folder),
            "PULSE_SERVER": f"unix:{folder}/native",
            "PULSE_COOKIE": f"{folder}/cookie",
        }
        self._log = (folder / "log").open("wb")
        # -n leaves out the default modules: no hardware is looked for, and the monitor is not suspended while idle.
        self._listeners: list[subprocess.Popen[bytes]] = []
        self._server = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
                f"--load=module-native-protocol-unix auth-anonymous=1 socket={folder}/native",
                *(f"--load=module-null-sink sink_name={name} rate={SINK_RATE} channels=1" for name in LOUDSPEAKERS),
            ],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def __enter__(self) -> PrivatePulse:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and self._server.poll() is None:
            sink = subprocess.run(["pactl", "get-default-sink"], env=self.env, capture_output=True, check=False)
            if sink.stdout.strip() == LOUDSPEAKERS[0].encode():
                self._keep_awake()
                return self
            time.sleep(0.05)  # it does not tell when it is ready, so it is asked again
        log = Path(self._log.name).read_text(errors="replace")
        self.__exit__(None, None, None)
        raise RuntimeError(f"The private PulseAudio does not start:\n{log}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in (*self._listeners, self._server):
            process.terminate()
            process.wait(10)
        self._log.close()
        self._folder.cleanup()

    def _keep_awake(self) -> None:
        """Leave a listener on: without one a loudspeaker works in steps of two seconds, and starts and ends late."""
        for name in LOUDSPEAKERS:
            command = [*_LISTEN, f"--device={name}.monitor", "--rate=8000"]
            self._listeners.append(
                subprocess.Popen(command, env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )


class Recorder:
    """Records what a private loudspeaker plays while the `with` block lasts.

    rate: samples per second to record at. loudspeaker: one of LOUDSPEAKERS; programs play to the first by default.
    """

    def __init__(self, env: dict[str, str], rate: int, loudspeaker: str = LOUDSPEAKERS[0]) -> None:
        self.rate = rate
        self._chunks: list[bytes] = []
        self._bytes = 0
        self._grown = threading.Condition()
        self._began = float("inf")
        self._process = subprocess.Popen(
            [*_LISTEN, f"--device={loudspeaker}.monitor", f"--rate={rate}"],
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdout is not None
        self._thread = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Recorder:
        self.catch_up(0.05)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._thread.join(10)
        if self._process.stdout is not None:
            self._process.stdout.close()

    def catch_up(self, seconds: float = 0.3) -> None:
        """Block until so many more seconds of sound have been recorded."""
        with self._grown:
            wanted = self._bytes + 2 * int(seconds * self.rate)
            if not self._grown.wait_for(lambda: self._bytes >= wanted, _START_S):
                raise RuntimeError("The private loudspeaker delivers no sound.")

    def samples(self) -> Samples:
        """All that was recorded so far."""
        return np.frombuffer(b"".join(self._chunks)[: self._bytes // 2 * 2], np.int16)

    def at(self, moment: float) -> int:
        """Return the number of the sample that sounded at that reading of time.monotonic.

        The quickest delivery sets the scale, so a sample may have sounded up to about 10 ms earlier.
        """
        return round((moment - self._began) * self.rate)

    def _read(self, stream: IO[bytes]) -> None:
        while chunk := os.read(stream.fileno(), 4096):
            with self._grown:
                self._chunks.append(chunk)
                self._bytes += len(chunk)
                self._began = min(self._began, time.monotonic() - self._bytes / 2 / self.rate)
                self._grown.notify_all()


def segments(samples: Samples, rate: int, gap_s: float = 0.2) -> list[slice]:
    """Where sound is, split at silences of at least gap_s seconds. Shorter ones are the stops within words."""
    frame = rate // 100
    size = np.abs(samples[: len(samples) // frame * frame].astype(np.int32))
    loud = np.flatnonzero(size.reshape(-1, frame).max(axis=1) > 200)
    if len(loud) == 0:
        return []
    breaks = np.flatnonzero(np.diff(loud) > gap_s * 100)
    starts = [loud[0], *loud[breaks + 1]]
    ends = [*loud[breaks], loud[-1]]
    return [slice(int(start) * frame, (int(end) + 1) * frame) for start, end in zip(starts, ends, strict=True)]


def utterances(samples: Samples) -> list[slice]:
    """Where sound is in a recording at SINK_RATE, split at silences and where one utterance cut another off.

    Being cut off leaves an edge that the voice does not make: loud, and then at once zeros for 8 ms or more. In the
    app's phrases the last millisecond before such silence does not exceed 801.
    """
    size = np.abs(samples.astype(np.int32))
    sounding = np.flatnonzero(size > 1)
    ends = sounding[:-1][np.diff(sounding) > 0.008 * SINK_RATE]
    cuts = [int(end) + 1 for end in ends if size[max(0, end - SINK_RATE // 1000) : end + 1].max() > 1000]
    found = []
    for part in segments(samples, SINK_RATE):
        inside = [cut for cut in cuts if part.start < cut < part.stop]
        edges = [part.start, *inside, part.stop]
        found += [slice(start, stop) for start, stop in itertools.pairwise(edges)]
    return found
