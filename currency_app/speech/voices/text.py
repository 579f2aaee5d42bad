"""A voice that prints plain lines, which a screen reader or a braille display reads from the terminal."""

from __future__ import annotations

import threading
from typing import TextIO

from currency_app.events import Utterance


class TextVoice:
    """Prints each utterance as one line on a stream.

    The app uses standard error, because standard output may carry JSON. Printing cannot be cut off, so priorities do
    not matter here. If the stream is closed or cannot be written, the words are lost and the app goes on.
    """

    def __init__(self, stream: TextIO) -> None:
        self.name = "text"
        self._stream = stream
        self._lock = threading.Lock()

    def say(self, utterance: Utterance) -> bool:
        """Print it now, and return True."""
        line = " ".join(utterance.text.split())
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        line = line.encode(encoding, errors="replace").decode(encoding)
        with self._lock:
            try:
                self._stream.write(line + "\n")
                self._stream.flush()
            except (OSError, ValueError):  # ValueError: the stream was closed
                pass
        return True

    def wake(self) -> None:
        """Do nothing: print does not sleep."""

    def wait(self, timeout_s: float) -> bool:
        """Return True at once, since nothing is ever under way."""
        return True

    def close(self) -> None:
        """Do nothing: the stream belongs to the caller."""
