"""The swap point between the app and whatever gives it pictures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from currency_app.events import SourceEvent


class Source(Protocol):
    """A camera, stream or recording that gives frames in order of time until it ends or is closed.

    `currency_app.testing` has a `FakeSource` that plays a list of events.
    """

    name: str
    """What messages call it, such as "camera 0"."""

    dropped: int
    """Number of frames skipped so far because the reader was slower than the source."""

    def events(self) -> Iterator[SourceEvent]:
        """Yield frames, and CameraLost and CameraBack between them, until the source ends."""
        ...

    def close(self) -> None:
        """Release the device or file, which ends `events`. Safe to call twice and from another thread."""
        ...
