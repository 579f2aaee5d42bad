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
from collections.abc import Callable, Sequence
from pathlib import Path

from currency_app.errors import NoSoundError, VoiceError

PLAYERS: tuple[tuple[str, ...], ...] = (("paplay",), ("aplay", "-q"))
"""The programs to try, in this order: the one for PulseAudio and PipeWire first, because they share the sound card.

paplay runs without --latency: a low latency would neither start nor silence it sooner, as the sound server drops the
buffer of a player that ended. And with little in that buffer, speech stutters on a busy machine.
"""

INSTALL_SPEECH = "On Debian or Ubuntu: sudo apt-get install espeak-ng alsa-utils."
"""How to install missing speech, as a sentence for users."""

FIND_DEVICE = "Connect loudspeakers or headphones and turn them on (`aplay -l` lists sound cards), or use --voice text."
"""What to do when there is no sound, as a sentence for users."""

_PATIENCE_S = 10.0
"""Seconds that a player may run longer than the sound lasts; chosen by hand.

Players stay until the sound card has played everything, which with deep buffers is seconds after the last word.
"""

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

    commands: programs with their arguments; the file's path is added at the end.
    """

    def __init__(self, commands: Sequence[Sequence[str]] = PLAYERS) -> None:
        self._commands = [tuple(command) for command in commands]

    def play(self, wav: Path, seconds: float) -> WavPlayback:
        """Start to play a file that lasts `seconds`. Raises VoiceError if no player program is installed."""
        installed = [command for command in self._commands if shutil.which(command[0])]
        if not installed:
            names = " or ".join(command[0] for command in self._commands)
            raise VoiceError(f"No program that plays sound is installed ({names}). {INSTALL_SPEECH}")
        return WavPlayback(installed, wav, seconds + _PATIENCE_S, self._prefer)

    def _prefer(self, command: tuple[str, ...]) -> None:
        self._commands.sort(key=lambda other: other != command)


class WavPlayback:
    """One file that is sounding; if a player program fails, the next one plays the file from its start.

    Args:
        commands: player programs with their arguments, in the order to try them.
        wav: the file.
        limit_s: seconds after which a program counts as failed.
        worked: called with the command that played the file to its end.
    """

    def __init__(
        self,
        commands: Sequence[tuple[str, ...]],
        wav: Path,
        limit_s: float,
        worked: Callable[[tuple[str, ...]], None],
    ) -> None:
        self._wav = wav
        self._limit_s = limit_s
        self._worked = worked
        self._lock = threading.Lock()
        self._stopped = False
        self._command, *self._others = commands
        self._process = self._spawn()

    def wait(self) -> None:
        """Block until all of it has sounded or it was stopped. Raises NoSoundError if no program could play it."""
        failure = self._failure()
        while failure is not None and self._others:
            with self._lock:
                if self._stopped:
                    return
                self._command = self._others.pop(0)
                self._process = self._spawn()
            failure = self._failure()
        if failure is not None:
            raise NoSoundError(f"No sound device takes the speech ({failure}). {FIND_DEVICE}")

    def stop(self) -> None:
        """Silence it at once."""
        with self._lock:
            self._stopped = True
            kill_process_group(self._process)

    def _failure(self) -> str | None:
        """Wait for the program. Return None if it played everything or was stopped, else its error message."""
        try:
            _, message = self._process.communicate(timeout=self._limit_s)
        except subprocess.TimeoutExpired:
            kill_process_group(self._process)
            self._process.communicate()
            return None if self._stopped else f"{self._command[0]} did not come to an end"
        if self._stopped:
            return None
        if self._process.returncode == 0:
            self._worked(self._command)
            return None
        lines = [line.strip() for line in message.decode(errors="replace").splitlines() if line.strip()]
        return _SOURCE_LINE.sub("", lines[-1]).rstrip(".") if lines else f"{self._command[0]} failed"

    def _spawn(self) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                [*self._command, str(self._wav)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise VoiceError(f"{self._command[0]} cannot be started: {error.strerror}. {INSTALL_SPEECH}") from error
