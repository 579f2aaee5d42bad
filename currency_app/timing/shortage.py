"""What becomes of the frames of a camera while the computer has too little free memory to read them."""

from __future__ import annotations

from currency_app.errors import TOO_LITTLE_MEMORY, CurrencyAppError, lacks_memory
from currency_app.events import Frame

MAX_SHORT_S = 5.0
"""Seconds without memory after which a run ends: another program that starts takes less. Chosen by hand."""


class MemoryShortage:
    """Lets a camera's frames go by that there is no memory for, as long as it soon comes back.

    Nothing is said of it, as of a frame that is too old. Every frame of a recording counts, so there it ends the run.
    """

    def __init__(self) -> None:
        self._since: float | None = None

    def pass_over(self, frame: Frame, error: Exception) -> None:
        """Take note that a frame could not be read, and why.

        Raises the error again if it is another one, and CurrencyAppError if there has been too little memory for long.
        """
        if not lacks_memory(error):
            raise error
        if self._since is None or frame.t < self._since:
            self._since = frame.t
        if frame.grabbed_at is None or frame.t - self._since > MAX_SHORT_S:
            raise CurrencyAppError(TOO_LITTLE_MEMORY) from error

    def end(self) -> None:
        """Take note that a frame was read."""
        self._since = None
