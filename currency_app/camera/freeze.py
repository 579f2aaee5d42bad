"""Cameras that repeat their last picture for ever, as some drivers do once the camera is unplugged."""

from __future__ import annotations

import numpy as np

from currency_app.arrays import Image
from currency_app.camera.black import is_black

FROZEN_S = 2.0
"""Seconds over which the noise of any sensor makes two pictures differ: as long as `live.STALL_S`. Chosen by hand."""
_SAMPLE = 37


class FreezeWatch:
    """Compares each picture with the one before, bit for bit.

    A black picture counts as a new one: a closed cover leaves nothing to differ.
    """

    def __init__(self) -> None:
        self.frozen = False
        self._last: Image | None = None
        self._since = 0.0

    def update(self, image: Image, now: float) -> bool:
        """Return whether the camera has frozen, which only another picture ends. now: seconds."""
        if self._last is None or not _same(image, self._last) or is_black(image):
            self.frozen = False
            self._last, self._since = image, now
        elif now - self._since > FROZEN_S:
            self.frozen = True
        self._since = min(self._since, now)  # else a clock that went back would hide that it is frozen
        return self.frozen

    def overdue(self, now: float) -> bool:
        """Return whether the camera has been frozen for FROZEN_S since it was last opened."""
        return self.frozen and now - self._since > FROZEN_S

    def reopened(self, now: float) -> None:
        """Take note that the camera was opened again, so that it gets its time to give another picture."""
        self._since = now


def _same(one: Image, other: Image) -> bool:
    # Pictures of one scene hardly ever agree in the sample, and comparing it costs next to nothing.
    return (
        one.shape == other.shape
        and np.array_equal(one[::_SAMPLE, ::_SAMPLE], other[::_SAMPLE, ::_SAMPLE])
        and np.array_equal(one, other)
    )
