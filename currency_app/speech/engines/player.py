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
from currency_app.speech.engines.player_reports import REPORTING, PlayerReports

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

A loudspeaker that PulseAudio has just woken ends up to 1 s late, measured; it may be 2 s, in which paplay reports that
it is playing.
"""

BEGIN_S = 1.6
"""Seconds in which all the players have their turn to show that they play; chosen by hand.

It is a little less than the time in which words must reach the user; see `SystemVoice`."""

_POLL_S = 0.05
"""Seconds between two looks at what a player reports; paplay reports as often."""

_END_S = 0.5
"""Seconds in which a player that was killed is gone, unless a driver holds it; chosen by hand."""

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
    longer than the sound lasts, unless it reports that it is still playing. begin_s: seconds in which the programs, one
    after the other, must show that they play. clock: the seconds now.
    """

    def __init__(
        self,
        commands: Sequence[Sequence[str]] = PLAYERS,
        *,
        late_s: float = LATE_S,
        begin_s: float = BEGIN_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._commands = [tuple(command) for command in commands]
        self._late_s = late_s
        self._begin_s = begin_s
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
        sign_s = self._begin_s / len(installed)
        return WavPlayback(installed, wav, seconds, self._late_s, sign_s, self._judge, self._clock)

    def _judge(self, command: tuple[str, ...], *, works: bool) -> None:
        """Try a program first from now on, or last."""
        self._ever_worked |= works
        self._commands.sort(key=lambda other: (other != command) == works)


class WavPlayback:
    """One file that is sounding; if a player program fails, the next one plays the file from its start.

    A program has failed if it ends with an error, shows in time no sign of playing although it can, or runs on for too
    long after the sound's end: then nobody can know that anything was heard. It has not failed if it reported that all
    of the sound was played.

    Args:
        commands: player programs with their arguments, in the order to try them.
        wav: the file.
        seconds: how long it lasts.
        late_s: seconds that a program may run longer, unless it reports that it is still playing.
        sign_s: seconds in which a program that can report must have done so.
        judge: called with a command that played, or that hangs, and with which of the two it does.
        clock: the seconds now.
    """

    def __init__(
        self,
        commands: Sequence[tuple[str, ...]],
        wav: Path,
        seconds: float,
        late_s: float,
        sign_s: float,
        judge: Callable[..., None],
        clock: Callable[[], float],
    ) -> None:
        self._wav = wav
        self._seconds = seconds
        self._late_s = late_s
        self._sign_s = sign_s
        self._judge = judge
        self._clock = clock
        self._lock = threading.Lock()
        self._stopped = False
        self._process: subprocess.Popen[bytes] | None = None
        self._failed_start = ""
        self._reports: PlayerReports
        self._timed_out: bool
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

    def sounding(self) -> bool:
        """Return whether the player reports that it has begun and goes on, which is known while somebody waits."""
        return self._reports.sounding(self._clock())

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
        self._reports.hear(message, self._clock())
        if self._reports.heard or process.poll() == 0:
            self._judge(self._command, works=True)
            return None
        if self._timed_out:
            self._judge(self._command, works=False)
            trouble = "did not come to an end" if self._reports.gave_sign else "does not begin to play"
            return f"{self._command[0]} {trouble}"
        lines = [line.strip() for line in message.decode(errors="replace").splitlines() if line.strip()]
        return _SOURCE_LINE.sub("", lines[-1]).rstrip(".") if lines else f"{self._command[0]} failed"

    def _output_of(self, process: subprocess.Popen[bytes]) -> bytes:
        """Wait until the program has ended, and end it if it takes too long; return what it wrote."""
        known = False
        while True:
            try:
                return process.communicate(timeout=_POLL_S)[1]
            except subprocess.TimeoutExpired as late:
                output = late.stderr or b""
            now = self._clock()
            self._reports.hear(output, now)
            if not known and self._reports.sounding(now):
                known = True
                self._judge(self._command, works=True)
            if now < self._reports.deadline():
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
        program = self._command[0]
        self._timed_out = False
        self._reports = PlayerReports(program, self._seconds, self._clock(), sign_s=self._sign_s, late_s=self._late_s)
        try:
            self._process = subprocess.Popen(
                [*self._command, str(self._wav), *REPORTING.get(program, ())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env={**os.environ, "LC_ALL": "C"},  # the reports and messages are read here
                start_new_session=True,
            )
        except OSError as error:
            self._process = None
            self._failed_start = f"{program} cannot be started: {error.strerror}"
