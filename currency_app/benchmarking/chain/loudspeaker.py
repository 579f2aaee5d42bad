"""A loudspeaker that nobody hears, and a recorder that hears all of it.

On a sound server of its own it needs no sound card, no D-Bus and no desktop, and leaves the user's alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol, Self

import numpy as np
import numpy.typing as npt

from currency_app.benchmarking.chain.recording_clock import RecordingClock
from currency_app.errors import NoSoundError

Samples = npt.NDArray[np.int16]
"""Mono sound, int16 [number of samples]."""

PROGRAMS = {
    "pulseaudio": "pulseaudio",
    "pactl": "pulseaudio-utils",
    "parec": "pulseaudio-utils",
    "paplay": "pulseaudio-utils",
}
"""Programs that are needed, and the Debian package that has each."""

SPEECH_RATE = 22050
"""Samples per second of the loudspeakers: espeak's own rate, so that nothing is resampled."""

_CLIENTS = ("pactl", "parec", "paplay")
"""Of PROGRAMS, those that talk to a sound server that runs already, PulseAudio or PipeWire."""

_ASKED_S = 10.0
"""Seconds in which a sound server must have answered; generous, chosen by hand."""

_START_S = 20.0
"""Seconds in which the sound server must start, and a recording must go on; generous, chosen by hand."""

_AHEAD_S = 0.01
"""Seconds by which the sound server delivers what it plays before it sounds: a step that recorders ask for below.

Measured by 60 sounds that were sent at known times: without it they would have been heard up to 9 ms before."""

_LISTEN = ("parec", "--format=s16le", "--channels=1", "--latency-msec=10")


def missing_programs(programs: Mapping[str, str] = PROGRAMS) -> str | None:
    """Return a sentence with the command that installs what is missing; None if nothing is. programs: as PROGRAMS."""
    missing = [program for program in programs if shutil.which(program) is None]
    if not missing:
        return None
    packages = " ".join(dict.fromkeys(programs[program] for program in missing))
    return f"{', '.join(missing)} not found: on Debian or Ubuntu, sudo apt-get install {packages}."


def silent_loudspeaker() -> SilentLoudspeaker:
    """Return a loudspeaker that nobody hears: of a sound server of one's own, or lent by the user's.

    Many desktops have PipeWire in place of PulseAudio, and must not be told to install that: it would take PipeWire's
    place. Raises NoSoundError, which says what to install, if there is neither.
    """
    if shutil.which("pulseaudio") is not None and missing_programs() is None:
        return PrivateSoundServer()
    if all(shutil.which(program) for program in _CLIENTS) and BorrowedLoudspeaker.is_offered():
        return BorrowedLoudspeaker()
    raise NoSoundError(f"The sound cannot be recorded here. {missing_programs() or 'No sound server runs: start one.'}")


class SilentLoudspeaker(Protocol):
    """A loudspeaker that only a SoundRecorder hears, while a `with` block lasts."""

    env: dict[str, str]
    """The environment for programs that shall play into it or record from it."""
    loudspeakers: tuple[str, ...]
    """Its name; of several, programs play to the first by default."""

    def __enter__(self) -> Self:
        """Start it."""
        ...

    def __exit__(self, *_: object) -> None:
        """Take it away."""
        ...


class BorrowedLoudspeaker:
    """A loudspeaker that the user's own sound server adds while the `with` block lasts; what is heard else goes on."""

    def __init__(self) -> None:
        name = f"currency-app-{os.getpid()}"
        self.loudspeakers: tuple[str, ...] = (name,)
        self.env = {**os.environ, "PULSE_SINK": name}
        self._module = ""
        self._listener: subprocess.Popen[bytes] | None = None

    @staticmethod
    def is_offered() -> bool:
        """Whether a sound server runs for this user."""
        try:
            return subprocess.run(["pactl", "info"], capture_output=True, timeout=_ASKED_S, check=False).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False

    def __enter__(self) -> Self:
        name = self.loudspeakers[0]
        command = ["pactl", "load-module", "module-null-sink", f"sink_name={name}", f"rate={SPEECH_RATE}", "channels=1"]
        made = subprocess.run(command, capture_output=True, text=True, timeout=_ASKED_S, check=False)
        self._module = made.stdout.strip()
        if made.returncode != 0 or not self._module.isdecimal():
            raise NoSoundError("The sound server lends no loudspeaker to be recorded: try on another computer.")
        self._listener = _listen_to(name, self.env)
        return self

    def __exit__(self, *_: object) -> None:
        if self._listener is not None:
            self._listener.terminate()
            self._listener.wait(10)
        subprocess.run(["pactl", "unload-module", self._module], capture_output=True, timeout=_ASKED_S, check=False)


class PrivateSoundServer:
    """Runs PulseAudio while the `with` block lasts, with loudspeakers that only a SoundRecorder hears.

    loudspeakers: their names; programs play to the first by default.
    env: the environment for programs that shall play into it or record from it.
    """

    def __init__(self, loudspeakers: Sequence[str] = ("loudspeaker",)) -> None:
        self.loudspeakers: tuple[str, ...] = tuple(loudspeakers)
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
        self._listeners: list[subprocess.Popen[bytes]] = []
        # -n leaves out the default modules: no hardware is looked for, and the monitor is not suspended while idle.
        self._server = subprocess.Popen(
            [
                *("pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1"),
                f"--load=module-native-protocol-unix auth-anonymous=1 socket={folder}/native",
                *(f"--load=module-null-sink sink_name={name} rate={SPEECH_RATE} channels=1" for name in loudspeakers),
            ],
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
        )

    def __enter__(self) -> Self:
        deadline = time.monotonic() + _START_S
        while time.monotonic() < deadline and self._server.poll() is None:
            sink = subprocess.run(["pactl", "get-default-sink"], env=self.env, capture_output=True, check=False)
            if sink.stdout.strip() == self.loudspeakers[0].encode():
                self._keep_awake()
                return self
            time.sleep(0.05)  # it does not tell when it is ready, so it is asked again
        lines = Path(self._log.name).read_text(errors="replace").split("\n")
        self.__exit__()
        why = next((line for line in reversed(lines) if line.strip()), "it does not say why")
        raise NoSoundError(f"No sound server can be started here ({why.strip().rstrip('.')}): try on another computer.")

    def __exit__(self, *_: object) -> None:
        for process in (*self._listeners, self._server):
            process.terminate()
            process.wait(10)
        self._log.close()
        self._folder.cleanup()

    def _keep_awake(self) -> None:
        """Leave a listener on: without one a loudspeaker works in steps of two seconds, and starts and ends late."""
        self._listeners += [_listen_to(name, self.env) for name in self.loudspeakers]


def _listen_to(loudspeaker: str, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    command = [*_LISTEN, f"--device={loudspeaker}.monitor", "--rate=8000"]
    return subprocess.Popen(command, env=dict(env), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class SoundRecorder:
    """Records what a private loudspeaker plays while the `with` block lasts.

    env: of the sound server. rate: samples per second to record at. loudspeaker: its name.
    """

    def __init__(self, env: Mapping[str, str], rate: int = SPEECH_RATE, loudspeaker: str = "loudspeaker") -> None:
        self.rate = rate
        self._chunks: list[bytes] = []
        self._bytes = 0
        self._grown = threading.Condition()
        self.clock = RecordingClock(rate, _AHEAD_S)
        """Of what was recorded."""
        self._process = subprocess.Popen(
            [*_LISTEN, f"--device={loudspeaker}.monitor", f"--rate={rate}"],
            env=dict(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdout is not None
        self._thread = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        self.catch_up(0.05)
        return self

    def __exit__(self, *_: object) -> None:
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
                raise NoSoundError("The private loudspeaker delivers no sound: close other programs and try again.")

    def samples(self) -> Samples:
        """Return all that was recorded so far."""
        with self._grown:
            return np.frombuffer(b"".join(self._chunks)[: self._bytes // 2 * 2], np.int16)

    def at(self, moment: float) -> int:
        """Return the number of the sample that sounded at that reading of time.perf_counter, within 5 ms or so.

        The quickest delivery nearby sets the scale, so it is best asked some time later.
        """
        with self._grown:
            return self.clock.at(moment)

    def when(self, sample: int) -> float:
        """Return when a sample sounded, as time.perf_counter reads: see `at`."""
        with self._grown:
            return self.clock.when(sample)

    def _read(self, stream: IO[bytes]) -> None:
        while chunk := os.read(stream.fileno(), 4096):
            with self._grown:
                self._chunks.append(chunk)
                self._bytes += len(chunk)
                self.clock.delivered(time.perf_counter(), self._bytes / 2)
                self._grown.notify_all()
