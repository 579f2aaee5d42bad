"""Cameras that repeat their last picture for ever, as some drivers do once the camera is unplugged."""

from __future__ import annotations

import math

import numpy as np

from currency_app.arrays import Image
from currency_app.camera.black import is_black

FROZEN_S = 2.0
"""Seconds over which the noise of any sensor makes two pictures differ: as long as `live.STALL_S`. Chosen by hand."""
_CHANGES = 3
"""Changes of the picture that prove a camera live: an old one, too, changes once where its damage ends. By hand."""
_SAMPLE = 37


class FreezeWatch:
    """Compares each picture with the one before, bit for bit.

    A camera that was lost, or has given nothing for FROZEN_S, may come back with its last picture from before, which
    must not be read as what is in front of it now. So until its picture has changed `_CHANGES` times, repeated ones are
    to be passed over. A black picture counts as a new one: a closed cover leaves nothing to differ.
    """

    def __init__(self) -> None:
        self.frozen = False
        self._last: Image | None = None
        self._since = 0.0
        self._updated = math.inf
        self._changes = _CHANGES

    def update(self, image: Image, now: float) -> bool:
        """Return whether to pass over a picture: the camera has frozen, or may have. now: seconds."""
        if now - self._updated > FROZEN_S:
            self._changes = 0
        self._updated = now
        repeated = self._last is not None and _same(image, self._last) and not is_black(image)
        if not repeated:
            self.frozen = False
            self._changes += 1
            self._last, self._since = image, now
        elif now - self._since > FROZEN_S:
            self.frozen = True
            self._changes = 0
        self._since = min(self._since, now)  # else a clock that went back would hide that it is frozen
        return repeated and (self.frozen or self._changes < _CHANGES)

    def overdue(self, now: float) -> bool:
        """Return whether the camera has been frozen for FROZEN_S since it was last opened."""
        return self.frozen and now - self._since > FROZEN_S

    def reopened(self, now: float) -> None:
        """Take note that the camera was opened again, so that it gets its time to give another picture."""
        self._since = now
        self._changes = 0


def _same(one: Image, other: Image) -> bool:
    # Pictures of one scene hardly ever agree in the sample, and comparing it costs next to nothing.
    return (
        one.shape == other.shape
        and np.array_equal(one[::_SAMPLE, ::_SAMPLE], other[::_SAMPLE, ::_SAMPLE])
        and np.array_equal(one, other)
    )
