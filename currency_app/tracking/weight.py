"""How much a frame tells of the note that it shows."""

from __future__ import annotations

import numpy as np

from currency_app.events import Observation
from currency_app.recognition.corners import area_in_frame

_FULL_SHARE = 0.6
"""Share of a note in view and not covered from which a frame counts in full: that of a readable frame; see
docs/hints.md."""
_FULL_SHARPNESS = 1.65
"""`quality.sharpness` from which a frame counts in full: less is more blur than reading stands."""
_MIN_WEIGHT = 0.3
"""Weight, 0..1, of the worst frame: else a note that is never seen well would never be read. Chosen by hand."""


def frame_weight(observation: Observation) -> float:
    """Return how much a frame counts, 0..1; 1 without a note.

    A note that is blurred, half hidden or cut off tells less, unless what is seen of it fills the frame: then there are
    more pixels of it than of one in view whole. The square keeps notes that fill half a frame from counting more.
    """
    if observation.value is None:
        return 1.0
    cover = 0.0 if observation.corners is None else area_in_frame(observation.corners)
    complete = max(observation.in_view / _FULL_SHARE, cover**2) * (1 - observation.covered)
    sharp = observation.sharpness / _FULL_SHARPNESS
    return float(np.clip(min(complete, sharp), _MIN_WEIGHT, 1.0))
