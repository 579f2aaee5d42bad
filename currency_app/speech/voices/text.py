"""A voice that prints plain lines, which a screen reader or a braille display reads from the terminal."""

from __future__ import annotations

import threading
from typing import TextIO

from currency_app.events import Utterance
from currency_app.streams import write_words


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
        with self._lock:
            write_words(self._stream, utterance.text)
        return True

    def wake(self) -> None:
        """Do nothing: print does not sleep."""

    def wait(self, timeout_s: float) -> bool:
        """Return True at once, since nothing is ever under way."""
        return True

    def close(self) -> None:
        """Do nothing: the stream belongs to the caller."""
