"""Plays WAV files through the sound system's own player program, which can be silenced at once.

A program in a session of its own can be ended within a few milliseconds, with all that it started and whatever it is
doing; sound played inside this process could not.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from currency_app.errors import NoSoundError, NoSpeechError

PLAYERS: tuple[tuple[str, ...], ...] = (("paplay",), ("aplay", "-q"))
"""The programs to try, in this order: the one for PulseAudio and PipeWire first, because they share the sound card.

paplay runs without --latency: a low latency would neither start nor silence it sooner, as the sound server drops the
buffer of a player that ended. And with little in that buffer, speech stutters on a busy machine.
"""

INSTALL_SPEECH = "On Debian or Ubuntu: sudo apt-get install espeak-ng alsa-utils."
"""How to install missing speech, as a sentence for users."""

FIND_DEVICE = "Connect loudspeakers or headphones and turn them on (`aplay -l` lists sound cards), or use --voice text."
"""What to do when there is no sound, as a sentence for users."""

LATE_S = 1.7
"""Seconds that a player may run longer than the sound lasts; chosen by hand.

After it the next player, or printed words, must take over within 2 s of the sound's end. A loudspeaker that PulseAudio
has just woken ends up to 1 s late, measured; it may be 2 s, in which paplay reports that it is playing.
"""

_PATIENCE_S = 10.0
"""Seconds that a player may run longer that reports how it goes on; chosen by hand."""

_STEP_S = 0.5
"""Seconds in which such a player must have gone on; it reports every 0.05 s."""

_REPORTED_S = 0.1
"""Seconds at the sound's end that a report may lack, as reports stop a little before it; measured: 0.05 s."""

_READ_S = 0.1
"""Seconds in which a player's reports are read, also when this process comes to it late; chosen by hand."""

_END_S = 0.5
"""Seconds in which a player that was killed is gone, unless a driver holds it; chosen by hand."""

_REPORTING = {"paplay": ("--verbose",)}
"""What makes a program report how it goes on, to stand after the file."""

_PLAYED = re.compile(rb"Time: (\d+\.\d+) sec")

_SOURCE_LINE = re.compile(r"\b\w+:\d+: ")  # aplay begins errors with their place in its own source


def kill_process_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that has a session of its own; on POSIX also all that it started."""
    if process.poll() is not None:
        return
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


class WavPlayer:
    """Plays one file at a time with the first program that works, and remembers which one that was.

    commands: programs with their arguments; the file's path is added at the end. late_s: seconds that a program may run
    longer than the sound lasts, unless it reports that it is still playing. clock: the seconds now.
    """

    def __init__(
        self,
        commands: Sequence[Sequence[str]] = PLAYERS,
        *,
        late_s: float = LATE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._commands = [tuple(command) for command in commands]
        self._late_s = late_s
        self._clock = clock
        self._ever_worked = False

    def play(self, wav: Path, seconds: float) -> WavPlayback:
        """Start to play a file that lasts `seconds`. Raises NoSpeechError if no player program is installed."""
        installed = [command for command in self._commands if shutil.which(command[0])]
        if not installed:
            names = " or ".join(command[0] for command in self._commands)
            # A program that was there may come back, as it does while the system is being updated.
            missing = NoSoundError if self._ever_worked else NoSpeechError
            raise missing(f"No program that plays sound is installed ({names}). {INSTALL_SPEECH}")
        return WavPlayback(installed, wav, seconds, self._late_s, self._prefer, self._clock)

    def _prefer(self, command: tuple[str, ...]) -> None:
        self._ever_worked = True
        self._commands.sort(key=lambda other: other != command)


class WavPlayback:
    """One file that is sounding; if a player program fails, the next one plays the file from its start.

    A program has failed if it ends with an error, or runs on for too long after the sound's end: then nobody can know
    that anything was heard. It has not failed if it reported that all of the sound was played.

    Args:
        commands: player programs with their arguments, in the order to try them.
        wav: the file.
        seconds: how long it lasts.
        late_s: seconds that a program may run longer, unless it reports that it is still playing.
        worked: called with the command that played the file to its end.
        clock: the seconds now.
    """

    def __init__(
        self,
        commands: Sequence[tuple[str, ...]],
        wav: Path,
        seconds: float,
        late_s: float,
        worked: Callable[[tuple[str, ...]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wav = wav
        self._seconds = seconds
        self._late_s = late_s
        self._worked = worked
        self._clock = clock
        self._lock = threading.Lock()
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._failed_start = ""
        self._command, *self._others = commands
        self._spawn()

    def wait(self) -> None:
        """Block until all of it has sounded or it was stopped. Raises NoSoundError if no program could play it."""
        failure = self._failure()
        while failure is not None and self._others:
            with self._lock:
                if self._stopped:
                    return
                self._command = self._others.pop(0)
                self._spawn()
            failure = self._failure()
        if failure is not None:
            raise NoSoundError(f"No sound device takes the speech ({failure}). {FIND_DEVICE}")

    def stop(self) -> None:
        """Silence it at once."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                kill_process_group(self._process)

    def _failure(self) -> str | None:
        """Wait for the program. Return None if it played everything or was stopped, else its error message."""
        process = self._process
        if process is None:
            return self._failed_start
        message = self._output_of(process)
        if self._stopped:
            return None
        code = process.poll()
        heard = 0 < self._seconds - _REPORTED_S <= _seconds_played(message)
        if heard or code == 0:
            self._worked(self._command)
            return None
        if self._timed_out:
            return f"{self._command[0]} did not come to an end"
        lines = [line.strip() for line in message.decode(errors="replace").splitlines() if line.strip()]
        return _SOURCE_LINE.sub("", lines[-1]).rstrip(".") if lines else f"{self._command[0]} failed"

    def _output_of(self, process: subprocess.Popen[bytes]) -> bytes:
        """Wait until the program has ended, and end it if it takes too long; return what it wrote."""
        deadline = self._begun + self._seconds + self._late_s
        last = self._begun + self._seconds + _PATIENCE_S
        played = 0.0
        while True:
            try:
                return process.communicate(timeout=max(deadline - self._clock(), _READ_S))[1]
            except subprocess.TimeoutExpired as late:
                output = late.stderr or b""
            reported = _seconds_played(output)
            if played < reported < self._seconds - _REPORTED_S and self._clock() < last:
                played = reported
                deadline = self._clock() + _STEP_S
                continue
            # What it started may hold its output open although the program itself has ended.
            self._timed_out = process.poll() is None
            kill_process_group(process)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=_END_S)
            if process.stderr is not None:
                process.stderr.close()
            return output

    def _spawn(self) -> None:
        self._begun = self._clock()
        self._timed_out = False
        reporting = _REPORTING.get(self._command[0], ())
        try:
            self._process = subprocess.Popen(
                [*self._command, str(self._wav), *reporting],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**os.environ, "LC_ALL": "C"},  # the reports and messages are read here
                start_new_session=True,
            )
        except OSError as error:
            self._process = None
            self._failed_start = f"{self._command[0]} cannot be started: {error.strerror}"


def _seconds_played(output: bytes) -> float:
    """Return how much of the sound paplay reports to have been played, in seconds; 0 without such a report."""
    reports = _PLAYED.findall(output)
    return float(reports[-1]) if reports else 0.0
