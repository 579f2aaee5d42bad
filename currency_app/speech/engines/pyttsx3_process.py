"""The app's end of a process that runs pyttsx3: requests with a time limit, answers, and an end that always works."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from currency_app.errors import VoiceError
from currency_app.speech.engines.player import kill_process_group

_SCRIPT = Path(__file__).with_name("pyttsx3_child.py")
_NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # on Windows a console would flash up


class EngineProcess:
    """Starts `engine_child.py` and talks to it, one request at a time. Returns before the engine is ready.

    arguments: as that script's own help lists them. VoiceError where no process can be started.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        # -P keeps this folder off the child's import path, where its modules could hide others of the same name.
        command = [sys.executable or "python3", "-P", str(_SCRIPT), *arguments]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                creationflags=_NO_WINDOW,
            )
        except OSError as error:
            raise VoiceError(f"The speech engine's process cannot be started: {error.strerror}.") from error
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        assert self._process.stdout is not None
        threading.Thread(target=self._read, args=(self._process.stdout,), name="speech-answers", daemon=True).start()

    def answer(self, timeout_s: float) -> None:
        """Wait for the next answer; the first tells whether the engine is ready. VoiceError if it is not a good one."""
        try:
            line = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            raise VoiceError(f"The speech engine did not answer within {timeout_s:.0f} seconds.") from None
        if line is None:
            self._answers.put(None)  # nothing will come any more: true also for whoever asks next
        try:
            error = json.loads(line)["error"] if line is not None else "its process ended"
        except KeyError:
            return
        except ValueError:
            error = "it gave an answer that makes no sense"
        raise VoiceError(f"The speech engine does not work: {str(error).rstrip('.!')}.")

    def request(self, text: str, path: Path | None) -> None:
        """Ask for a text to be written to a WAV file, or spoken where path is None. `answer` tells when it is done."""
        line = json.dumps({"text": text, "path": None if path is None else str(path)}) + "\n"
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
        except (OSError, ValueError):  # ValueError: closed by `end` in another thread
            raise VoiceError("The speech engine's process ended.") from None

    def end(self) -> None:
        """End the process at once; an `answer` awaited in another thread is an error then. Safe to call twice."""
        kill_process_group(self._process)
        self._process.wait()
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self._answers.put(line.decode(errors="replace"))
        self._answers.put(None)
