"""The swap point between the app and whatever gives it pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from currency_app.events import SourceEvent


class Source(Protocol):
    """Gives frames, in the order of their time, until it ends or is closed.

    `tests/fakes.py` has a `FakeSource` that plays a list of pictures.
    """

    name: str
    """What to call it in messages, such as "camera 0"."""

    dropped: int
    """How many frames were skipped so far because the reader was slower than the source."""

    def events(self) -> Iterator[SourceEvent]:
        """Yield frames, and CameraLost and CameraBack between them, until the source ends."""
        ...

    def close(self) -> None:
        """Let the device or file go; `events` then ends. Safe to call twice and from another thread."""
        ...
