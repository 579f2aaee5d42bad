"""A process that runs pyttsx3, as the app sees it: requests, answers with a time limit, and a sure end."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from currency_app.errors import NoSpeechError, VoiceError
from currency_app.speech.engines.player import kill_process_group

ENGINE_SCRIPT = Path(__file__).with_name("pyttsx3_child.py")
_END_S = 2.0
"""Seconds in which a process that was killed is gone, unless a driver holds it; chosen by hand."""
_BEGUN = b'{"begun": true}'
NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # else a console window flashes up on Windows


class EngineProcess:
    """Runs `pyttsx3_child.py` and talks to it, one request at a time; made before its engine is ready.

    arguments: as that script's own help lists them. spell: returns a text as an engine must have it to say it right.
    warn: called with a sentence if speech is possible, but in a voice of another language, on whatever thread waits.
    begun: whether the engine has reported that it speaks. Raises VoiceError if the process cannot be started,
    NoSpeechError if its program is missing.
    """

    def __init__(
        self, arguments: Sequence[str] = (), spell: Callable[[str], str] = str, warn: Callable[[str], object] = str
    ) -> None:
        self._spell = spell
        self._warn = warn
        # -P keeps this folder off the child's import path, where its modules could hide others of the same name.
        command = [sys.executable or "python3", "-P", str(ENGINE_SCRIPT), *arguments]
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
                creationflags=NO_WINDOW,
            )
        except OSError as error:
            # What a busy machine refuses, such as one more process, it may give later.
            kind = NoSpeechError if isinstance(error, FileNotFoundError) else VoiceError
            raise kind(f"The speech engine's process cannot be started: {error.strerror}.") from error
        self._ready = False
        self.begun = False
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        assert self._process.stdout is not None
        reader = threading.Thread(target=self._read, args=(self._process.stdout,), name="speech-answers", daemon=True)
        try:
            reader.start()
        except RuntimeError as error:
            self.end()
            raise VoiceError(f"The speech engine's process cannot be used: {error}.") from error

    def answer(self, timeout_s: float) -> None:
        """Wait for the next answer; the first one tells whether the engine is ready.

        Raises NoSpeechError if there is no engine, and VoiceError if the answer reports another error, makes no sense,
        or does not come within timeout_s seconds.
        """
        try:
            line = self._answers.get(timeout=timeout_s)
        except queue.Empty:
            raise VoiceError(f"The speech engine did not answer within {timeout_s:.0f} seconds.") from None
        if line is None:
            self._answers.put(None)  # so that the next call also learns that no answer will come
        kind = VoiceError
        try:
            reply = json.loads(line) if line is not None else {"error": "its process ended"}
            if "error" not in reply:
                self._ready = True
                if "warning" in reply:
                    self._warn(_sentence(reply["warning"]))
                return
            error = reply["error"]
            if line is not None and not self._ready:
                kind = NoSpeechError
        except ValueError:
            error = "it gave an answer that makes no sense"
        raise kind(f"The speech engine does not work: {str(error).rstrip('.!')}.")

    def request(self, text: str, path: Path | None) -> None:
        """Ask for a text to be written to a WAV file, or to be spoken if path is None.

        `answer` returns when that is done. Raises VoiceError if the process has ended.
        """
        line = json.dumps({"text": self._spell(text), "path": None if path is None else str(path)}) + "\n"
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
        except (OSError, ValueError):  # ValueError: closed by `end` in another thread
            raise VoiceError("The speech engine's process ended.") from None

    def end(self) -> None:
        """End the process at once; an `answer` awaited in another thread then raises. Safe to call twice."""
        kill_process_group(self._process)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_S)
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()

    def _read(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                if line.strip() == _BEGUN:
                    self.begun = True
                    continue
                self._answers.put(line.decode(errors="replace"))
        self._answers.put(None)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
