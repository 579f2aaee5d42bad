"""Pictures of a camera in front of which nothing moves."""

from __future__ import annotations

import numpy as np

from currency_app.events import Frame, SourceEvent


def pictures(level: int, count: int = 20, rate: float = 30.0) -> list[SourceEvent]:
    """Pictures of one brightness that are not quite grey, as no camera's are."""
    image = np.full((480, 640, 3), level, dtype=np.uint8)
    image[:, :, 2] = max(level, 8) - 8
    return [Frame(image, i / rate, i) for i in range(count)]
