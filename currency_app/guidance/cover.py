"""A camera whose cover is closed: it works, and shows nothing.

That is no hint, because no movement of the note helps, and because hints may be turned off. It goes before all of them:
a black frame is too dark as well, but more light would change nothing.
"""

from __future__ import annotations

from currency_app.events import CameraCovered, CameraUncovered, Observation

COVERED_S = 1.5
"""Seconds of source time for which frames must be black: some cameras begin with a second of them. Chosen by hand."""
UNCOVERED_S = 0.2
"""Seconds of source time for which frames must show something, so that one in between does not count. Chosen by
hand."""
REPEAT_S = 10.0
"""Seconds of source time between two events while the cover stays closed. Chosen by hand."""


class CoverWatch:
    """Turns observations, in the order of their time, into events of the camera's cover."""

    def __init__(self) -> None:
        self._black: bool | None = None
        self._since = 0.0
        self._last_event_t: float | None = None

    @property
    def covered(self) -> bool:
        """Whether the camera counts as covered."""
        return self._last_event_t is not None

    def update(self, observation: Observation) -> CameraCovered | CameraUncovered | None:
        """Take the next observation and return what has changed, or is so still, if there is something to say."""
        t = observation.t
        if observation.black is not self._black:
            self._black, self._since = observation.black, t
        lasts_s = t - self._since
        if not observation.black:
            return self.uncover(t) if lasts_s >= UNCOVERED_S else None
        if lasts_s < COVERED_S if self._last_event_t is None else t - self._last_event_t < REPEAT_S:
            return None
        self._last_event_t = t
        return CameraCovered(t)

    def uncover(self, t: float) -> CameraUncovered | None:
        """Count the camera as uncovered from t seconds on; return None if it was not covered."""
        if not self.covered:
            return None
        self._last_event_t = None
        return CameraUncovered(t)
