"""The interface of a screen reader that runs beside the app."""

from __future__ import annotations

from typing import Protocol


class ScreenReader(Protocol):
    """A running screen reader, and one way to make it say words and show them in braille.

    Only one thread uses it. `currency_app.testing` has a `FakeScreenReader`.
    """

    name: str
    """What users call it, such as "Orca"."""
    interrupts: bool
    """Whether words can cut off those before them; if not, it says everything in the order in which it came."""
    outlived: bool
    """Whether what it was sent is said to the end even if it is killed, as by a speech server of the system."""

    def send(self, text: str, *, interrupt: bool) -> None:
        """Let it say words, and return soon. Raises VoiceError if they cannot have reached it.

        interrupt: cut off what it says, if it can.
        """
        ...

    def is_running(self) -> bool:
        """Return whether it still runs; costs next to nothing."""
        ...

    def close(self) -> None:
        """Free what belongs to this way to reach it."""
        ...
