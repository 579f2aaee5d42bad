"""A camera whose cover is closed: it works, and shows nothing.

That is no hint, because no movement of the note helps, and because hints may be turned off. It goes before all of them:
a black frame is too dark as well, but more light would change nothing.
"""

from __future__ import annotations

from currency_app.events import CameraCovered, CameraUncovered, Observation

COVERED_S = 1.5
"""Seconds of source time for which frames must be black: some cameras begin with a second of them. Chosen by hand."""
REPEAT_S = 10.0
"""Seconds of source time between two events while the cover stays closed. Chosen by hand."""


class CoverWatch:
    """Turns observations, in the order of their time, into events of the camera's cover."""

    def __init__(self) -> None:
        self._black_since: float | None = None
        self._last_event_t: float | None = None

    def update(self, observation: Observation) -> CameraCovered | CameraUncovered | None:
        """Take the next observation and return what has changed, or is so still, if there is something to say."""
        t = observation.t
        if not observation.black:
            was_covered = self._last_event_t is not None
            self._black_since = self._last_event_t = None
            return CameraUncovered(t) if was_covered else None
        self._black_since = t if self._black_since is None else self._black_since
        since = self._last_event_t
        if t - self._black_since < COVERED_S if since is None else t - since < REPEAT_S:
            return None
        self._last_event_t = t
        return CameraCovered(t)
